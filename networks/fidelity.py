"""How near a local network is to what makes networks work: pure figures to gentle hints.

A local network has 8 to 10 people from five groups, who meet four times over six months; the
figures stand on the network. A hint is an early word, never a punishment.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetings.enums import Perspective


@dataclass(frozen=True)
class Shape:
    """What a network asks of each of its local networks."""

    members_min: int
    members_max: int
    meetings_planned: int
    span_months: int


@dataclass(frozen=True)
class Figures:
    """What a local network is: members by group, and the days on which it meets or met."""

    members: int
    perspectives: frozenset[str]
    days: tuple[date, ...]


@dataclass(frozen=True)
class Hint:
    """One thing that makes networks work, whether it is so here, and what would help."""

    code: str
    is_met: bool
    text: str


def hints(shape: Shape, figures: Figures) -> list[Hint]:
    """The three hints in their order: members, the five groups, the meetings."""
    return [_members(shape, figures), _groups(figures), _meetings(shape, figures)]


def _members(shape: Shape, figures: Figures) -> Hint:
    wanted = {"members": figures.members, "least": shape.members_min, "most": shape.members_max}
    if figures.members < shape.members_min:
        text = ngettext(
            "%(members)s member so far. %(least)s to %(most)s work well together.",
            "%(members)s members so far. %(least)s to %(most)s work well together.",
            figures.members,
        )
    elif figures.members > shape.members_max:
        text = _("%(members)s members. With more than %(most)s it is hard for all to speak.")
    else:
        text = _("%(members)s members, between %(least)s and %(most)s.")
    is_met = shape.members_min <= figures.members <= shape.members_max
    return Hint("members", is_met, text % wanted)


def _groups(figures: Figures) -> Hint:
    missing = [
        str(Perspective(value).label)
        for value in Perspective.values
        if value not in figures.perspectives
    ]
    if not missing:
        return Hint("groups", True, _("All five groups take part."))
    present = len(Perspective.values) - len(missing)
    text = _("%(present)s of 5 groups take part. Not here yet: %(missing)s.")
    listed = "; ".join(missing)
    return Hint("groups", False, text % {"present": present, "missing": listed})


def _meetings(shape: Shape, figures: Figures) -> Hint:
    days = sorted(figures.days)[: shape.meetings_planned]
    words = {"dates": len(days), "planned": shape.meetings_planned, "months": shape.span_months}
    if len(days) < shape.meetings_planned:
        text = ngettext(
            "%(dates)s of %(planned)s meetings has a date. Plan the rest within %(months)s months.",
            "%(dates)s of %(planned)s meetings have dates. Plan the rest within %(months)s months.",
            len(days),
        )
        return Hint("meetings", False, text % words)
    if days[-1] > months_after(days[0], shape.span_months):
        text = _("%(planned)s meetings have dates, over more than %(months)s months.")
        return Hint("meetings", False, text % words)
    return Hint(
        "meetings", True, _("%(planned)s meetings have dates within %(months)s months.") % words
    )


def months_after(day: date, months: int) -> date:
    """The same day ``months`` later; the last of the month where that month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
