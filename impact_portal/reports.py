"""The programme overview: what the centre is doing, where, and how it is going.

It grows by parts: each is one function of the projects read, and gives one entry of the figures.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.charts import BarChart, Chart, Series, StackedBarChart
from core.dates import short_date
from core.enums import Nation
from projects.enums import OPEN_STATES, DeliveryModel, ProjectState, Rag
from projects.models import Milestone
from reports.registry import Progress, ReportKind, Sheet

from .overview.counts import Counted, ProjectCounts, project_counts
from .overview.scope import PlaceAndModelForm, Scope, projects_of


@dataclass(frozen=True)
class ProjectLine:
    """What the overview reads of a project."""

    title: str
    model: str
    nations: list[str]
    state: str
    rag: str
    host: str
    starts_on: date | None
    ends_on: date | None
    late_milestones: list[tuple[str, date]]
    is_example: bool


def _read(scope: Scope, today: date) -> list[ProjectLine]:
    """The projects of the report, by title: three queries."""
    projects = projects_of(scope).order_by("title", "id").select_related("host")
    late = Prefetch("milestones", Milestone.objects.late(today), to_attr="late_milestones")
    return [
        ProjectLine(
            title=project.title,
            model=project.model,
            nations=project.nations,
            state=project.state,
            rag=project.rag,
            host=project.host.name if project.host else "",
            starts_on=project.starts_on,
            ends_on=project.ends_on,
            late_milestones=[(row.title, row.due_on) for row in project.late_milestones],
            is_example=project.is_example,
        )
        for project in projects.prefetch_related("nation_rows", late)
    ]


def _entries(counted: Iterable[Counted]) -> list[dict[str, Any]]:
    return [{"value": one.value, "label": one.label, "count": one.count} for one in counted]


def _by_state(counts: ProjectCounts) -> list[dict[str, Any]]:
    """For each state, how many projects of each delivery model are in it."""
    both = counts.by_state_and_model
    return [
        {**entry, "by_model": [both[entry["value"], model] for model in DeliveryModel.values]}
        for entry in _entries(counts.by_state)
    ]


def _by_topic(counts: ProjectCounts) -> list[dict[str, Any]]:
    """Topics that projects work on, the most worked on first."""
    return [{"label": topic.label, "count": topic.count} for topic in counts.by_topic]


def _late(projects: list[ProjectLine], today: date) -> list[dict[str, Any]]:
    """Projects whose last day is over and that are not closed, the latest first."""
    late = [
        {"title": project.title, "ends_on": project.ends_on.isoformat(), "days": days}
        for project in projects
        if project.ends_on and project.state in OPEN_STATES
        if (days := (today - project.ends_on).days) > 0
    ]
    return sorted(late, key=lambda entry: -entry["days"])


def _late_milestones(projects: list[ProjectLine], today: date) -> list[dict[str, Any]]:
    """Milestones that are not done though their day is over, the latest first."""
    late = [
        {
            "title": title,
            "project": project.title,
            "due": short_date(due_on),
            "due_on": due_on.isoformat(),
            "days": (today - due_on).days,
        }
        for project in projects
        for title, due_on in project.late_milestones
    ]
    return sorted(late, key=lambda entry: -entry["days"])


def _lines(projects: list[ProjectLine], today: date) -> list[dict[str, Any]]:
    return [
        {
            "title": project.title,
            "model": str(DeliveryModel(project.model).label),
            "nations": ", ".join(str(Nation(value).label) for value in project.nations),
            "state": str(ProjectState(project.state).label),
            "rag": str(Rag(project.rag).label) if project.rag else "",
            "host": project.host,
            "starts_on": project.starts_on and project.starts_on.isoformat(),
            "ends_on": project.ends_on and project.ends_on.isoformat(),
            "is_example": project.is_example,
        }
        for project in projects
    ]


# What is counted in the database, and what is drawn up of the projects read.
COUNTS: dict[str, Callable[[ProjectCounts], list[dict[str, Any]]]] = {
    "by_model": lambda counts: _entries(counts.by_model),
    "by_nation": lambda counts: _entries(counts.by_nation),
    "by_state": _by_state,
    "by_rag": lambda counts: _entries(counts.by_rag),
    "by_topic": _by_topic,
}
PARTS: dict[str, Callable[[list[ProjectLine], date], list[dict[str, Any]]]] = {
    "late": _late,
    "late_milestones": _late_milestones,
    "projects": _lines,
}


def collect(parameters: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """The figures of the overview."""
    total = len(PARTS) + 1
    progress(0, total, _("Reading the projects"))
    today = timezone.localdate(progress.now)
    scope = Scope.of(parameters)
    projects, counts = _read(scope, today), project_counts(scope)
    figures: dict[str, Any] = {
        "on": short_date(today),
        "about": _about(parameters),
        "total": counts.total,
        "under_way": counts.under_way,
        "has_example": any(project.is_example for project in projects),
        "models": [str(label) for label in DeliveryModel.labels],
        **{name: count(counts) for name, count in COUNTS.items()},
    }
    for done, (name, part) in enumerate(PARTS.items(), start=1):
        progress(done, total, _("Counting"))
        figures[name] = part(projects, today)
    progress(total, total, _("Counting"))
    return figures


def _about(parameters: Mapping[str, Any]) -> str:
    nation, model = parameters.get("nation"), parameters.get("model")
    where = str(Nation(nation).label) if nation else _("All four nations")
    what = str(DeliveryModel(model).label) if model else _("all delivery models")
    return _("%(where)s, %(what)s") % {"where": where, "what": what}


def charts(figures: dict[str, Any]) -> dict[str, Chart]:
    """The charts, drawn from the frozen figures alone."""
    shown: dict[str, Chart | None] = {
        "nation": _shares(figures, "by_nation", _("Projects by nation")),
        "rag": _shares(figures, "by_rag", _("How projects are going"), figures["under_way"]),
    }
    states = [entry for entry in figures["by_state"] if entry["count"]]
    if states:
        shown["state"] = StackedBarChart(
            title=_("%(part)s of %(whole)s projects are under way")
            % {"part": figures["under_way"], "whole": figures["total"]},
            labels=[entry["label"] for entry in states],
            series=[
                Series(model, [entry["by_model"][place] for entry in states])
                for place, model in enumerate(figures["models"])
            ],
            unit=_("projects"),
        )
    return {name: chart for name, chart in shown.items() if chart}


def _shares(
    figures: dict[str, Any], part: str, name: str, total: int | None = None
) -> BarChart | None:
    """Bars whose title says which is the longest; none where there is nothing to count."""
    entries, whole = figures[part], figures["total"] if total is None else total
    if not whole:
        return None
    top = max(entries, key=lambda entry: entry["count"])
    return BarChart(
        title=_("%(name)s: most often “%(label)s”, %(part)s of %(whole)s")
        % {"name": name, "label": top["label"], "part": top["count"], "whole": whole},
        labels=[entry["label"] for entry in entries],
        series=[Series(_("Projects"), [entry["count"] for entry in entries])],
        totals=[whole] * len(entries),
        unit=_("projects"),
    )


def _day(frozen: str | None) -> date | None:
    """A day of the frozen figures, as a day that Excel can sort."""
    return date.fromisoformat(frozen) if frozen else None


def sheets(figures: dict[str, Any]) -> list[Sheet]:
    """One sheet for the projects, and one for each count."""
    counted = [_("Group"), _("Projects"), _("Of all projects in this report")]
    total = figures["total"]

    def counts(part: str) -> list[tuple[Any, ...]]:
        return [(entry["label"], entry["count"], total) for entry in figures[part]]

    columns = ["title", "model", "nations", "state", "rag", "host"]
    header = [
        _("Project"),
        _("Delivery model"),
        _("Nations"),
        _("Status"),
        _("How it is going"),
        _("Host"),
        _("Starts"),
        _("Ends"),
        _("Example data"),
    ]
    projects = [
        [
            *(line[name] for name in columns),
            _day(line["starts_on"]),
            _day(line["ends_on"]),
            _("Yes") if line["is_example"] else _("No"),
        ]
        for line in figures["projects"]
    ]
    return [
        (_("Projects"), header, projects),
        (_("By delivery model"), counted, counts("by_model")),
        (_("By nation"), counted, counts("by_nation")),
        (_("By status"), counted, counts("by_state")),
        (_("By topic"), counted, counts("by_topic")),
        (
            _("Past their last day"),
            [_("Project"), _("Last day"), _("Days since")],
            [[entry["title"], _day(entry["ends_on"]), entry["days"]] for entry in figures["late"]],
        ),
        (
            _("Late milestones"),
            [_("Milestone"), _("Project"), _("Was due"), _("Days since")],
            [
                [entry["title"], entry["project"], _day(entry["due_on"]), entry["days"]]
                for entry in figures["late_milestones"]
            ],
        ),
    ]


PROGRAMME_OVERVIEW = ReportKind(
    name="programme_overview",
    title=gettext_lazy("Programme overview"),
    description=gettext_lazy(
        "What the centre is doing, where, and how it is going: "
        "projects by delivery model, nation, status and topic."
    ),
    permission="reports.make_programme_overview",
    collect=collect,
    template="impact_portal/reports/programme_overview.html",
    sheets=sheets,
    charts=charts,
    form_class=PlaceAndModelForm,
)
