"""The figures that have no list of their own in a room: what each counts, and the rows behind it.

Figure and rows are one definition, so the page and the opened list cannot differ.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    Count,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.dates import short_date
from core.registry import Registry
from demonstrators.enums import TAKING_PART
from demonstrators.models import Site
from guides.models import UseFeedback
from meetings.enums import ActionState, Presence
from meetings.models import Action, Attendance, Group, GuestCount, Meeting, Member
from networks.selectors import late_meetings
from projects.enums import DeliveryModel, LearningKind, ProjectState, UpdateState
from projects.models import Learning, Milestone, Outcome, Project, Update
from projects.years import days_of
from surveys.models import Survey, SurveyRollup

from .scope import Scope, groups_of, met_in, parts_of, projects_of

Rows = Callable[[Scope, datetime], QuerySet | None]


@dataclass(frozen=True)
class Column:
    """A column of the rows behind a figure. ``of(row)`` gives what stands in it."""

    title: str | Promise
    of: Callable[[Any], Any]


@dataclass(frozen=True)
class Kind:
    """One figure.

    ``rows(scope, now)`` are the rows behind it, in ``order`` (non-null columns, the last unique);
    ``None`` where the portal does not hold the figure for such a scope. Each row counts as one, or,
    where ``of_people``, as its ``people``, of whom few are never shown. ``source`` says
    where the figure comes from. ``url(row)`` is the page of a row.
    """

    name: str | Promise
    source: str | Promise
    rows: Rows
    order: Sequence[str]
    columns: Sequence[Column]
    url: Callable[[Any], str]
    of_people: bool = False

    def amount(self) -> Count | Sum:
        """What is added up over the rows."""
        return Sum("people", default=0) if self.of_people else Count("pk")


kinds: Registry[Kind] = Registry("figures of the programme overview")


def _today(now: datetime) -> Any:
    return timezone.localdate(now)


def _numbered(rows: QuerySet, counted: QuerySet, path: str, amount: Any) -> QuerySet:
    """Of ``rows`` those with ``counted`` behind them, each with how many: ``people``."""
    mine = counted.order_by().filter(**{path: OuterRef("pk")}).values(path)
    number = Subquery(mine.annotate(n=amount).values("n"), output_field=IntegerField())
    return rows.annotate(people=Coalesce(number, Value(0))).filter(people__gt=0)


def _started(scope: Scope, now: datetime) -> QuerySet:
    rows = projects_of(scope.in_year(None)).filter(starts_on__lte=_today(now))
    return scope.within(rows, "starts_on").select_related("host")


def _finished(scope: Scope, now: datetime) -> QuerySet:
    closed = projects_of(scope.in_year(None)).filter(state=ProjectState.CLOSED)
    rows = closed.filter(state_changed_at__isnull=False)
    return scope.within(rows, "state_changed_at").select_related("host")


def _late_projects(scope: Scope, now: datetime) -> QuerySet:
    rows = projects_of(scope.in_year(None)).past_last_day(_today(now))
    return scope.within(rows, "ends_on").select_related("host")


def _late_milestones(scope: Scope, now: datetime) -> QuerySet:
    rows = parts_of(scope, Milestone.objects.late(_today(now)))
    return scope.within(rows, "due_on").select_related("project")


def _late_actions(scope: Scope, now: datetime) -> QuerySet:
    rows = Action.objects.filter(state=ActionState.OPEN, due_on__lt=_today(now))
    return scope.within(met_in(scope, rows), "due_on").select_related("group")


def _late_returns(scope: Scope, now: datetime) -> QuerySet:
    rows = late_meetings(now).order_by()
    return scope.within(met_in(scope, rows), "starts_at").select_related("group")


def _learning(kind: LearningKind) -> Rows:
    def rows(scope: Scope, now: datetime) -> QuerySet:
        found = parts_of(scope, Learning.objects.filter(kind=kind))
        return scope.within(found, "created_at").select_related("project")

    return rows


def _outcomes(scope: Scope, now: datetime) -> QuerySet:
    """Without a year all of them; with one those that were seen in it."""
    rows = parts_of(scope, Outcome.objects.all())
    return scope.within(rows, "seen_on").select_related("project")


def _updates(scope: Scope, now: datetime) -> QuerySet:
    rows = parts_of(scope, Update.objects.filter(state=UpdateState.PUBLISHED))
    return scope.within(rows, "published_at").select_related("project")


def _meetings(scope: Scope, now: datetime) -> QuerySet:
    rows = met_in(scope, Meeting.objects.begun(now))
    return scope.within(rows, "starts_at").select_related("group")


def _came(scope: Scope, now: datetime) -> QuerySet:
    came = Attendance.objects.filter(presence=Presence.CAME)
    return _numbered(_meetings(scope, now), came, "meeting", Count("pk"))


def _guests(scope: Scope, now: datetime) -> QuerySet:
    return _numbered(_meetings(scope, now), GuestCount.objects.all(), "meeting", Sum("number"))


def _members(scope: Scope, now: datetime) -> QuerySet:
    """Those who are members today; in a year those who were members on one of its days."""
    members = Member.objects.current()
    if scope.year is not None:
        first, last = days_of(scope.year)
        stayed = Q(left_on__isnull=True) | Q(left_on__gt=first)
        members = Member.objects.filter(stayed, joined_on__lte=last)
    return _numbered(groups_of(scope), members, "group", Count("pk"))


def _sites(scope: Scope, now: datetime) -> QuerySet | None:
    """As sites stand today: how many people one served earlier is not kept."""
    if scope.year is not None:
        return None
    rows = Site.objects.filter(state__in=TAKING_PART, population__gt=0)
    rows = parts_of(scope, rows, "demonstrator__project").select_related("demonstrator__project")
    return rows.annotate(people=F("population"))


def _surveys(scope: Scope, now: datetime) -> QuerySet | None:
    """For the whole of the four nations: a survey belongs to no nation and to no project."""
    if scope.nation or scope.model:
        return None
    answers = SurveyRollup.objects.filter(question__isnull=True)
    rows = _numbered(Survey.objects.all(), answers, "survey", Sum("count"))
    return scope.within(rows, "opens_on")


def _feedback(scope: Scope, now: datetime) -> QuerySet | None:
    """People say of which nation they are; a guide is of no other delivery model."""
    if scope.model not in {"", DeliveryModel.GUIDE}:
        return None
    said = scope.within(UseFeedback.objects.all(), "created_at")
    if scope.nation:
        said = said.filter(nation=scope.nation)
    return _numbered(
        UseFeedback._meta.get_field("guide").related_model.objects.all(), said, "guide", Count("pk")
    )


def _group_page(group: Group) -> str:
    return reverse("meetings:group", args=[group.pk])


def _meeting_page(meeting: Meeting) -> str:
    return reverse("meetings:meeting", args=[meeting.pk])


def _project_part(anchor: str) -> Callable[[Any], str]:
    return lambda row: f"{row.project.get_absolute_url()}#{anchor}"


PROJECT = Column(_("Project"), lambda row: row.project.title)
TITLE = Column(_("Project"), lambda row: row.title)
HOST = Column(_("Host"), lambda row: row.host.name if row.host else "")
STATUS = Column(_("Status"), lambda row: row.get_state_display())
CLOSED_ON = Column(_("Closed on"), lambda row: timezone.localdate(row.state_changed_at))
LAST_DAY = Column(_("Last day"), lambda row: row.ends_on)
DUE = Column(_("Was due"), lambda row: row.due_on)
MEETING = Column(_("Meeting"), lambda row: f"{row.group}, {row}")
MET_ON = Column(_("Met on"), lambda row: timezone.localdate(row.starts_at))
GROUP = Column(_("Group"), lambda row: str(row.group))


def _project_page(project: Project) -> str:
    return project.get_absolute_url()


for _key, _kind in {
    "started": Kind(
        _("Projects that began"), _("The first day of each project."), _started,
        ("-starts_on", "-id"),
        (TITLE, Column(_("First day"), lambda row: row.starts_on), STATUS, HOST), _project_page,
    ),
    "finished": Kind(
        _("Projects that were finished"),
        _("Closed projects, by the day on which they were closed."), _finished,
        ("-state_changed_at", "-id"), (TITLE, CLOSED_ON, HOST), _project_page,
    ),
    "late-projects": Kind(
        _("Projects past their last day"),
        _("Projects that are neither closed nor stopped, by their last day."), _late_projects,
        ("ends_on", "id"), (TITLE, LAST_DAY, STATUS, HOST), _project_page,
    ),
    "late-milestones": Kind(
        _("Late milestones"), _("Milestones of open projects that are not done."),
        _late_milestones, ("due_on", "id"),
        (Column(_("Milestone"), lambda row: row.title), DUE, PROJECT),
        _project_part("milestones"),
    ),
    "late-actions": Kind(
        _("Late actions"), _("Actions of groups that are still to do."), _late_actions,
        ("due_on", "id"), (Column(_("Action"), lambda row: row.text), DUE, GROUP),
        lambda row: _group_page(row.group),
    ),
    "late-returns": Kind(
        _("Late returns"),
        _("Meetings of local networks of the last two months whose log has not come."),
        _late_returns, ("starts_at", "id"), (MEETING, MET_ON), _meeting_page,
    ),
    "helped": Kind(
        _("What helped"), _("Learning that projects wrote down, by the day it was written."),
        _learning(LearningKind.HELPED), ("-created_at", "-id"),
        (
            Column(_("What we learned"), lambda row: row.text), PROJECT,
            Column(_("Written on"), lambda row: timezone.localdate(row.created_at)),
        ),
        _project_part("learning"),
    ),
    "hindered": Kind(
        _("What got in the way"),
        _("Learning that projects wrote down, by the day it was written."),
        _learning(LearningKind.HINDERED), ("-created_at", "-id"),
        (
            Column(_("What we learned"), lambda row: row.text), PROJECT,
            Column(_("Written on"), lambda row: timezone.localdate(row.created_at)),
        ),
        _project_part("learning"),
    ),
    "outcomes": Kind(
        _("Outcomes"), _("Changes that projects wrote down, by the day they were seen."),
        _outcomes, ("-id",),
        (
            Column(_("What changed"), lambda row: row.text), PROJECT,
            Column(_("Seen on"), lambda row: row.seen_on),
        ),
        _project_part("outcomes"),
    ),
    "updates": Kind(
        _("Updates published"), _("Updates of projects, by the day they were published."),
        _updates, ("-published_at", "-id"),
        (
            Column(_("Update"), lambda row: row.title), PROJECT,
            Column(_("Published on"), lambda row: timezone.localdate(row.published_at)),
        ),
        lambda row: row.get_absolute_url(),
    ),
    "meetings": Kind(
        _("Meetings held"), _("Meetings that have begun and were not cancelled."), _meetings,
        ("-starts_at", "-id"), (MEETING, MET_ON), _meeting_page,
    ),
    "came": Kind(
        _("Places taken at meetings by members"),
        _("Attendance in the logs of meetings. Somebody who came twice counts twice."),
        _came, ("-starts_at", "-id"), (MEETING, MET_ON), _meeting_page, of_people=True,
    ),
    "guests": Kind(
        _("Places taken at meetings by guests"),
        _("Guests counted in the logs of meetings. Somebody who came twice counts twice."),
        _guests, ("-starts_at", "-id"), (MEETING, MET_ON), _meeting_page, of_people=True,
    ),
    "members": Kind(
        _("Members of groups"),
        _("Lists of members. Somebody in two groups counts twice."),
        _members, ("name", "id"), (Column(_("Group"), str),), _group_page, of_people=True,
    ),
    "sites": Kind(
        _("People served by places that take part in a Demonstrator"),
        _("What each place says of how many people it serves. They can benefit; we do not know"
          " how many did."),
        _sites, ("name", "id"),
        (
            Column(_("Place"), lambda row: row.name),
            Column(_("Project"), lambda row: row.demonstrator.project.title),
        ),
        lambda row: row.get_absolute_url(), of_people=True,
    ),
    "surveys": Kind(
        _("Answers to surveys"), _("Counts of each survey, by the day on which it opened."),
        _surveys, ("-opens_on", "-id"),
        (Column(_("Survey"), lambda row: row.title), Column(_("Opened"), lambda row: row.opens_on)),
        lambda row: reverse("surveys:results", args=[row.slug]), of_people=True,
    ),
    "feedback": Kind(
        _("Times that people told us how they used a guide"),
        _("What readers of Ask IMPACT guides sent us."), _feedback, ("title", "id"),
        (Column(_("Guide"), lambda row: row.title),),
        lambda row: reverse("guides:feedback", args=[row.slug]), of_people=True,
    ),
}.items():  # fmt: skip
    kinds.add(_key, _kind)

LATE = ("late-milestones", "late-actions", "late-returns", "late-projects")
LEARNED = ("helped", "hindered", "outcomes", "updates")
PEOPLE = ("came", "guests", "members", "sites", "surveys", "feedback")
# What has a day of its own, so that two years can stand side by side.
YEARLY = (
    "started", "finished", "updates", "helped", "hindered", "outcomes", "meetings", "came",
    "guests", "surveys", "feedback",
)  # fmt: skip


def in_words(cell: Any) -> str:
    """What stands in a cell, as a page shows it."""
    return short_date(cell) if hasattr(cell, "isoformat") else str(cell if cell is not None else "")
