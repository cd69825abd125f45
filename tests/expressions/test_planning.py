"""Plans of the mix: making, changing, choosing, comparing; what conflicts of interest hide."""

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.enums import RoleKind
from core.transitions import TransitionNotAllowed
from core.versions import ChangedMeanwhile
from expressions import planning as drawing
from expressions.enums import CallState, ConflictState
from expressions.models import Conflict, Letter, MixTarget, Plan
from expressions.selectors import planning
from expressions.selectors.releasing import reserve
from expressions.services import plans
from expressions.services.deciding import not_weighed, proposal_of
from expressions.transitions.plans import choose_plan
from tests.accounts.factories import person_with
from tests.expressions.assessing import assessor_of, reading_call, scored
from tests.expressions.factories import SubmittedFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _few_draws(monkeypatch):
    """Firmness from ten draws, so that these tests need not wait for two hundred."""
    monkeypatch.setattr(drawing, "DRAWS", 10)


@pytest.fixture
def call(db):
    found = reading_call(places=2)
    MixTarget.objects.create(call=found, dimension="nation", value="wales", least=1)
    return found


@pytest.fixture
def field(call):
    """Three English expressions that score better than the two Welsh ones."""
    people = [assessor_of(call) for _one in range(2)]
    found = []
    for points, nation in (
        (5, "england"),
        (4, "england"),
        (3, "england"),
        (2, "wales"),
        (1, "wales"),
    ):
        one = SubmittedFactory(call=call, state="assessed", organisation__nation=nation)
        for person in people:
            scored(one, person, points, points)
        found.append(one)
    return found


@pytest.fixture
def manager(client):
    person = person_with(RoleKind.PROGRAMME_MANAGER)
    client.force_login(person)
    return person


def values(**changed):
    return {
        "name": "Wales first",
        "note": "",
        "places": 2,
        "scores": "raw",
        "lines": [["nation", "wales", 1, None]],
        **changed,
    }


def make(call, by=None, **changed):
    return plans.make_plan(
        call=call, values=values(**changed), once_key=uuid4(), by=by, now=timezone.now()
    )


def at(plan, page="plan", *more):
    return reverse(f"expressions:{page}", args=[plan.call_id, plan.pk, *more])


def text(response):
    return response.content.decode()


def test_a_plan_offers_the_best_with_the_mix_kept_and_names_reserves(call, field):
    plan = make(call)
    assert plan.offered == [field[0].pk, field[3].pk]
    assert plan.result["score"] == 140.0
    assert planning.reserve_for(plan, field[3].pk) == field[4].pk
    assert planning.reserve_for(plan, field[0].pk) == field[1].pk
    assert plan.reserves == [field[1].pk, field[4].pk]
    assert planning.reserve_for(plan, field[2].pk) is None
    assert plan.shares == {str(field[0].pk): 1.0, str(field[3].pk): 1.0}


def test_the_page_says_what_a_line_costs(client, call, field, manager):
    page = text(client.get(at(make(call))))
    words = "Without “Nation: Wales, at least 1” the total score would be 40.0 points higher."
    assert words in page


def test_the_page_says_why_nothing_fits_and_what_comes_closest(client, call, field, manager):
    plan = make(call, lines=[["nation", "wales", 2, None], ["nation", "england", 1, None]])
    assert plan.status == "conflict"
    page = text(client.get(at(plan)))
    assert "With 2 places these cannot all be kept:" in page
    assert "<li>Nation: Wales, at least 2</li><li>Nation: England, at least 1</li>" in page
    assert "Change “Nation: Wales, at least 2” to 1." in page
    assert "a total score of 140.0" in page
    assert "Choose as the proposal" not in page


def test_too_few_candidates_are_said_so(client, call, field, manager):
    page = text(client.get(at(make(call, places=9))))
    assert "There are 9 places and only 5 expressions that can be chosen." in page


def form_data(client, call, **changed):
    form = client.get(reverse("expressions:plan-add", args=[call.pk])).context["form"]
    found = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    found = {name: "" if value is None else value for name, value in found.items()}
    return {**found, "name": "First", **changed}


