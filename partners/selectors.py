"""Reads about organisations."""

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from difflib import SequenceMatcher
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity, TrigramWordSimilarity
from django.db import connection, models
from django.db.models.functions import Greatest, Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import STAFF_KINDS, RoleKind
from accounts.models import User
from accounts.rules import is_programme_team
from accounts.selectors import holders, holders_of_each
from core.labels import labels
from core.todo import Todo

from .enums import JoinState, Verdict
from .importing import PROBLEMS, column_label
from .models import Contact, JoinRequest, Organisation, OrganisationImport, OutreachContact
from .rules import is_partner_contact

SUGGESTIONS = 5


def same_name(name: str) -> list[Organisation]:
    """Organisations of this name, whatever its capitals and spaces; at most five.

    Only what the suggestion shows is read: name, kind, place. No people.
    """
    wanted = " ".join(name.split()).lower()
    if not wanted or not _is_storable(wanted):
        return []
    return list(
        Organisation.objects.annotate(plain=Lower("name"))
        .filter(plain=wanted)
        .only("name", "kind", "nation", "place")
        .order_by("id")[:SUGGESTIONS]
    )


# Of 1; below it names are other names: "Age UK Barnet" and "Age UK Bexley" are 0.7 alike.
ALIKE = 0.82
# What trigrams let through to be looked at letter by letter.
PERHAPS_ALIKE = 0.25
LOOKED_AT = 200
# Fewer letters of a longer name say nothing: "Carers".
A_PART = 8


def similar_names(name: str, *, most: int = SUGGESTIONS) -> list[Organisation]:
    """Organisations whose name is ``name`` or nearly, the most alike first; no people are read.

    Nearly: typing errors, another order of words, a part of a longer name; names with other
    numbers in them are others.
    """
    wanted = _plain(name)
    if not _is_storable(wanted):
        return []
    if len(wanted) < 3:
        return same_name(name)[:most]
    scored = [(_alike(wanted, _plain(one.name)), one) for one in _perhaps_alike(wanted)]
    near = [(score, one) for score, one in scored if score >= ALIKE]
    return [one for _score, one in sorted(near, key=lambda pair: (-pair[0], pair[1].pk))][:most]


def _perhaps_alike(wanted: str) -> models.QuerySet[Organisation]:
    """What is worth a closer look: on PostgreSQL by trigrams, elsewhere every organisation.

    The extension is made by the migrations of the rooms that search.
    """
    shown = Organisation.objects.only("name", "kind", "nation", "place").order_by("id")
    if connection.vendor != "postgresql":
        return shown
    lower = Lower("name")
    alike = Greatest(TrigramSimilarity(lower, wanted), TrigramWordSimilarity(wanted, lower))
    found = shown.annotate(alike=alike).filter(alike__gte=PERHAPS_ALIKE)
    return found.order_by("-alike", "id")[:LOOKED_AT]


def _is_storable(text: str) -> bool:
    """Whether a column can hold ``text``: what is typed comes here before its form is checked."""
    return "\0" not in text and text == text.encode("utf-8", "replace").decode()


def _plain(name: str) -> str:
    return " ".join(name.split()).lower()


def _alike(wanted: str, name: str) -> float:
    """How alike two plain names are, 0 to 1."""
    if wanted == name:
        return 1.0
    if re.findall(r"\d+", wanted) != re.findall(r"\d+", name):
        return 0.0
    if min(len(wanted), len(name)) >= A_PART and (wanted in name or name in wanted):
        return 0.9
    ordered = (" ".join(sorted(wanted.split())), " ".join(sorted(name.split())))
    pairs = [(wanted, name), ordered]
    return max(SequenceMatcher(None, *pair, autojunk=False).ratio() for pair in pairs)


def contact_people(organisation: Organisation) -> models.QuerySet[User]:
    """The people who speak for ``organisation`` today."""
    return people_speaking_for({organisation.pk})


def contact_people_of_each(organisation_ids: Collection[int]) -> dict[int, list[User]]:
    """The people who speak for each of these organisations today, by its id: one query."""
    return holders_of_each(
        {RoleKind.PARTNER_CONTACT},
        on=timezone.localdate(),
        scope=Organisation,
        ids=organisation_ids,
    )


