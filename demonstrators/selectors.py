"""What the pages of Demonstrators show."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.rules import scope_ids
from core.audit import entries_of
from core.dates import short_date
from core.enums import AuditAction
from core.paging import KeysetPage, keyset_page
from core.todo import Todo
from projects.enums import DeliveryModel
from projects.models import Project

from .coverage import Coverage, coverage, people_chart, sites_chart, states_chart
from .enums import TAKING_PART, SiteState
from .models import CoachPost, Demonstrator, Site, SiteMove
from .rules import COACHES

__all__ = ["Coverage", "coverage"]

RECENT = 8
PAGE = 50


@dataclass(frozen=True)
class DemonstratorPage:
    """A Demonstrator's own page."""

    figures: Coverage
    sites_chart: Any
    people_chart: Any
    states_chart: Any
    moves: list[SiteMove]
    posts: list[CoachPost]
    to_chase: int


@dataclass(frozen=True)
class SitePage:
    """A site's own page: its moves newest first, and which of them can be undone."""

    moves: list[SiteMove]
    undoable: SiteMove | None
    edits: list[str]


def demonstrator_list(user: Any) -> QuerySet:
    """The Demonstrators that ``user`` may see, each with its counts."""
    return (
        Demonstrator.objects.visible_to(user)
        .select_related("project", "project__host")
        .annotate(
            sites_all=Count("sites"),
            sites_inside=Count("sites", filter=Q(sites__state__in=sorted(TAKING_PART))),
        )
        .order_by("project__title", "id")
    )


def demonstrator_page(demonstrator: Demonstrator, now: datetime) -> DemonstratorPage:
    """Everything on the page of ``demonstrator``. Six queries."""
    figures = coverage(demonstrator, now)
    today = timezone.localdate(now)
    return DemonstratorPage(
        figures=figures,
        sites_chart=sites_chart(figures),
        people_chart=people_chart(figures),
        states_chart=states_chart(figures),
        moves=list(moves_of(demonstrator).order_by("-recorded_on", "-id")[:RECENT]),
        posts=list(demonstrator.posts.select_related("employer", "demonstrator__project")),
        to_chase=demonstrator.sites.to_chase(today, demonstrator.chase_after_days).count(),
    )


def moves_of(demonstrator: Demonstrator) -> QuerySet[SiteMove]:
    """All moves of the sites of ``demonstrator``, undone ones too."""
    return SiteMove.objects.filter(site__demonstrator=demonstrator).select_related(
        "site__demonstrator__project", "recorded_by", "undone_by"
    )


def has_panel(project: Project, user: Any) -> bool:
    """Whether the project's page shows how far it reaches. No query."""
    works_in_a_place = project.model in {DeliveryModel.DEMONSTRATOR, DeliveryModel.FACILITATOR}
    return works_in_a_place and user.has_perm("demonstrators.view_demonstrator", project)


def project_panel(project: Project, user: Any, now: datetime) -> dict[str, Any]:
    """What the project's page shows: the curve, or how to begin. Five queries at the most."""
    one = Demonstrator.objects.select_related("project").filter(project=project).first()
    figures = coverage(one, now) if one else None
    return {
        "demonstrator": one,
        "figures": figures,
        "chart": sites_chart(figures) if figures and figures.sites else None,
        "may_record": user.has_perm("demonstrators.record_change", project),
        "may_set_up": user.has_perm("demonstrators.change_demonstrator", project),
    }


def site_list(sites: QuerySet[Site], cursor: str | None) -> KeysetPage:
    """A page of ``sites`` by name."""
    return keyset_page(
        sites.select_related("demonstrator__project"),
        order=["name", "id"],
        cursor=cursor,
        size=PAGE,
    )


def areas(demonstrator: Demonstrator) -> list[str]:
    """The areas in which there are sites."""
    return list(demonstrator.sites.order_by("area").values_list("area", flat=True).distinct())


def site_choices(page: KeysetPage) -> list[dict[str, Any]]:
    """The sites of ``page`` as lines that lead to recording a change."""
    return [
        {
            "title": site.name,
            "url": site.record_url,
            "hint": site.area,
            "status": site.get_state_display(),
        }
        for site in page.rows
    ]


def site_page(site: Site) -> SitePage:
    """The history of ``site``. Two queries."""
    moves = list(
        site.moves.select_related(
            "site__demonstrator__project", "recorded_by", "undone_by"
        ).order_by("-id")
    )
    standing = [move for move in moves if move.undone_at is None]
    return SitePage(
        moves=moves,
        undoable=standing[0] if standing else None,
        edits=[_edit_words(entry) for entry in entries_of(site).order_by("-at", "-id")[:RECENT]],
    )


