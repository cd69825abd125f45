"""What staff see of the counts: bases, shares, means, ranks, and nothing that says too much."""

import random

import pytest

from surveys import services
from surveys.questionnaire import UNANSWERED
from surveys.results import NATION, ROLE, Counts, Results, percent, strands
from surveys.selectors import all_results, question_page, results_page
from tests.surveys.factories import ResponseFactory, full_survey
from tests.surveys.test_rollup import answer_randomly
from tests.surveys.test_suppression import solvable

pytestmark = pytest.mark.django_db


def answered(survey, now, *documents):
    for answers, times in documents:
        for _ in range(times):
            ResponseFactory(survey=survey, answers={UNANSWERED: [], **answers})
    services.rebuild(survey=survey, now=now)
    return all_results(survey)


def result(results, code):
    return results.of(results.form.item(code))


def counts_of(table):
    return [line.count for line in table.lines]


def test_a_question_says_how_many_answered_of_how_many_were_asked(now):
    results = answered(full_survey(), now, ({"single": "red"}, 7), ({UNANSWERED: ["single"]}, 3))
    shown = result(results, "single")
    assert (shown.answered, shown.asked) == (7, 10)


def test_shares_of_several_answers_are_of_people_and_not_of_answers(now):
    results = answered(
        full_survey(), now, ({"several": ["one", "two"]}, 10), ({"several": ["one"]}, 10)
    )
    [table] = result(results, "several").tables
    assert [(line.count, line.base, line.percent) for line in table.lines] == [
        (20, 20, 100),
        (10, 20, 50),
        (0, 20, 0),
    ]


def test_each_row_of_a_matrix_has_a_base_of_its_own(now):
    results = answered(
        full_survey(),
        now,
        ({"matrix": {"row_a": "low", "row_b": "high"}}, 6),
        ({"matrix": {"row_a": "high"}}, 8),
    )
    first, second = result(results, "matrix").tables
    assert (first.base, counts_of(first)) == (14, [6, 8])
    assert (second.base, counts_of(second)) == (6, [0, 6])


def test_a_rating_has_the_mean_of_its_values(now):
    results = answered(full_survey(), now, ({"rating": "never"}, 10), ({"rating": "often"}, 30))
    assert result(results, "rating").tables[0].mean == pytest.approx((10 * 1 + 30 * 3) / 40)


def test_a_mean_is_left_out_where_one_of_its_counts_is_hidden(now):
    results = answered(
        full_survey(),
        now,
        ({"rating": "never"}, 2),
        ({"rating": "rarely"}, 9),
        ({"rating": "often"}, 30),
    )
    table = result(results, "rating").tables[0]
    assert (counts_of(table), table.mean) == ([None, None, 30], None)


def test_a_ranking_gives_first_places_mean_rank_and_borda_points(now):
    results = answered(
        full_survey(),
        now,
        ({"ranking": ["north", "south", "west"]}, 10),
        ({"ranking": ["west", "north"]}, 20),
    )
    lines = {
        line.choice.code: (line.first, line.ranked, line.mean_rank, line.points)
        for line in result(results, "ranking").ranking
    }
    assert lines == {
        "north": (10, 30, pytest.approx(50 / 30), 10 * 3 + 20 * 2),
        "west": (20, 30, pytest.approx(50 / 30), 10 * 1 + 20 * 3),
        "south": (0, 10, 2.0, 10 * 2),
    }


def test_a_question_that_few_answered_says_nothing(now):
    results = answered(full_survey(), now, ({"single": "red"}, 4), ({UNANSWERED: ["single"]}, 9))
    shown = result(results, "single")
    assert (shown.answered, counts_of(shown.tables[0])) == (None, [None, None, None])


def test_a_question_says_nothing_where_the_answer_it_hangs_on_is_hidden(now):
    results = answered(
        full_survey(),
        now,
        ({"rating": "never", "why": "x"}, 3),
        ({"rating": "rarely", "why": "x"}, 20),
        ({"rating": "often"}, 30),
    )
    shown = result(results, "why")
    assert (shown.asked, shown.answered) == (None, None)


def test_a_crosstab_has_the_base_of_each_column_and_people_without_a_nation(now):
    results = answered(
        full_survey(),
        now,
        ({"single": "red", "nation": "wales"}, 10),
        ({"single": "blue", "nation": "england"}, 20),
        ({"single": "blue"}, 6),
    )
    table = results.crosstab(strands(results.form.item("single"))[0], NATION)
    assert [column.code for column in table.columns] == [
        "england",
        "scotland",
        "wales",
        "northern_ireland",
        "",
    ]
    assert table.bases == [20, 0, 10, 0, 6]
    assert [row.cells for row in table.rows] == [
        [0, 0, 10, 0, 0],
        [0, 0, 0, 0, 0],
        [20, 0, 0, 0, 6],
    ]


