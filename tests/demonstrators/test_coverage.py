"""The figures and the curve of a Demonstrator."""

from datetime import date

import pytest

from demonstrators.coverage import people_chart, share_sentence, sites_chart, states_chart
from demonstrators.enums import SiteState
from demonstrators.models import PlanPoint
from demonstrators.selectors import coverage, todo_for
from demonstrators.transitions import implement, undo

from .factories import DemonstratorFactory, SiteFactory, coach_of, moved

pytestmark = pytest.mark.django_db


@pytest.fixture
def demonstrator():
    return DemonstratorFactory()


@pytest.fixture
def coach(demonstrator):
    return coach_of(demonstrator)


def sites(demonstrator, coach, *ways, **fields):
    return [moved(SiteFactory(demonstrator=demonstrator, **fields), coach, *way) for way in ways]


def curve(found):
    return [(point.month.month, point.taking_part) for point in found.months]


def test_shares_count_implementing_and_embedded_of_all(demonstrator, coach, now):
    sites(
        demonstrator,
        coach,
        [("implement", date(2022, 5, 1))],
        [("implement", date(2022, 5, 2)), ("embed", date(2022, 6, 1))],
        [("implement", date(2022, 5, 3)), ("pause", date(2022, 6, 1))],
        [("decline", date(2022, 5, 1))],
        [],
    )
    found = coverage(demonstrator, now)
    assert (found.share, found.people_share, found.people_unknown) == ("2 of 5", "200 of 500", 0)
    assert {state: count for state, count in found.by_state if count} == {
        SiteState.NOT_APPROACHED: 1,
        SiteState.IMPLEMENTING: 1,
        SiteState.EMBEDDED: 1,
        SiteState.PAUSED: 1,
        SiteState.DECLINED: 1,
    }


def test_site_of_unknown_population_is_counted_and_said(demonstrator, coach, now):
    sites(demonstrator, coach, [("implement", date(2022, 5, 1))], population=None)
    found = coverage(demonstrator, now)
    assert (found.share, found.people_share, found.people_unknown) == ("1 of 1", "0 of 0", 1)


def test_curve_follows_the_day_it_happened_not_the_day_it_was_recorded(demonstrator, coach, now):
    site = moved(SiteFactory(demonstrator=demonstrator), coach, ("approach", date(2022, 4, 30)))
    implement(obj=site, by=coach, now=now, reason="x", happened_on=date(2022, 5, 31))
    assert curve(coverage(demonstrator, now)) == [(4, 0), (5, 1), (6, 1), (7, 1)]


def test_curve_goes_down_when_a_site_pauses_and_forgets_what_was_undone(demonstrator, coach, now):
    way = [("implement", date(2022, 4, 1)), ("pause", date(2022, 6, 1))]
    [site] = sites(demonstrator, coach, way)
    assert curve(coverage(demonstrator, now)) == [(4, 1), (5, 1), (6, 0), (7, 0)]
    undo(obj=site.moves.last(), by=coach, now=now, reason="Wrong")
    assert curve(coverage(demonstrator, now)) == [(4, 1), (5, 1), (6, 1), (7, 1)]


def test_curve_shows_thirteen_months_and_begins_with_what_came_before(demonstrator, coach, now):
    sites(demonstrator, coach, [("implement", date(2019, 1, 1))])
    found = coverage(demonstrator, now)
    assert [found.months[0].month, found.months[-1].month] == [date(2021, 7, 1), date(2022, 7, 1)]
    assert {point.taking_part for point in found.months} == {1}


