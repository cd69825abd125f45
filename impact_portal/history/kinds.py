"""The objects whose history has a page here, and where that of the others is told."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import AccessNeeds, Role, User
from coproduction.models import Charter, Proposal
from demonstrators.models import CoachPost, Demonstrator, Site
from expressions.models import Call, Expression
from guides.models import Guide
from impact_portal.models import CalendarLink
from meetings.models import Group, Meeting, MeetingLog, Member
from networks.models import LocalNetwork, Network
from partners.models import JoinRequest
from reports.models import ReportRun
from surveys.models import Survey

Others = Callable[[Any, Any], Iterable[models.Model]]


def _nothing(obj: Any, user: Any) -> list[models.Model]:
    return []


@dataclass(frozen=True)
class HistoryKind:
    """Objects with a history page; ``others(obj, user)`` are told on the same page.

    ``reads``: whether the page says also who looked; not where that would name what is hidden
    from some of its readers. ``page``: the name of the object's own page, and ``key`` what stands
    in its address, where the object does not say so itself.
    """

    model: type[models.Model]
    others: Others = _nothing
    reads: bool = True
    page: str = ""
    key: str = "pk"

    def visible(self, user: Any) -> QuerySet:
        """Those that ``user`` may know of."""
        manager: Any = self.model._default_manager
        return manager.visible_to(user) if hasattr(manager, "visible_to") else manager.all()

    def url(self, obj: Any) -> str:
        """The page of ``obj`` itself, where it has one for those who read its history."""
        if self.page:
            return reverse(self.page, args=[getattr(obj, self.key)])
        return obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else ""


def _of_person(person: User, user: Any) -> list[models.Model]:
    """Roles and calendar link; what helps them take part only for who may see that itself."""
    found: list[models.Model] = list(Role.objects.filter(person=person)[:50])
    found += CalendarLink.objects.filter(person=person)
    if user.has_perm("accounts.view_access_needs", person):
        found += AccessNeeds.objects.filter(person=person)
    return found


def _of_meeting(meeting: Meeting, user: Any) -> list[models.Model]:
    return list(MeetingLog.objects.filter(meeting=meeting))


def _of_group(group: Group, user: Any) -> list[models.Model]:
    return list(Member.objects.filter(group=group)[:50])


def _of_local(local: LocalNetwork, user: Any) -> list[models.Model]:
    return [local.group, *_of_group(local.group, user)]


def _of_demonstrator(demonstrator: Demonstrator, user: Any) -> list[models.Model]:
    return list(CoachPost.objects.filter(demonstrator=demonstrator)[:50])


# A call's page leaves out who opened a seal: the reference of an expression may be hidden from a
# reader with a conflict. The expression's own page, which is hidden from them, says it.
KINDS: dict[str, HistoryKind] = {
    "call": HistoryKind(Call, reads=False, page="expressions:staff-call", key="slug"),
    "charter": HistoryKind(Charter),
    "demonstrator": HistoryKind(Demonstrator, _of_demonstrator),
    "expression": HistoryKind(Expression, page="expressions:staff-page"),
    "group": HistoryKind(Group, _of_group, page="meetings:group"),
    "guide": HistoryKind(Guide, page="guides:feedback", key="slug"),
    "local-network": HistoryKind(LocalNetwork, _of_local, page="networks:local"),
    "meeting": HistoryKind(Meeting, _of_meeting, page="meetings:meeting"),
    "network": HistoryKind(Network, page="networks:network"),
    "person": HistoryKind(User, _of_person),
    "proposal": HistoryKind(Proposal),
    "report": HistoryKind(ReportRun),
    "request": HistoryKind(JoinRequest),
    "site": HistoryKind(Site),
    "survey": HistoryKind(Survey, page="surveys:results", key="slug"),
}

# Objects with a page of their own and no history page here, and where their history is told.
TOLD_ELSEWHERE: dict[str, str] = {
    "projects.Project": "projects:history",
    "projects.ProjectFile": "projects:history",
    "projects.Update": "projects:history",
    "projects.Topic": "projects:topic-history",
    "projects.GapAsk": "projects:topic-history",
    "expressions.Plan": "expressions:plan",
    "notifications.Message": "notifications:message",
    "partners.Organisation": "partners:history",
    "partners.OutreachContact": "partners:history",
    "partners.OrganisationImport": "partners:import-report",
    "coproduction.Clause": "coproduction:clause",
    "coproduction.CharterVersion": "coproduction:charter",
    "coproduction.Draft": "coproduction:draft",
}