def test_a_new_plan_begins_with_the_mix_of_the_call_and_is_made_once(client, call, field, manager):
    data = form_data(client, call)
    assert (data["places"], data["nation-wales-least"]) == (2, 1)
    for _click in range(2):
        client.post(reverse("expressions:plan-add", args=[call.pk]), data)
    plan = Plan.objects.get()
    assert (plan.lines, plan.by) == ([["nation", "wales", 1, None]], manager)


def test_a_most_below_the_least_is_refused_beside_its_box(client, call, field, manager):
    data = form_data(client, call, **{"nation-wales-least": 3, "nation-wales-most": 2})
    page = client.post(reverse("expressions:plan-add", args=[call.pk]), data)
    assert page.status_code == 200
    assert "Wales: the most must not be below the least." in text(page)
    assert 'href="#id_nation-wales-most"' in text(page)
    assert not Plan.objects.exists()


def test_of_two_who_change_a_plan_the_second_is_told(client, call, field, manager):
    plan = make(call)
    data = form_data(client, call, seen=plan.version, places=1)
    client.post(at(plan, "plan-edit"), data)
    again = client.post(at(plan, "plan-edit"), {**data, "places": 3, "name": "Mine"})
    plan.refresh_from_db()
    assert (plan.places, plan.version) == (1, 2)
    assert "Somebody else changed these details" in text(again)
    assert 'value="Mine"' in text(again)


def test_saving_what_stands_changes_nothing(call, field):
    plan = make(call)
    same = plans.change_plan(obj=plan, values=values(), seen="0", by=None, now=timezone.now())
    assert same.version == 1


def test_a_change_that_was_not_read_is_refused_by_the_service(call, field):
    plan = make(call)
    with pytest.raises(ChangedMeanwhile):
        plans.change_plan(obj=plan, values=values(places=1), seen="7", by=None, now=timezone.now())


def test_changed_scores_are_warned_of_and_one_button_works_it_out_again(
    client, call, field, manager
):
    plan = make(call)
    warning = "have changed since this plan was worked out"
    assert warning not in text(client.get(at(plan)))
    field[3].assessments.all().update(state="stood_down")
    assert warning in text(client.get(at(plan)))
    client.post(at(plan, "plan-again"))
    plan.refresh_from_db()
    assert plan.offered == [field[0].pk, field[4].pk]
    assert warning not in text(client.get(at(plan)))


def choose(plan, by, reason="It has the best mix.", seen=None):
    return choose_plan(
        obj=plan, by=by, now=timezone.now(), reason=reason, seen=seen or plan.version
    )


def test_the_chosen_plan_is_the_proposal_and_the_one_before_is_set_aside(
    client, call, field, manager
):
    first, second = make(call), make(call, name="Second")
    data = {"reason": "It has the best mix.", "seen": 1}
    assert client.post(at(first, "plan-choose"), data).status_code == 302
    assert planning.proposed_plan(call) == first
    choose(second, manager)
    assert planning.proposed_plan(call) == second
    first.refresh_from_db()
    assert first.state == "idea"
    page = text(client.get(at(first)))
    assert "It has the best mix." in page
    assert "Set aside for another plan" in page


def test_a_proposal_needs_a_reason_an_answer_the_version_and_an_undecided_call(
    client, call, field, manager
):
    plan, none = make(call), make(call, places=9)
    assert "Why this plan?" in text(client.post(at(plan, "plan-choose"), {"seen": 1}))
    with pytest.raises(TransitionNotAllowed, match="gives nobody a place"):
        choose(none, manager)
    with pytest.raises(TransitionNotAllowed, match="changed this plan"):
        choose(plan, manager, seen=9)
    type(call).objects.filter(pk=call.pk).update(state=CallState.DECIDED)
    with pytest.raises(TransitionNotAllowed, match="until the call is decided"):
        choose(plan, manager)
    assert planning.proposed_plan(call) is None


def test_staff_who_do_not_decide_make_plans_but_choose_none(client, call, field):
    client.force_login(person_with(RoleKind.PROGRAMME_STAFF))
    plan = make(call)
    assert client.get(at(plan)).status_code == 200
    assert client.get(at(plan, "plan-choose")).status_code == 403