def _edit_words(entry: Any) -> str:
    values = {"day": short_date(entry.at), "who": str(entry.by) if entry.by else _("the portal")}
    if entry.action == AuditAction.CREATED:
        return _("Added on %(day)s by %(who)s") % values
    changes = "; ".join(
        _("%(field)s from “%(old)s” to “%(new)s”") % {"field": _label(name), "old": old, "new": new}
        for name, (old, new) in entry.changes.items()
    )
    return _("Changed on %(day)s by %(who)s: %(changes)s") % {**values, "changes": changes}


def _label(name: str) -> str:
    return str(Site._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def sites_header() -> list[str]:
    """The columns of the sites' file."""
    return [
        _("Name"),
        _("Area"),
        _("People served"),
        _("Status"),
        _("Since"),
        _("Takes part"),
        _("Last reason"),
    ]


def sites_rows(sites: QuerySet[Site]) -> Iterator[list[Any]]:
    """One row for each of ``sites``, in the order of the list. One query."""
    last = SiteMove.objects.standing().filter(site=OuterRef("pk")).order_by("-id")
    for site in sites.annotate(last_reason=Subquery(last.values("reason")[:1])).iterator(1_000):
        yield [
            site.name,
            site.area,
            site.population,
            site.get_state_display(),
            site.since.isoformat() if site.since else "",
            _("yes") if site.takes_part else _("no"),
            site.last_reason or "",
        ]


def moves_header() -> list[str]:
    """The columns of the file of all changes."""
    return [
        _("Name"),
        _("Area"),
        _("From"),
        _("To"),
        _("Happened on"),
        _("Reason"),
        _("Recorded on"),
        _("Recorded by"),
        _("Undone on"),
        _("Why it was undone"),
    ]


def moves_rows(demonstrator: Demonstrator) -> Iterator[list[Any]]:
    """One row for each change, in the order in which they were recorded. One query."""
    for move in moves_of(demonstrator).order_by("id").iterator(1_000):
        yield [
            move.site.name,
            move.site.area,
            move.get_source_display(),
            move.get_target_display(),
            move.happened_on.isoformat(),
            move.reason,
            move.recorded_on.isoformat(),
            str(move.recorded_by or ""),
            timezone.localdate(move.undone_at).isoformat() if move.undone_at else "",
            move.undo_reason,
        ]


def vacancies(now: datetime) -> QuerySet[CoachPost]:
    """The vacancies that everybody may read of."""
    return (
        CoachPost.objects.vacancies(timezone.localdate(now))
        .select_related("employer", "demonstrator__project")
        .order_by("id")
    )


def todo_for(user: Any, now: datetime) -> list[Todo]:
    """For a coach or facilitator: sites that were approached long ago. Two queries, or none."""
    projects = scope_ids(user, COACHES, Project)
    if not projects:
        return []
    today = timezone.localdate(now)
    own = list(
        Demonstrator.objects.filter(project__in=projects)
        .select_related("project")
        .order_by("project__title", "id")
    )
    waiting: Counter[int] = Counter()
    oldest: dict[int, date] = {}
    days = {demonstrator.pk: demonstrator.chase_after_days for demonstrator in own}
    rows = Site.objects.filter(
        demonstrator__in=days, state=SiteState.APPROACHED, since__lte=today
    ).order_by("since")
    for pk, since in rows.values_list("demonstrator", "since"):
        if since and since <= today - timedelta(days=days[pk]):
            waiting[pk] += 1
            oldest.setdefault(pk, since)
    return [_chase(one, waiting[one.pk], oldest[one.pk], today) for one in own if waiting[one.pk]]


def _chase(demonstrator: Demonstrator, count: int, since: date, today: date) -> Todo:
    due = since + timedelta(days=demonstrator.chase_after_days)
    name = demonstrator.site_singular if count == 1 else demonstrator.site_plural
    detail = ngettext(
        "No news for %(days)s days or more after we approached it",
        "No news for %(days)s days or more after we approached them",
        count,
    )
    return Todo(
        text=_("%(sites)s to chase") % {"sites": name},
        url=f"{demonstrator.url('sites')}?quiet=on",
        detail=detail % {"days": demonstrator.chase_after_days},
        count=count,
        due=due,
        is_late=due < today,
    )


def data_about(person: Any) -> dict[str, Any]:
    """What this room holds about ``person``: the changes that they recorded or undid."""
    moves = SiteMove.objects.select_related("site").order_by("id")
    return {
        "changes_recorded": [
            {
                "site": move.site.name,
                "to": move.target,
                "happened_on": move.happened_on.isoformat(),
                "recorded_on": move.recorded_on.isoformat(),
                "reason": move.reason,
            }
            for move in moves.filter(recorded_by=person)
        ],
        "changes_undone": [
            {
                "site": move.site.name,
                "to": move.target,
                "undone_at": move.undone_at.isoformat() if move.undone_at else "",
                "reason": move.undo_reason,
            }
            for move in moves.filter(undone_by=person)
        ],
    }
