"""Report runs, and kinds of report of no room, for tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import factory
from factory.django import DjangoModelFactory

from reports.enums import FileKind
from reports.models import ReportRun
from reports.registry import Progress, ReportKind, report_kinds
from tests.accounts.factories import UserFactory


class ReportRunFactory(DjangoModelFactory):
    class Meta:
        model = ReportRun

    kind = "programme_overview"
    requested_by = factory.SubFactory(UserFactory)
    parameters_hash = factory.Sequence(str)


def count_to_three(parameters: dict[str, Any], progress: Progress) -> dict[str, Any]:
    progress(1, 3, "Counting")
    return {"rows": [1, 2, 3]}


COUNTING = ReportKind(
    name="counting",
    title="Counting",
    description="Counts to three.",
    permission="reports.make_programme_overview",
    collect=count_to_three,
    template="reports/pdf/base.html",
    sheets=lambda figures: [("Numbers", ["Number"], [[row] for row in figures["rows"]])],
    formats=(FileKind.XLSX,),
)


@contextmanager
def kind_known(**changes: Any) -> Iterator[ReportKind]:
    """``COUNTING`` with ``changes``, known for as long as the block lasts."""
    kind = replace(COUNTING, **changes)
    report_kinds.add(kind.name, kind)
    try:
        yield kind
    finally:
        del report_kinds._entries[kind.name]
