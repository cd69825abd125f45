"""Reads about organisations."""

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
    if not wanted:
        return []
    return list(
        Organisation.objects.annotate(plain=Lower("name"))
        .filter(plain=wanted)
        .only("name", "kind", "nation", "place")
        .order_by("id")[:SUGGESTIONS]
    )


# Below these, names are other names: "Age UK Barnet" and "Age UK Bexley" are 0.6 alike in trigrams.
ALIKE_IN_TRIGRAMS = 0.5
ALIKE_IN_LETTERS = 0.82


def similar_names(name: str, *, most: int = SUGGESTIONS) -> list[Organisation]:
    """Organisations whose name is ``name`` or nearly, the most alike first; no people are read.

    Nearly: typing errors, another order of words, a part of a longer name. On PostgreSQL by
    trigrams; elsewhere by letters, over all names.
    """
    wanted = " ".join(name.split()).lower()
    if len(wanted) < 3:
        return same_name(name)[:most]
    shown = Organisation.objects.only("name", "kind", "nation", "place")
    if connection.vendor == "postgresql":
        return _alike_in_trigrams(shown, wanted, most)
    return _alike_in_letters(shown, wanted, most)


def _alike_in_trigrams(
    shown: models.QuerySet[Organisation], wanted: str, most: int
) -> list[Organisation]:
    """The extension is made by the rooms that search; it stands in every database of ours."""
    lower = Lower("name")
    alike = Greatest(
        TrigramSimilarity(lower, wanted),
        TrigramWordSimilarity(wanted, lower) * 0.9,
    )
    found = shown.annotate(alike=alike).filter(alike__gte=ALIKE_IN_TRIGRAMS)
    return list(found.order_by("-alike", "id")[:most])


def _alike_in_letters(
    shown: models.QuerySet[Organisation], wanted: str, most: int
) -> list[Organisation]:
    def alike(name: str) -> float:
        plain = " ".join(name.split()).lower()
        if wanted in plain or plain in wanted:
            return 0.9 if plain != wanted else 1.0
        pairs = [(wanted, plain), (_sorted_words(wanted), _sorted_words(plain))]
        return max(SequenceMatcher(None, *pair, autojunk=False).ratio() for pair in pairs)

    scored = [(alike(one.name), one) for one in shown.order_by("id")]
    near = [(score, one) for score, one in scored if score >= ALIKE_IN_LETTERS]
    return [one for _score, one in sorted(near, key=lambda pair: (-pair[0], pair[1].pk))][:most]


def _sorted_words(text: str) -> str:
    return " ".join(sorted(text.split()))


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