def people_speaking_for(organisation_ids: set[int]) -> models.QuerySet[User]:
    """The people who speak for one of these organisations today, each once."""
    return holders(
        {RoleKind.PARTNER_CONTACT},
        on=timezone.localdate(),
        scope=Organisation,
        ids=organisation_ids,
    )


def programme_team() -> models.QuerySet[User]:
    """The people of the programme team today."""
    kinds = {RoleKind.PROGRAMME_STAFF, RoleKind.PROGRAMME_MANAGER}
    return holders(kinds, on=timezone.localdate())


def contacts_of(organisation: Organisation) -> models.QuerySet[Contact]:
    """The contacts of ``organisation`` with the people that they are."""
    return organisation.contacts.select_related("person").order_by("person__preferred_name", "id")


def requests_to_decide(user: Any) -> models.QuerySet[JoinRequest]:
    """The open requests that ``user`` may decide, oldest first."""
    return (
        JoinRequest.objects.decidable_by(user)
        .filter(state=JoinState.ASKED)
        .exclude(person_id=user.pk)
        .select_related("organisation", "person")
    )


def own_requests(user: Any) -> models.QuerySet[JoinRequest]:
    """What ``user`` asked for and has no answer to, or was refused."""
    return (
        JoinRequest.objects.filter(person_id=user.pk)
        .exclude(state=JoinState.ACCEPTED)
        .select_related("organisation")
    )


def todo_for(user: Any, now: datetime) -> list[Todo]:
    """Requests to join that wait for this person. One query, none without a role."""
    if not (is_partner_contact(user) or is_programme_team(user)):
        return []
    waiting = list(requests_to_decide(user)[:100])
    if not waiting:
        return []
    first, detail = waiting[0], _("Accept or refuse")
    if len(waiting) == 1:
        text = _("Somebody asks to join %(organisation)s") % {
            "organisation": first.organisation.name
        }
        return [Todo(text=text, url=first.get_absolute_url(), detail=detail)]
    text = _("people ask to join an organisation")
    url = reverse("partners:join-requests")
    return [Todo(text=text, url=url, detail=detail, count=len(waiting))]


def staff_people() -> models.QuerySet[User]:
    """The staff of today: who of us may have been in touch."""
    return holders(STAFF_KINDS, on=timezone.localdate())


@dataclass(frozen=True)
class LastOutreach:
    """The newest time that we got in touch with an organisation."""

    happened_on: date
    channel: str
    result: str
    by: str
    no_contact_since: date | None


def last_outreach(ids: Collection[int]) -> dict[int, LastOutreach]:
    """The newest entry of the outreach log for each organisation of ``ids`` that has one.

    One query. Only for those who may see the log (``partners.view_outreach``).
    """
    newest = (
        OutreachContact.objects.filter(organisation=models.OuterRef("organisation"))
        .order_by("-happened_on", "-id")
        .values("pk")[:1]
    )
    rows = OutreachContact.objects.filter(
        organisation__in=list(ids), pk=models.Subquery(newest)
    ).select_related("by", "organisation")
    return {
        row.organisation_id: LastOutreach(
            happened_on=row.happened_on,
            channel=str(row.get_channel_display()),
            result=str(row.get_result_display()),
            by=str(row.by) if row.by else "",
            no_contact_since=row.organisation.no_contact_since,
        )
        for row in rows
    }


def outreach_of(organisation: Organisation) -> list[OutreachContact]:
    """The outreach log of one organisation, the newest first; at most a hundred entries."""
    return list(organisation.outreach.select_related("by")[:100])


@dataclass(frozen=True)
class ContactLine:
    """A person of an organisation, and whether they speak for it today."""

    name: str
    job_title: str
    speaks: bool


def contact_lines(organisation: Organisation) -> list[ContactLine]:
    """The contacts of ``organisation`` with what they may do. Two queries."""
    speaking = set(contact_people(organisation).values_list("pk", flat=True))
    return [
        ContactLine(one.person.preferred_name, one.job_title, one.person_id in speaking)
        for one in contacts_of(organisation)
    ]