def test_a_proposal_is_copied_and_not_changed(client, call, field, manager):
    plan = make(call)
    choose(plan, manager)
    with pytest.raises(TransitionNotAllowed, match="Copy it"):
        plans.change_plan(
            obj=plan, values=values(places=1), seen="1", by=manager, now=timezone.now()
        )
    client.post(at(plan, "plan-again"))
    key = uuid4()
    for _click in range(2):
        client.post(at(plan, "plan-copy"), {"once_key": key})
    copy = Plan.objects.exclude(pk=plan.pk).get()
    assert (copy.name, copy.offered, copy.state) == ("Copy of Wales first", plan.offered, "idea")
    plan.refresh_from_db()
    assert plan.version == 1


def test_who_must_and_must_not_is_found_by_name_and_saved(client, call, field, manager):
    plan = make(call)
    where = at(plan, "plan-named")
    find = f"{where}?find={field[2].organisation.name}"
    assert list(client.get(find).context["form"].shown.values()) == [field[2].pk]
    client.post(find, {"seen": 1, f"expression-{field[2].pk}": "must"})
    plan.refresh_from_db()
    assert (plan.must, plan.offered) == ([field[2].pk], [field[2].pk, field[3].pk])
    client.post(where, {"seen": 2, f"expression-{field[2].pk}": "must_not"})
    plan.refresh_from_db()
    assert (plan.must, plan.must_not) == ([], [field[2].pk])


def hide(expression, person):
    Conflict.objects.create(
        expression=expression,
        person=person,
        state=ConflictState.DECLARED,
        decided_at=timezone.now(),
    )


def test_plans_are_closed_to_whoever_has_a_conflict_of_interest_in_the_call(
    client, call, field, manager
):
    plan = make(call)
    hide(field[3], manager)
    for name in ("plan", "plan-named", "plan-choose", "plan-edit"):
        assert client.get(at(plan, name)).status_code == 403
    assert client.get(at(plan, "plan-export", "csv")).status_code == 403
    for name in ("plans", "plans-compare", "plan-add"):
        assert client.get(reverse(f"expressions:{name}", args=[call.pk])).status_code == 403
    assert client.get(reverse("expressions:gaps", args=[call.pk])).status_code == 200


def test_plans_side_by_side_need_two_to_four(client, call, field, manager):
    made = [make(call, name=f"Plan {number}", lines=[]) for number in range(2)]
    where = reverse("expressions:plans-compare", args=[call.pk])
    found = client.get(where, {"plan": [one.pk for one in made]}).context["compared"]
    assert [one.pk for one, _cells in found.chosen] == [field[0].pk, field[1].pk]
    assert client.get(where, {"plan": made[0].pk}).status_code == 302
    assert client.get(where, {"plan": "x"}).status_code == 302


def test_side_by_side_says_what_was_asked_in_vain_and_which_plan_is_out_of_date(
    client, call, field, manager
):
    lines = [["nation", "wales", 2, None], ["nation", "england", 1, 2]]
    made = [make(call, name="Old"), make(call, name="In vain", lines=lines)]
    where = reverse("expressions:plans-compare", args=[call.pk])
    response = client.get(where, {"plan": [one.pk for one in made]})
    figures = dict(response.context["compared"].figures)
    assert figures["Nation: Wales"][1].startswith("asked: at least 2. Not everything")
    assert figures["Nation: England"][0] == "not asked"
    assert figures["Nation: England"][1].startswith("asked: from 1 to 2.")
    assert "Out of date" not in text(response)
    field[3].assessments.all().update(state="stood_down")
    assert "Out of date" in text(client.get(where, {"plan": [one.pk for one in made]}))