def test_plan_holds_until_its_next_point_and_reaches_ahead(demonstrator, coach, now):
    sites(demonstrator, coach, [("implement", date(2022, 5, 1))], [])
    for month, count in [(date(2022, 6, 1), 1), (date(2022, 9, 1), 2)]:
        PlanPoint.objects.create(demonstrator=demonstrator, month=month, sites_planned=count)
    found = coverage(demonstrator, now)
    assert [(p.month.month, p.taking_part, p.planned) for p in found.months] == [
        (5, 1, None),
        (6, 1, 1),
        (7, 1, 1),
        (8, None, 1),
        (9, None, 2),
    ]
    chart = sites_chart(found)
    assert chart.table_rows()[0] == ("May 2022", ["1 of 2", "none yet"])
    assert chart.table_rows()[-1] == ("September 2022", ["none yet", "2 of 2"])


@pytest.mark.parametrize(
    ("ways", "title"),
    [
        ([], "There are no general practices here yet"),
        ([[]], "0 of 1 general practice take part"),
        (
            [[("implement", date(2022, 4, 1))], [("implement", date(2022, 7, 1))], []],
            "2 of 3 general practices take part, 1 more than in April",
        ),
        (
            [[("implement", date(2021, 1, 1)), ("pause", date(2022, 7, 1))], []],
            "0 of 2 general practices take part, 1 fewer than in April",
        ),
        (
            [[("implement", date(2021, 1, 1))], []],
            "1 of 2 general practices takes part, as many as in April",
        ),
    ],
)
def test_title_says_the_share_and_how_it_changed(ways, title, demonstrator, coach, now):
    sites(demonstrator, coach, *ways)
    assert coverage(demonstrator, now).title == title


def test_title_names_the_year_of_a_month_in_another_year(demonstrator, coach, now):
    sites(demonstrator, coach, [("implement", date(2021, 1, 1))])
    title = coverage(demonstrator, now.replace(month=2)).title
    assert title.endswith("as many as in November 2021")


def test_charts_give_every_value_its_denominator(demonstrator, coach, now):
    sites(demonstrator, coach, [("implement", date(2022, 7, 1))], [])
    found = coverage(demonstrator, now)
    assert states_chart(found).table_rows()[3] == ("Implementing", ["1 of 2"])
    assert states_chart(found).title == "1 of 2 general practices do not take part yet"
    assert people_chart(found).table_rows() == [("July 2022", ["100 of 200"])]
    assert "<svg" in str(people_chart(found).draw())


def test_coverage_takes_three_queries_however_many_sites(
    demonstrator, coach, now, django_assert_num_queries
):
    for count in (1, 30):
        sites(demonstrator, coach, *[[("implement", date(2022, 7, 1))]] * count)
        with django_assert_num_queries(3):
            coverage(demonstrator, now)


def test_share_sentence_is_whole(demonstrator, coach):
    sites(demonstrator, coach, [("implement", date(2022, 7, 1))], [("embed", date(2022, 7, 1))], [])
    assert share_sentence(demonstrator) == "2 of 3 general practices take part."


def test_coach_is_told_which_sites_to_chase(demonstrator, coach, now, django_assert_num_queries):
    sites(
        demonstrator,
        coach,
        [("approach", date(2022, 6, 26))],
        [("approach", date(2022, 6, 1))],
        [("approach", date(2022, 6, 27))],
        [("engage", date(2022, 1, 1))],
    )
    assert len(coach.current_roles) == 1
    with django_assert_num_queries(2):
        [todo] = todo_for(coach, now)
    assert (str(todo.text), todo.count, todo.due) == (
        "general practices to chase",
        2,
        date(2022, 7, 1),
    )
    assert todo.url == f"/demonstrators/{demonstrator.project.slug}/sites/?quiet=on"


def test_nobody_else_is_told_to_chase(demonstrator, coach, staff, somebody, now):
    sites(demonstrator, coach, [("approach", date(2022, 5, 1))])
    stranger = coach_of(DemonstratorFactory())
    assert [todo_for(person, now) for person in (staff, somebody, stranger)] == [[], [], []]


def test_person_without_a_role_here_costs_no_query(staff, now, django_assert_num_queries):
    assert staff.current_roles
    with django_assert_num_queries(0):
        todo_for(staff, now)
