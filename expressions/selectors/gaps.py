"""The gap board of a call: who has begun and sent in against the mix, and who else might."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from core.enums import Nation
from core.paging import KeysetPage, keyset_page
from partners.enums import OrganisationKind
from partners.models import Organisation
from partners.selectors import LastOutreach, last_outreach

from ..enums import ExpressionState, MixDimension
from ..forms.judging import which_choices
from ..models import Call, Expression

# A board that took longer than this many seconds to count is kept for a minute.
SLOW = 0.3
KEPT = 60
PAGE = 50
CHUNK = 500
# What is an answer, and so hidden while the answers of a call are sealed.
ANSWERS = frozenset(
    {
        MixDimension.TOPIC,
        MixDimension.MODEL,
        MixDimension.FIRST_TIMER,
        MixDimension.STRUGGLING,
    }
)


@dataclass(frozen=True)
class Tally:
    """How many are still being written, and how many came in."""

    begun: int = 0
    sent: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.begun + other.begun, self.sent + other.sent)


@dataclass(frozen=True)
class Group:
    """All expressions of a call that are alike in what the mix counts."""

    values: dict[str, str]
    tally: Tally


@dataclass(frozen=True)
class Gap:
    """A line of the wanted mix and how it stands. ``short``: how many more have to come in before
    the least can be met at all; ``query``: the list of who might, as an address's end."""

    label: str
    least: int
    most: int | None
    tally: Tally
    short: int
    query: str


@dataclass(frozen=True)
class GapBoard:
    """``cells``: (nation, a tally for each of ``kinds``, all of the nation); ``as_of``: when it
    was counted; ``sealed``: whether what the answers say is left out."""

    gaps: list[Gap]
    kinds: list[str]
    cells: list[tuple[str, list[Tally], Tally]]
    total: Tally
    as_of: datetime
    sealed: bool


def groups(call: Call) -> tuple[list[Group], datetime]:
    """The expressions of ``call`` in groups, and when they were counted. One query, or none.

    A count that was slow is kept for a minute, so that a call with a million expressions is
    counted once a minute at most.
    """
    key = f"gap-board:{call.pk}"
    kept: tuple[list[Group], datetime] | None = cache.get(key)
    if kept is not None:
        return kept
    began = time.monotonic()
    found = (count(call), timezone.now())
    if time.monotonic() - began > SLOW:
        cache.set(key, found, KEPT)
    return found


def count(call: Call) -> list[Group]:
    """The expressions of ``call`` in groups, counted now. One query."""
    counted = (
        Expression.objects.filter(call=call)
        .exclude(state=ExpressionState.WITHDRAWN)
        .order_by()
        .values_list(
            "organisation__nation",
            "organisation__kind",
            "topic__slug",
            "delivery_model",
            "is_first_timer",
            "is_struggling",
        )
        .annotate(
            begun=Count("pk", filter=Q(state=ExpressionState.DRAFT)),
            sent=Count("pk", filter=~Q(state=ExpressionState.DRAFT)),
        )
    )
    return [
        Group(
            {
                MixDimension.NATION.value: nation,
                MixDimension.KIND.value: kind,
                MixDimension.TOPIC.value: topic or "",
                MixDimension.MODEL.value: model,
                MixDimension.FIRST_TIMER.value: "yes" if new else "",
                MixDimension.STRUGGLING.value: "yes" if struggling else "",
            },
            Tally(begun, sent),
        )
        for nation, kind, topic, model, new, struggling, begun, sent in counted
    ]


def gap_board(call: Call, topic: str = "") -> GapBoard:
    """How ``call`` stands against its mix; the table of nations and kinds of one ``topic`` only
    where one is given. Three queries."""
    found, as_of = groups(call)
    shown = found
    if topic and not call.is_sealed_now:
        shown = [one for one in found if one.values[MixDimension.TOPIC] == topic]
    cells = _cells(shown)
    return GapBoard(
        gaps=_gaps(call, found),
        kinds=[str(label) for _value, label in OrganisationKind.choices],
        cells=cells,
        total=sum((row[2] for row in cells), Tally()),
        as_of=as_of,
        sealed=call.is_sealed_now,
    )