def test_a_plan_as_a_spreadsheet(client, call, field, manager):
    plan = make(call)
    book = load_workbook(io.BytesIO(b"".join(client.get(at(plan, "plan-export", "xlsx")))))
    rows = list(book.active.iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == [field[0].reference, field[3].reference]
    assert rows[1][6:8] == (100, 100)
    assert client.get(at(plan, "plan-export", "pdf")).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_firmness_of_a_large_call_is_left_to_a_worker_that_may_run_twice(call, field, monkeypatch):
    monkeypatch.setattr(plans, "FIRM_AT_ONCE", 0)
    plan = make(call)
    assert (plan.firm_at, plan.shares) == (None, {})
    assert plans.finish_plans(now=timezone.now()) == 1
    assert plans.finish_plans(now=timezone.now()) == 0
    plan.refresh_from_db()
    assert plan.shares == {str(field[0].pk): 1.0, str(field[3].pk): 1.0}


@pytest.mark.django_db(transaction=True)
def test_a_plan_that_takes_too_long_for_a_request_is_finished_by_a_worker(
    client, call, field, manager, monkeypatch
):
    monkeypatch.setattr(plans, "IN_REQUEST", 0.0)
    plan = make(call)
    assert (plan.worked_out_at, plan.result) == (None, {})
    assert "is being worked out" in text(client.get(at(plan)))
    assert [plans.finish_plans(now=timezone.now()) for _run in range(2)] == [1, 0]
    plan.refresh_from_db()
    assert (plan.offered, plan.firm_at is None) == ([field[0].pk, field[3].pk], False)


@pytest.mark.django_db(transaction=True)
def test_one_plan_that_cannot_be_proved_does_not_hold_up_the_next(call, field, monkeypatch):
    monkeypatch.setattr(plans, "IN_REQUEST", 0.0)
    monkeypatch.setattr(plans, "BY_WORKER", 0.0)
    made = [make(call, name=f"Plan {number}") for number in range(3)]
    assert [plans.finish_plans(now=timezone.now()) for _run in range(3)] == [2, 1, 0]
    assert [Plan.objects.get(pk=plan.pk).status for plan in made] == ["unproved"] * 3


def test_a_plan_that_is_worked_out_again_cannot_be_chosen_before_it_is(
    call, field, manager, monkeypatch
):
    plan = make(call)
    monkeypatch.setattr(plans, "IN_REQUEST", 0.0)
    plan = plans.work_out_again(obj=plan, by=manager, now=timezone.now())
    with pytest.raises(TransitionNotAllowed, match="gives nobody a place"):
        choose(plan, manager, seen=plan.version)


def test_a_result_is_not_written_over_the_proposal(call, field, manager):
    plan = make(call)
    choose(plan, manager)
    before = Plan.objects.get(pk=plan.pk)
    Plan.objects.filter(pk=plan.pk).update(places=1)
    plans.work_out(obj=Plan.objects.get(pk=plan.pk), now=timezone.now())
    assert Plan.objects.get(pk=plan.pk).result == before.result


def test_a_result_is_not_written_over_a_plan_that_asks_something_else_now(call, field):
    plan = make(call)
    Plan.objects.filter(pk=plan.pk).update(version=5, result={})
    plans.work_out(obj=plan, now=timezone.now())
    assert Plan.objects.get(pk=plan.pk).result == {}


def queries(client, where):
    client.get(where)
    with CaptureQueriesContext(
        connection,
    ) as counted:
        assert client.get(where).status_code == 200
    return len(counted)


def test_the_list_and_the_page_of_a_plan_ask_as_often_for_thirty_as_for_one(
    client, call, field, manager
):
    where = reverse("expressions:plans", args=[call.pk])
    small = make(call, places=1)
    one = queries(client, where)
    page = queries(client, at(small))
    for number in range(29):
        make(call, name=f"Plan {number}", places=4)
    assert queries(client, where) == one
    assert queries(client, at(Plan.objects.first())) == page
    assert one <= 8
    assert page <= 15


# --- What the decisions make of it ----------------------------------------------------------


def test_chosen_plan_proposes_an_outcome_for_each_that_can_be_chosen(call, field, manager):
    assert proposal_of(call) == {}
    plan = make(call)
    choose(plan, manager)
    offered, reserves = set(plan.offered), set(plan.reserves)
    assert proposal_of(call) == {
        one.pk: "offered" if one.pk in offered else "reserve" if one.pk in reserves else "declined"
        for one in field
    }
    assert sorted(proposal_of(call).values()).count("offered") == 2


def test_reserve_that_keeps_the_mix_in_the_place_of_who_turned_down_comes_first(
    call, field, manager
):
    plan = make(call)
    choose(plan, manager)
    welsh, other_welsh = field[3], field[4]
    assert plan.reserve_of[welsh.pk] == other_welsh.pk
    for one, state in ((field[1], "reserve"), (other_welsh, "reserve"), (welsh, "turned_down")):
        type(one).objects.filter(pk=one.pk).update(state=state)
    lines = reserve(call, manager, timezone.now())
    assert [line.expression.pk for line in lines] == [other_welsh.pk, field[1].pk]


def test_reserve_that_keeps_the_mix_in_the_place_of_who_did_not_answer_comes_first(
    call, field, manager
):
    choose(make(call), manager)
    welsh, other_welsh = field[3], field[4]
    for one, state in ((field[1], "reserve"), (other_welsh, "reserve"), (welsh, "offered")):
        type(one).objects.filter(pk=one.pk).update(state=state)
    yesterday = timezone.localdate() - timedelta(days=1)
    Letter.objects.create(
        expression=welsh, outcome="offered", answer_by=yesterday, at=timezone.now()
    )
    lines = reserve(call, manager, timezone.now())
    assert [line.expression.pk for line in lines] == [other_welsh.pk, field[1].pk]


def test_plan_whose_scores_changed_since_is_not_chosen(client, call, field, manager):
    plan = make(call)
    scored(field[4], assessor_of(call), 5, 5)
    with pytest.raises(TransitionNotAllowed, match="Work it out again"):
        choose(plan, manager)
    page = text(client.get(at(plan, "plan-choose")))
    assert at(plan, "plan-again") in page
    assert "Choose this plan" not in page
    page = text(client.get(at(plan)))
    assert at(plan, "plan-again") in page
    assert at(plan, "plan-choose") not in page
    plans.work_out_again(obj=plan, by=manager, now=timezone.now())
    plan.refresh_from_db()
    assert choose(plan, manager).state == "proposal"


@pytest.mark.parametrize("scores", ["raw", "adjusted"])
def test_proposal_leaves_out_what_its_plan_never_weighed(client, call, field, manager, scores):
    plan = make(call, scores=scores)
    choose(plan, manager)
    newcomer = SubmittedFactory(call=call, state="assessed")
    scored(newcomer, assessor_of(call), 5, 5)
    unscored = SubmittedFactory(call=call, state="assessed")
    changed = field[2]
    scored(changed, assessor_of(call), 5, 5)
    unknown = {newcomer.pk, unscored.pk, changed.pk}
    assert set(proposal_of(call)) == {one.pk for one in field} - {changed.pk}
    assert not_weighed(call) == unknown
    type(call).objects.filter(pk=call.pk).update(state=CallState.DECIDING)
    address = reverse("expressions:proposal", args=[call.pk])
    page = client.get(address)
    assert {one.pk for one in page.context["unweighed"]} == unknown
    assert "Not weighed by this plan" in text(page)
    seen = page.context["form"]["seen"].value()
    client.post(address, {"reason": "The plan.", "seen": seen})
    states = dict(call.expressions.values_list("pk", "state"))
    assert {states[pk] for pk in unknown} == {"assessed"}
    assert "assessed" not in {states[one.pk] for one in field if one != changed}


def test_score_changed_after_the_preview_stops_the_plan(client, call, field, manager):
    choose(make(call), manager)
    type(call).objects.filter(pk=call.pk).update(state=CallState.DECIDING)
    address = reverse("expressions:proposal", args=[call.pk])
    seen = client.get(address).context["form"]["seen"].value()
    scored(field[2], assessor_of(call), 5, 5)
    page = client.post(address, {"reason": "The plan.", "seen": seen}, follow=True)
    assert "Look at the preview again" in text(page)
    assert set(call.expressions.values_list("state", flat=True)) == {"assessed"}