def test_a_ranking_does_not_tell_of_the_few_who_gave_a_place(now):
    """Of 12 who ranked the north, 9 put it first, 2 second and 1 third: points would say so."""
    results = answered(
        full_survey(),
        now,
        ({"ranking": ["north", "south", "west"]}, 9),
        ({"ranking": ["west", "north", "south"]}, 2),
        ({"ranking": ["south", "west", "north"]}, 11),
        ({"ranking": ["west", "south", "north"]}, 20),
    )
    lines = {line.choice.code: line for line in result(results, "ranking").ranking}
    north = lines["north"]
    assert (north.first, north.ranked, north.mean_rank, north.points) == (9, None, None, None)
    # Each place is given once by everybody: one thing alone could be worked out from the others.
    assert sum(line.points is None for line in lines.values()) >= 2


def test_a_nation_of_few_people_is_hidden_in_every_table_with_another_beside_it(now):
    results = answered(
        full_survey(),
        now,
        ({"single": "red", "several": ["one"], "nation": "wales"}, 3),
        ({"single": "red", "several": ["one"], "nation": "scotland"}, 12),
        ({"single": "blue", "several": ["two"], "nation": "england"}, 40),
    )
    for code in ["single", "several"]:
        table = results.crosstab(strands(results.form.item(code))[0], NATION)
        assert table.bases == [40, None, None, 0], code
        assert {row.cells[2] for row in table.rows} == {None}


def every_equation(results, item):
    """All that the tables of a question say, with hidden numbers as unknowns."""
    [strand] = strands(item)
    one_way = results.one_way(strand)
    codes = [choice.code for choice in item.choices]
    totals = {code: line.count for code, line in zip(codes, one_way.lines, strict=True)}
    unknowns = {("total", code) for code, count in totals.items() if count is None}
    equations = [dict.fromkeys(unknowns, 1)]
    for side in [NATION, ROLE]:
        table = results.crosstab(strand, side)
        columns = [[] for _ in table.columns]
        for row in table.rows:
            equation = {}
            for place, cell in enumerate(row.cells):
                if cell is None:
                    name = (side, row.choice.code, place)
                    equation[name] = 1
                    columns[place].append(name)
                    unknowns.add(name)
            if totals[row.choice.code] is None:
                equation["total", row.choice.code] = -1
            equations.append(equation)
        bases = {}
        for place, base in enumerate(table.bases):
            equation = dict.fromkeys(columns[place], 1)
            if base is None:
                name = (side, "base", place)
                unknowns.add(name)
                bases[name] = 1
                equation[name] = -1
            equations.append(equation)
        equations.append(bases)
    return equations, unknowns


@pytest.mark.parametrize("seed", range(12))
def test_no_hidden_number_follows_from_all_tables_of_a_question_together(now, seed):
    survey = full_survey()
    answer_randomly(survey, random.Random(seed).choice([12, 25, 40, 70, 120]), seed)
    services.rebuild(survey=survey, now=now)
    results = all_results(survey)
    for code in ["single", "rating"]:
        item = results.form.item(code)
        if result(results, code).answered is None:
            continue
        equations, unknowns = every_equation(results, item)
        found = solvable(equations, unknowns)
        true = {
            name
            for name in found
            if name[0] in {NATION, ROLE} and name[1] != "base" and people(results, item, name)
        }
        assert true == set(), (seed, code)


def people(results, item, name):
    side, code, place = name
    return results.counts.by(side, item.id, code, results.columns(side)[place].code)


def test_the_pages_show_what_the_counts_say_at_any_number_of_responses(
    now, django_assert_num_queries
):
    survey = full_survey()
    for number in [1, 30]:
        answer_randomly(survey, number, seed=number)
        services.rebuild(survey=survey, now=now)
        with django_assert_num_queries(5):
            shown = results_page(survey)
        with django_assert_num_queries(4):
            question_page(survey, "single", None)
    assert shown.responses == 31


def test_texts_come_a_page_at_a_time_in_no_order(now):
    survey = full_survey()
    for number in range(30):
        ResponseFactory(survey=survey, answers={"why": f"Text {number}", "rating": "rarely"})
    for _ in range(30):
        ResponseFactory(survey=survey, answers={"rating": "often"})
    services.rebuild(survey=survey, now=now)
    first = question_page(survey, "why", None).texts
    second = question_page(survey, "why", first.next_cursor).texts
    texts = [row["text"] for row in [*first.rows, *second.rows]]
    assert len(first.rows) == 25
    assert sorted(texts) == sorted(f"Text {number}" for number in range(30))
    assert texts != [f"Text {number}" for number in range(30)]


def test_a_share_is_rounded_half_up_and_hidden_with_its_count():
    assert [percent(1, 8), percent(0, 8), percent(None, 8), percent(3, 0)] == [13, 0, None, None]


def test_no_responses_give_noughts_and_no_mean(now):
    results = answered(full_survey(), now)
    assert results.counts.responses == 0
    shown = result(results, "rating")
    assert (shown.asked, shown.answered, shown.tables[0].mean) == (0, 0, None)
    assert Results(results.form, Counts([]), 5).counts.responses == 0
