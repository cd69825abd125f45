"""Gentle hints: members, the five groups, meetings; at and around each figure."""

from datetime import date

import pytest

from meetings.enums import Perspective
from networks.fidelity import Figures, Shape, hints, months_after

SHAPE = Shape(members_min=8, members_max=10, meetings_planned=4, span_months=6)
ALL = frozenset(Perspective.values)
FOUR = (date(2022, 7, 26), date(2022, 9, 27), date(2022, 11, 29), date(2023, 1, 24))


def of(code, **changes):
    figures = {"members": 9, "perspectives": ALL, "days": FOUR} | changes
    return {hint.code: hint for hint in hints(SHAPE, Figures(**figures))}[code]


@pytest.mark.parametrize(
    ("members", "is_met"), [(0, False), (7, False), (8, True), (10, True), (11, False)]
)
def test_eight_to_ten_members_are_good(members, is_met):
    assert of("members", members=members).is_met is is_met


def test_a_missing_group_is_named():
    hint = of("groups", perspectives=ALL - {Perspective.PROVIDER})
    assert (hint.is_met, hint.text) == (
        False,
        "4 of 5 groups take part. Not here yet: Providers.",
    )


def test_five_groups_are_good():
    assert of("groups").is_met


def test_four_meetings_in_six_months_are_good():
    assert of("meetings") == hints(SHAPE, Figures(9, ALL, FOUR))[2]
    assert of("meetings").is_met


def test_fewer_meetings_say_how_many_have_dates():
    hint = of("meetings", days=FOUR[:1])
    assert (hint.is_met, hint.text) == (
        False,
        "1 of 4 meetings has a date. Plan the rest within 6 months.",
    )


@pytest.mark.parametrize(
    ("last", "is_met"), [(date(2023, 1, 26), True), (date(2023, 1, 27), False)]
)
def test_the_last_day_of_six_months_counts(last, is_met):
    assert of("meetings", days=(*FOUR[:3], last)).is_met is is_met


def test_a_fifth_meeting_much_later_does_not_spoil_it():
    assert of("meetings", days=(*FOUR, date(2024, 1, 1))).is_met


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2022, 7, 26), 6, date(2023, 1, 26)),
        (date(2022, 8, 31), 6, date(2023, 2, 28)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2022, 12, 31), 12, date(2023, 12, 31)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_one(day, months, expected):
    assert months_after(day, months) == expected
