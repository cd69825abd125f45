"""A theory of change as a graph: what may lead to what, in which layer a box stands, its drawing.

The method: an outcomes chain from what is done to the long-term goals, with what makes it possible
and what is taken for granted.
"""

import textwrap
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .enums import TheoryKind
from .models import TheoryLink, TheoryPart

MOST_GOALS = 4
FEWEST_GOALS = 3
MOST_PARTS = 60

MAY_LEAD_TO = {
    TheoryKind.ENABLER: {TheoryKind.ACTIVITY, TheoryKind.OUTCOME, TheoryKind.GOAL},
    TheoryKind.ACTIVITY: {TheoryKind.OUTCOME, TheoryKind.GOAL},
    TheoryKind.ASSUMPTION: {TheoryKind.ACTIVITY, TheoryKind.OUTCOME, TheoryKind.GOAL},
    TheoryKind.OUTCOME: {TheoryKind.OUTCOME, TheoryKind.GOAL},
    TheoryKind.GOAL: set(),
}
BESIDE = {TheoryKind.ENABLER, TheoryKind.ASSUMPTION}
DASHES = {TheoryKind.ENABLER: "2 4", TheoryKind.ASSUMPTION: "9 5"}

WIDTH, GAP, LETTERS, LINE, PAD = 220, 70, 25, 19, 12

Pairs = Iterable[tuple[int, int]]


def has_cycle(pairs: Pairs) -> bool:
    """Whether somebody who follows these arrows (source, target) can come back."""
    following = defaultdict(list)
    for source, target in pairs:
        following[source].append(target)
    done: set[int] = set()
    for start in list(following):
        way: list[tuple[int, Iterator[int]]] = [(start, iter(following[start]))]
        on_way = {start}
        while way:
            node, rest = way[-1]
            nearest = next((one for one in rest if one not in done), None)
            if nearest is None:
                way.pop()
                on_way.discard(node)
                done.add(node)
            elif nearest in on_way:
                return True
            else:
                on_way.add(nearest)
                way.append((nearest, iter(following[nearest])))
    return False


def layers(parts: Sequence[TheoryPart], pairs: Pairs) -> list[list[TheoryPart]]:
    """The parts by column from left to right: activities first, all goals last.

    An outcome stands to the right of all that lead to it; an enabler or an assumption just left of
    the first thing that it supports. ``pairs`` has no cycle.
    """
    kinds = {part.pk: TheoryKind(part.kind) for part in parts}
    chain = [(a, b) for a, b in pairs if kinds[a] not in BESIDE]
    depth = {pk: 1 if kind == TheoryKind.OUTCOME else 0 for pk, kind in kinds.items()}
    for _turn in parts:
        for source, target in chain:
            depth[target] = max(depth[target], depth[source] + 1)
    last = max((depth[pk] for pk, kind in kinds.items() if kind != TheoryKind.GOAL), default=0)
    depth |= {pk: last + 1 for pk, kind in kinds.items() if kind == TheoryKind.GOAL}
    for pk, kind in kinds.items():
        supported = [depth[b] for a, b in pairs if a == pk]
        if kind in BESIDE and supported:
            depth[pk] = max(min(supported) - 1, 0)
    found: dict[int, list[TheoryPart]] = defaultdict(list)
    order = list(TheoryKind)[::-1]
    for part in sorted(parts, key=lambda one: (order.index(kinds[one.pk]), one.place, one.pk)):
        found[depth[part.pk]].append(part)
    return [found[place] for place in sorted(found)]


@dataclass(frozen=True)
class Box:
    """Where a part stands in the drawing."""

    part: TheoryPart
    lines: list[str]
    x: int
    y: int

    @property
    def height(self) -> int:
        return PAD * 2 + LINE * (len(self.lines) + 1)


def draw(parts: Sequence[TheoryPart], links: Sequence[TheoryLink], key: str) -> SafeString:
    """The outcomes chain as SVG; the list below it holds the same. ``key`` begins its ids."""
    pairs = [(link.source_id, link.target_id) for link in links]
    boxes: dict[int, Box] = {}
    tallest = 0
    columns = layers(parts, pairs)
    for place, column in enumerate(columns):
        y = 2
        for part in column:
            lines = textwrap.wrap(part.text, LETTERS)[:8] or [""]
            box = Box(part, lines, 2 + place * (WIDTH + GAP), y)
            boxes[part.pk] = box
            y += box.height + 18
        tallest = max(tallest, y)
    width = len(columns) * (WIDTH + GAP) - GAP + 4
    arrows = format_html_join("", "{}", ((_arrow(boxes[a], boxes[b], key),) for a, b in pairs))
    drawn = format_html_join("", "{}", ((_box(box),) for box in boxes.values()))
    return format_html(
        '<svg role="img" aria-labelledby="{0}-title {0}-desc" width="{1}" height="{2}" '
        'viewBox="0 0 {1} {2}"><title id="{0}-title">{3}</title><desc id="{0}-desc">{4}</desc>'
        '<defs><marker id="{0}-tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" '
        'markerHeight="8" orient="auto"><path d="M0 0L10 5L0 10z" fill="currentColor"/></marker>'
        "</defs>{5}{6}</svg>",
        key,
        width,
        tallest,
        title_of(parts),
        _("Arrows go from what we do to the long-term goals. The list below says the same."),
        arrows,
        drawn,
    )


def title_of(parts: Sequence[TheoryPart]) -> str:
    """What the drawing shows, in a sentence."""
    count: dict[str, int] = defaultdict(int)
    for part in parts:
        count[part.kind] += 1
    return _("How %(activities)s activities lead by %(outcomes)s outcomes to %(goals)s goals") % {
        "activities": count[TheoryKind.ACTIVITY],
        "outcomes": count[TheoryKind.OUTCOME],
        "goals": count[TheoryKind.GOAL],
    }


def _box(box: Box) -> SafeString:
    kind = TheoryKind(box.part.kind)
    lines = format_html_join(
        "",
        '<text x="{}" y="{}" fill="currentColor" font-size="15">{}</text>',
        (
            (box.x + PAD, box.y + PAD + LINE * (number + 2) - 5, line)
            for number, line in enumerate(box.lines)
        ),
    )
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="6" fill="none" stroke="currentColor" '
        'stroke-width="{}" stroke-dasharray="{}"/><text x="{}" y="{}" fill="currentColor" '
        'font-size="13" font-weight="700">{}</text>{}',
        box.x,
        box.y,
        WIDTH,
        box.height,
        3 if kind == TheoryKind.GOAL else 2,
        DASHES.get(kind, "none"),
        box.x + PAD,
        box.y + PAD + LINE - 6,
        kind.label,
        lines,
    )


def _arrow(start: Box, end: Box, key: str) -> SafeString:
    """From the right side of one box to the left side of another; within a column around it."""
    y1, y2 = start.y + start.height / 2, end.y + end.height / 2
    if start.x < end.x:
        x1, x2 = start.x + WIDTH, end.x
        path = f"M{x1} {y1}C{x1 + GAP / 2} {y1} {x2 - GAP / 2} {y2} {x2} {y2}"
    else:
        x = start.x + WIDTH
        path = f"M{x} {y1}C{x + GAP / 2} {y1} {x + GAP / 2} {y2} {x} {y2}"
    return format_html(
        '<path d="{}" fill="none" stroke="currentColor" stroke-width="1.5" '
        'marker-end="url(#{}-tip)"/>',
        path,
        key,
    )