def alike(by: str) -> models.QuerySet[Organisation]:
    """Organisations that share their ``by`` ("name_key" or "website_domain") with another.

    ``oldest`` is the id of the first of each group.
    """
    shared = (
        Organisation.objects.exclude(**{by: ""})
        .order_by()
        .values(by)
        .annotate(number=models.Count("pk"))
        .filter(number__gt=1)
    )
    same = Organisation.objects.filter(**{by: models.OuterRef(by)})
    return Organisation.objects.filter(**{f"{by}__in": shared.values(by)}).annotate(
        oldest=models.Subquery(same.order_by("id").values("pk")[:1])
    )


def may(user: Any, organisation: Organisation) -> dict[str, bool]:
    """What ``user`` may do on the page of ``organisation``."""
    return {
        "change": user.has_perm("partners.change_organisation", organisation),
        "see_register": user.has_perm("partners.view_register"),
        "see_history": user.has_perm("partners.view_history"),
        "see_outreach": user.has_perm("partners.view_outreach"),
        "log_outreach": user.has_perm("partners.log_outreach"),
        "merge": user.has_perm("partners.merge_organisations"),
    }


def partners_data(person: User) -> dict[str, Any]:
    """What this room holds about ``person``."""
    return {
        "contact_of": [
            {"organisation": contact.organisation.name, "role_there": contact.job_title}
            for contact in person.organisation_contacts.select_related("organisation")
        ],
        "asked_to_join": [
            {
                "organisation": request.organisation.name,
                "role_there": request.job_title,
                "message": request.message,
                "state": str(request.get_state_display()),
                "on": request.created_at.isoformat(),
            }
            for request in person.join_requests.select_related("organisation")
        ],
        "got_in_touch_with": [
            {
                "organisation": row.organisation.name,
                "on": row.happened_on.isoformat(),
                "about": row.about,
            }
            for row in person.outreach_contacts.select_related("organisation")
        ],
        "files_of_organisations": [
            {"on": upload.created_at.isoformat(), "state": str(upload.get_state_display())}
            for upload in person.organisation_imports.defer("rows")
        ],
    }


IMPORT_PAGE = 100


@dataclass(frozen=True)
class ImportRow:
    """One row of a file as its page shows it."""

    line: int
    name: str
    place: str
    numbers: list[str]
    verdict: str
    words: str
    problems: list[tuple[str, str]]
    first: int | None
    organisation: Organisation | None


@dataclass(frozen=True)
class ImportPage:
    """A part of a file's rows, how many there are of each verdict, and the parts beside it."""

    rows: list[ImportRow]
    counts: list[tuple[str, str, int]]
    show: str
    number: int
    of: int
    savable: int

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.number < self.of else None


def import_page(upload: OrganisationImport, show: str, number: str) -> ImportPage:
    """The rows of ``upload`` with the verdict ``show`` (all without one), page ``number``.

    One query, for the organisations that rows of this page are.
    """
    words = labels(Verdict)
    wanted = [row for row in upload.rows if show not in words or row["verdict"] == show]
    of = max(1, -(-len(wanted) // IMPORT_PAGE))
    page = min(max(int(number[:6]), 1), of) if number.isascii() and number[:6].isdigit() else 1
    part = wanted[(page - 1) * IMPORT_PAGE : page * IMPORT_PAGE]
    known = Organisation.with_merged.in_bulk({row["match"] for row in part if row["match"]})
    tally = Counter(row["verdict"] for row in upload.rows)
    return ImportPage(
        rows=[_import_row(row, known, words) for row in part],
        counts=[(value, label, tally[value]) for value, label in words.items() if tally[value]],
        show=show if show in words else "",
        number=page,
        of=of,
        savable=tally[Verdict.NEW] + tally[Verdict.MATCH],
    )


def _import_row(
    row: dict[str, Any], known: dict[int, Organisation], words: Mapping[str, str]
) -> ImportRow:
    return ImportRow(
        line=row["line"],
        name=row["values"].get("name", ""),
        place=row["values"].get("place", ""),
        numbers=[f"{scheme}-{value}" for scheme, value in row["numbers"].items()],
        verdict=row["verdict"],
        words=words[row["verdict"]],
        problems=[
            (column_label(column), str(PROBLEMS[code])) for column, code in row["problems"].items()
        ],
        first=row["first"],
        organisation=known.get(row["match"]) if row["match"] else None,
    )
