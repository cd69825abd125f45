"""How many projects there are of each kind: counted in the database, in four queries.

The page and the report of the programme both count with this.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from core.enums import Nation
from projects.enums import UNDER_WAY_STATES, DeliveryModel, ProjectState, Rag
from projects.filters import NONE
from projects.models import Phase, Project, ProjectNation

from .scope import Scope, projects_of


@dataclass(frozen=True)
class Cell:
    """How many projects are alike in all four: values of the enums, ``phase`` a key or ``None``."""

    model: str
    state: str
    rag: str
    phase: int | None
    count: int


@dataclass(frozen=True)
class Counted:
    """How many projects have one thing in common; ``value`` names it in an address."""

    value: str
    label: str
    count: int


@dataclass(frozen=True)
class ProjectCounts:
    """The projects of a scope. ``topics`` and ``phases`` are (key, name); a project in two nations,
    or on two topics, counts in both."""

    cells: list[Cell]
    nations: dict[str, int]
    topics: list[tuple[int, str, int]]
    phases: list[tuple[int, str]]

    @property
    def total(self) -> int:
        return sum(cell.count for cell in self.cells)

    @property
    def under_way(self) -> int:
        return self._sum(lambda cell: cell.state in UNDER_WAY_STATES)

    @property
    def by_model(self) -> list[Counted]:
        return self._by(DeliveryModel.choices, lambda cell: cell.model)

    @property
    def by_state(self) -> list[Counted]:
        return self._by(ProjectState.choices, lambda cell: cell.state)

    @property
    def by_state_and_model(self) -> dict[tuple[str, str], int]:
        found: Counter[tuple[str, str]] = Counter()
        for cell in self.cells:
            found[cell.state, cell.model] += cell.count
        return found

    @property
    def by_rag(self) -> list[Counted]:
        """How projects under way are going; with those that have not been rated."""
        choices = [*Rag.choices, ("", _("Not rated yet"))]
        under_way = [cell for cell in self.cells if cell.state in UNDER_WAY_STATES]
        return _counted(choices, ((cell.rag, cell.count) for cell in under_way))

    @property
    def by_nation(self) -> list[Counted]:
        return _counted(Nation.choices, self.nations.items())

    @property
    def by_phase(self) -> list[Counted]:
        """In the phases' order, and those without one last."""
        choices = [*((str(pk), name) for pk, name in self.phases), (NONE, _("No phase"))]
        return self._by(choices, lambda cell: str(cell.phase or NONE))

    @property
    def by_topic(self) -> list[Counted]:
        """The most worked on first; topics that no project works on are left out."""
        ordered = sorted(self.topics, key=lambda topic: (-topic[2], topic[1]))
        return [Counted(str(pk), title, count) for pk, title, count in ordered]

    def _sum(self, wanted: Callable[[Cell], bool]) -> int:
        return sum(cell.count for cell in self.cells if wanted(cell))

    def _by(self, choices: Iterable[tuple[str, Any]], of: Callable[[Cell], str]) -> list[Counted]:
        return _counted(choices, ((of(cell), cell.count) for cell in self.cells))


def _counted(choices: Iterable[tuple[str, Any]], found: Iterable[tuple[str, int]]) -> list[Counted]:
    counts: Counter[str] = Counter()
    for value, count in found:
        counts[value] += count
    return [Counted(value, str(label), counts[value]) for value, label in choices]


def project_counts(scope: Scope) -> ProjectCounts:
    """The projects of ``scope``, counted. Four queries for any number of them."""
    projects = projects_of(scope)
    inside = projects.values("pk")
    whole = scope == Scope()
    nation_rows, topic_rows = ProjectNation.objects.all(), Project.topics.through.objects.all()
    if not whole:
        nation_rows = nation_rows.filter(project__in=inside)
        topic_rows = topic_rows.filter(project__in=inside)
    cells = projects.order_by().values("model", "state", "rag", "phase").annotate(n=Count("pk"))
    topics = topic_rows.values_list("topic_id", "topic__title").annotate(n=Count("pk"))
    return ProjectCounts(
        cells=[
            Cell(row["model"], row["state"], row["rag"], row["phase"], row["n"]) for row in cells
        ],
        nations=dict(nation_rows.values_list("nation").annotate(n=Count("pk"))),
        topics=list(topics.order_by()),
        phases=list(Phase.objects.values_list("pk", "name")),
    )
