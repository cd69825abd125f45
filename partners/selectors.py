"""Reads about organisations."""

import re
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity, TrigramWordSimilarity
from django.db import connection, models
from django.db.models.functions import Greatest, Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import RoleKind
from accounts.models import User
from accounts.rules import is_programme_team
from accounts.selectors import holders
from core.todo import Todo

from .enums import JoinState
from .models import Contact, JoinRequest, Organisation
from .rules import is_partner_contact

SUGGESTIONS = 5


def same_name(name: str) -> list[Organisation]:
    """Organisations of this name, whatever its capitals and spaces; at most five.

    Only what the suggestion shows is read: name, kind, place. No people.
    """
    wanted = " ".join(name.split()).lower()
    # Typed text comes here before its form has been checked: no name has what no column holds.
    if not wanted or "\0" in wanted or wanted != wanted.encode("utf-8", "replace").decode():
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
    }
