"""What the rooms above tell this room: which reports there are, and how each is made."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise as LazyText

from core.registry import Registry

from .enums import FileKind

Sheet = tuple[str, Sequence[str], Iterable[Sequence[Any]]]
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class ReportKind:
    """A kind of report.

    ``collect(parameters, progress)`` reads the figures once and returns them as plain JSON data;
    it calls ``progress(done, total, words)`` as it goes. Everything else is made from the figures
    alone: ``template`` (HTML for the PDF, with ``figures`` and ``run``), and ``sheets(figures)``
    for Excel. ``permission`` is asked of whoever wants to make or read it.
    """

    name: str
    title: str | LazyText
    description: str | LazyText
    permission: str
    collect: Callable[[dict[str, Any], Progress], dict[str, Any]]
    template: str
    sheets: Callable[[dict[str, Any]], list[Sheet]]
    formats: tuple[FileKind, ...] = (FileKind.PDF, FileKind.XLSX)


report_kinds: Registry[ReportKind] = Registry("reports")


def register_report(kind: ReportKind) -> ReportKind:
    """Make ``kind`` known. Errors: ``AlreadyRegistered``."""
    return report_kinds.add(kind.name, kind)