def _cells(found: list[Group]) -> list[tuple[str, list[Tally], Tally]]:
    tallies: dict[tuple[str, str], Tally] = {}
    for one in found:
        key = (one.values[MixDimension.NATION], one.values[MixDimension.KIND])
        tallies[key] = tallies.get(key, Tally()) + one.tally
    nations: list[tuple[str, Any]] = [*Nation.choices]
    if any(nation == "" for nation, _kind in tallies):
        nations.append(("", "–"))
    rows = []
    for nation, label in nations:
        row = [tallies.get((nation, kind), Tally()) for kind in OrganisationKind.values]
        rows.append((str(label), row, sum(row, Tally())))
    return rows


def _gaps(call: Call, found: list[Group]) -> list[Gap]:
    """The lines of the mix, those furthest from their least first."""
    labels = {
        key: f"{group}: {label}" if str(group) != str(label) else str(label)
        for group, choices in which_choices(call)
        for key, label in choices
    }
    gaps = []
    for line in call.targets.all():
        if line.dimension in ANSWERS and call.is_sealed_now:
            continue
        fit = [one.tally for one in found if one.values[line.dimension] == line.value]
        tally = sum(fit, Tally())
        gaps.append(
            Gap(
                label=labels.get(f"{line.dimension}:{line.value}", line.value),
                least=line.least,
                most=line.most,
                tally=tally,
                short=max(line.least - tally.sent, 0),
                query=_query(line.dimension, line.value),
            )
        )
    return sorted(gaps, key=lambda one: (-one.short, one.label))


def _query(dimension: str, value: str) -> str:
    """Which organisations of the register fit: of a topic, model or need it says nothing."""
    if dimension in (MixDimension.NATION, MixDimension.KIND):
        return urlencode({dimension: value})
    return urlencode({"first_timer": "on"}) if dimension == MixDimension.FIRST_TIMER else ""


# --- Who else might ---


@dataclass(frozen=True)
class OutreachRow:
    """An organisation that has not begun, and when somebody was last in touch with it."""

    organisation: Organisation
    last: LastOutreach | None = None


def might_apply(
    call: Call, *, nation: str = "", kind: str = "", first_timer: bool = False
) -> QuerySet[Organisation]:
    """The organisations of the register that fit, have not begun in ``call``, and have not asked
    us not to get in touch."""
    begun = Expression.objects.filter(call=call, organisation=OuterRef("pk"))
    begun = begun.exclude(state=ExpressionState.WITHDRAWN)
    found = Organisation.objects.filter(~Exists(begun), no_contact_since__isnull=True)
    if nation:
        found = found.filter(nation=nation)
    if kind:
        found = found.filter(kind=kind)
    return found.filter(is_first_timer=True) if first_timer else found


def outreach_page(found: QuerySet[Organisation], cursor: str | None) -> KeysetPage:
    """A page of :func:`might_apply` by name. Three queries."""
    page = keyset_page(found, order=("name", "id"), cursor=cursor, size=PAGE)
    return replace(page, rows=_with_last(page.rows))


def all_outreach(found: QuerySet[Organisation]) -> Iterator[OutreachRow]:
    """All of :func:`might_apply` by name, read in chunks."""
    chunk: list[Any] = []
    for one in found.order_by("name", "id").iterator(chunk_size=CHUNK):
        chunk.append(one)
        if len(chunk) == CHUNK:
            yield from _with_last(chunk)
            chunk = []
    yield from _with_last(chunk)


def _with_last(rows: list[Organisation]) -> list[OutreachRow]:
    last = last_outreach([one.pk for one in rows]) if rows else {}
    return [OutreachRow(one, last.get(one.pk)) for one in rows]
