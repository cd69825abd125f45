"""Reads about organisations."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models.functions import Lower
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
