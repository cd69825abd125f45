"""What the rooms above tell this room: which reports there are, and how each is made."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.forms import Form
from django.utils.functional import Promise as LazyText

from core.charts import Chart
from core.registry import Registry

from .enums import FileKind

Sheet = tuple[str, Sequence[str], Iterable[Sequence[Any]]]


class Progress(Protocol):
    """What a collector is given: call it as ``progress(done, total, words)``.

    ``now`` is the moment at which the report is made.
    """

    now: datetime

    def __call__(self, done: int, total: int, words: str) -> None: ...


def _no_charts(figures: dict[str, Any]) -> Mapping[str, Chart]:
    return {}


@dataclass(frozen=True)
class ReportKind:
    """A kind of report.

    ``collect(parameters, progress)`` reads the figures once and returns them as plain JSON data;
    it only reads, and calls ``progress(done, total, words)`` as it goes, as often as it likes.
    Everything else is made from the figures alone: ``template`` (HTML for the PDF, with
    ``figures``, ``charts``, ``kind`` and ``run``), ``charts(figures)`` by name, and
    ``sheets(figures)`` for Excel.

    ``permission`` is asked of whoever wants to make or read it. For a ``scoped`` kind it is asked
    on the ``ReportRun`` (not saved yet when it is asked for), whose ``parameters`` name what it is
    about; a scoped kind is started from a page of its own room and not from the list of reports.
    ``page(run)`` is the address at which the person follows the run; this room's own without it.
    ``form_class`` asks for the parameters: its ``cleaned_data`` must be plain JSON data.
    ``keep_days`` after it was made the run goes; ``None`` keeps it.
    """

    name: str
    title: str | LazyText
    description: str | LazyText
    permission: str
    collect: Callable[[dict[str, Any], Progress], dict[str, Any]]
    template: str
    sheets: Callable[[dict[str, Any]], list[Sheet]]
    formats: tuple[FileKind, ...] = (FileKind.PDF, FileKind.XLSX)
    charts: Callable[[dict[str, Any]], Mapping[str, Chart]] = _no_charts
    scoped: bool = False
    form_class: type[Form] | None = None
    page: Callable[[Any], str] | None = None
    keep_days: int | None = 365


report_kinds: Registry[ReportKind] = Registry("reports")

# Called with a run that is ready or failed, and the moment, in the transaction that says so.
run_listeners: Registry[Callable[[Any, datetime], None]] = Registry("listeners to report runs")


def register_report(kind: ReportKind) -> ReportKind:
    """Make ``kind`` known. Errors: ``AlreadyRegistered``."""
    return report_kinds.add(kind.name, kind)
