"""Decisions are held, released together and once, answered, and become projects."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.models import Transition
from core.transitions import ReasonRequired, TransitionNotAllowed
from core.versions import ChangedMeanwhile
from expressions import letters, reminders, transitions
from expressions.enums import CallState, LetterKind
from expressions.models import CarriedOver, Decision, Expression, Letter, Resending
from expressions.selectors import deciding as selectors
from expressions.selectors import lists as selectors_of_lists
from expressions.selectors import releasing
from expressions.selectors.offers import free_places
from expressions.services import converting, deciding, offers
from notifications.models import Message
from notifications.reminders import queue_due_reminders
from projects.models import Project
from tests.expressions.deciding import (
    assessed,
    conflict,
    decide,
    deciding_call,
    fresh,
    give_day,
    manager_of_programme,
    release,
    with_writer,
)
from tests.expressions.factories import QuestionFactory, SectionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(db):
    return deciding_call()


@pytest.fixture
def boss(db):
    return manager_of_programme()


def letters_in_outbox():
    return Message.objects.filter(kind="expressions.letter")


def released(call, boss, *outcomes):
    """Expressions with their writers, decided so and told."""
    made = [with_writer(call, 3) for _one in outcomes]
    give_day(call, boss)
    for (expression, _writer), outcome in zip(made, outcomes, strict=True):
        decide(expression, outcome, boss)
    release(call, boss)
    for expression, _writer in made:
        expression.refresh_from_db()
    return made


# --- The wording ---


@pytest.mark.parametrize("kind", LetterKind.values)
def test_usual_wording_of_each_letter_has_known_fields_alone(kind):
    assert [letters.problem_of(text, kind) for text in letters.default_wording(kind)] == ["", ""]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Dear {organization}", "There is no field {organization}."),
        ("By {answer by}", "Only an offer has the field {answer by}"),
        ("A { alone", "A curly bracket stands alone."),
        ("{{organisation}}", "A curly bracket stands alone."),
    ],
)
def test_wrong_field_is_named(text, says):
    assert says in letters.problem_of(text, LetterKind.DECLINED)


def test_field_in_what_is_filled_in_stays_as_it_was_written():
    values = {"feedback": "Write {reference} first.", "reference": "EOI-1"}
    assert letters.fill("{feedback} ({ reference })", values) == "Write {reference} first. (EOI-1)"


def test_line_of_an_empty_field_is_closed_up():
    assert letters.fill("One.\n\n{feedback}\n\nTwo.", {"feedback": ""}) == "One.\n\nTwo."


# --- Deciding ---


def test_decision_is_kept_with_its_reason_and_who_made_it(call, boss):
    one = assessed(call, 3)
    assert decide(one, "offered", boss).state == "offered"
    row = Decision.objects.get()
    assert (row.reason, row.feedback, row.by) == ("It fits.", "Well told.", boss)
    step = Transition.objects.get(object_id=str(one.pk), step="offer")
    assert (step.by, step.reason) == (boss, "It fits.")


def test_decision_can_be_changed_while_it_is_held(call, boss):
    one = assessed(call, 3)
    for outcome in ("offered", "reserve", "declined", "offered"):
        assert decide(one, outcome, boss).state == outcome


def test_same_decision_twice_changes_nothing(call, boss):
    one = assessed(call, 3)
    decide(one, "offered", boss)
    at = Decision.objects.get().at
    decide(one, "offered", boss)
    assert Decision.objects.get().at == at
    assert Transition.objects.filter(object_id=str(one.pk)).count() == 1


def test_decision_needs_a_reason(call, boss):
    one = assessed(call, 3)
    with pytest.raises(ReasonRequired):
        decide(one, "offered", boss, reason=" ")
    assert Expression.objects.get(pk=one.pk).state == "assessed"


def test_feedback_can_be_kept_before_anything_is_decided(call, boss):
    one = assessed(call, 3)
    assert decide(one, "", boss, reason="").state == "assessed"
    assert Decision.objects.get().feedback == "Well told."


def test_second_of_two_who_decide_at_once_is_told(call, boss):
    one = assessed(call, 3)
    seen = selectors.decision_version(one, None)
    decide(one, "offered", boss)
    with pytest.raises(ChangedMeanwhile):
        deciding.decide(
            obj=one,
            outcome="declined",
            reason="No.",
            feedback="",
            seen=seen,
            by=boss,
            now=timezone.now(),
        )
    assert Expression.objects.get(pk=one.pk).state == "offered"


def test_who_has_a_conflict_cannot_decide(call, boss):
    one = assessed(call, 3)
    conflict(one, boss)
    with pytest.raises(PermissionDenied):
        decide(one, "offered", boss)


def test_nothing_is_decided_while_the_call_is_still_read(boss):
    one = assessed(deciding_call(state=CallState.ASSESSING), 3)
    with pytest.raises(TransitionNotAllowed):
        decide(one, "offered", boss)


# --- What a plan proposes ---


def apply_plan(call, proposal, boss):
    changes = selectors.changes_by(call, proposal, boss)
    return deciding.apply_proposal(
        call=call,
        proposal=proposal,
        seen=selectors.mark_of(changes),
        reason="The plan of the mix.",
        by=boss,
        now=timezone.now(),
    )


def test_plan_is_applied_once_and_leaves_what_a_conflict_hides(call, boss):
    first, second, hidden = (assessed(call, 3) for _n in range(3))
    conflict(hidden, boss)
    proposal = {first.pk: "offered", second.pk: "declined", hidden.pk: "offered"}
    assert [apply_plan(call, proposal, boss) for _click in range(2)] == [2, 0]
    states = dict(call.expressions.values_list("pk", "state"))
    assert states == {first.pk: "offered", second.pk: "declined", hidden.pk: "assessed"}


def test_plan_is_not_applied_over_a_decision_made_since_the_preview(call, boss):
    one, other = assessed(call, 3), assessed(call, 3)
    proposal = {one.pk: "offered", other.pk: "declined"}
    seen = selectors.mark_of(selectors.changes_by(call, proposal, boss))
    decide(one, "reserve", boss)
    with pytest.raises(ChangedMeanwhile):
        deciding.apply_proposal(
            call=call, proposal=proposal, seen=seen, reason="Plan.", by=boss, now=timezone.now()
        )
    assert Expression.objects.get(pk=other.pk).state == "assessed"


# --- Release ---


def test_release_writes_to_everybody_once_however_often_it_is_asked(call, boss):
    made = released(call, boss, "offered", "reserve", "declined")
    release(call, boss)
    release(call, boss, now=timezone.now() + timedelta(days=1))
    sent = letters_in_outbox().values_list("recipient", "object_id")
    assert sorted(sent) == sorted((writer.pk, str(one.pk)) for one, writer in made)
    assert [letter.outcome for letter in Letter.objects.order_by("expression_id")] == [
        "offered",
        "reserve",
        "declined",
    ]
    call.refresh_from_db()
    assert call.state == CallState.DECIDED
    assert all(one.told_at for one, _writer in made)


def test_letter_stays_as_it_was_sent(call, boss):
    ((one, _writer),) = released(call, boss, "offered")
    letter = Letter.objects.get()
    assert one.organisation.name in letter.body
    assert "Well told." in letter.body
    one.organisation.name = "Another name"
    one.organisation.save()
    assert "Another name" not in Letter.objects.get().body
    assert letter.body in letters_in_outbox().get().body


def test_ineligible_are_written_to_as_well(call, boss):
    one, writer = with_writer(call, state="ineligible")
    decide(one, "", boss, reason="")
    release(call, boss)
    assert Letter.objects.get().outcome == "ineligible"
    assert letters_in_outbox().get().recipient == writer


def test_nothing_goes_out_while_one_is_undecided_though_hidden_from_who_releases(call, boss):
    decided, hidden = assessed(call, 3), assessed(call, 3)
    conflict(hidden, boss)
    give_day(call, boss)
    decide(decided, "offered", boss)
    with pytest.raises(deciding.NotReadyToRelease, match="1 expression of interest"):
        release(call, boss)
    assert not Letter.objects.exists()
    assert releasing.release_check(call, boss, timezone.now()).undecided == []


def test_offers_do_not_go_out_without_a_day_to_answer_that_is_to_come(call, boss):
    decide(assessed(call, 3), "offered", boss)
    with pytest.raises(deciding.NotReadyToRelease, match="no last day"):
        release(call, boss)
    give_day(call, boss, days=0)
    with pytest.raises(deciding.NotReadyToRelease, match="in the future"):
        release(call, boss)


def test_letters_without_feedback_go_out_only_when_that_is_said(call, boss):
    decide(assessed(call, 3), "declined", boss, feedback="")
    with pytest.raises(deciding.NotReadyToRelease, match="no feedback"):
        release(call, boss)
    release(call, boss, without_feedback=True)
    assert Letter.objects.get().feedback == ""


def test_who_does_not_manage_the_programme_releases_nothing(call, boss, staff):
    decide(assessed(call, 3), "declined", boss)
    with pytest.raises(PermissionDenied):
        release(call, staff)


def test_decision_cannot_be_changed_after_its_letter(call, boss):
    ((one, _writer),) = released(call, boss, "declined")
    with pytest.raises(TransitionNotAllowed):
        decide(one, "offered", boss, reason="After all.")
    with pytest.raises(TransitionNotAllowed):
        transitions.withdraw(obj=one, by=_writer, now=timezone.now())


def test_letter_is_sent_again_with_a_reason_once_a_key(call, boss):
    released(call, boss, "declined")
    letter, key = Letter.objects.get(), uuid4()
    for _click in range(2):
        offers.resend(
            obj=letter,
            reason="They moved.",
            answer_by=None,
            once_key=key,
            by=boss,
            now=timezone.now(),
        )
    row = Resending.objects.get()
    assert (row.reason, row.by, row.sent_to) == ("They moved.", boss, 1)
    assert letters_in_outbox().count() == 2


def test_who_decided_finds_it_in_their_own_data(call, boss):
    released(call, boss, "declined")
    held = selectors_of_lists.expressions_data(boss)["decisions_by_you"]
    assert [(one["reason"], one["feedback"]) for one in held] == [("It fits.", "Well told.")]


# --- The answer ---


def test_offer_is_accepted_once_by_its_own_people_until_the_day(call, boss):
    ((one, writer),) = released(call, boss, "offered")
    stranger = with_writer(call, 3)[1]
    day = Letter.objects.get().answer_by
    late = timezone.now() + timedelta(days=20)
    with pytest.raises(PermissionDenied):
        transitions.accept(obj=one, by=stranger, now=timezone.now())
    with pytest.raises(TransitionNotAllowed, match="has passed"):
        transitions.accept(obj=one, by=writer, now=late)
    assert day < timezone.localdate(late)
    for _click in range(2):
        assert transitions.accept(obj=one, by=writer, now=timezone.now()).state == "accepted"
    with pytest.raises(TransitionNotAllowed):
        transitions.turn_down(obj=one, by=writer, now=timezone.now())


def test_held_offer_cannot_be_answered(call, boss):
    one, writer = with_writer(call, 3)
    decide(one, "offered", boss)
    with pytest.raises(TransitionNotAllowed, match="no offer"):
        transitions.accept(obj=one, by=writer, now=timezone.now())


def test_more_time_lets_an_offer_be_answered_again(call, boss):
    ((one, writer),) = released(call, boss, "offered")
    later = timezone.localdate() + timedelta(days=30)
    offers.resend(
        obj=Letter.objects.get(),
        reason="They were away.",
        answer_by=later,
        once_key=uuid4(),
        by=boss,
        now=timezone.now(),
    )
    when = timezone.now() + timedelta(days=20)
    assert transitions.accept(obj=one, by=writer, now=when).state == "accepted"


def test_reserve_is_called_up_once_and_gets_its_letter(call, boss):
    (one, writer), (kept, keeper) = released(call, boss, "offered", "reserve")
    transitions.turn_down(obj=one, by=writer, now=timezone.now(), reason="No staff.")
    assert free_places(call, timezone.now()) == 1
    assert [todo.count for todo in releasing.deciding_todo(fresh(boss), timezone.now())] == [1]
    for _click in range(2):
        offers.call_up(
            obj=kept,
            answer_by=timezone.localdate() + timedelta(days=7),
            reason="A place is free.",
            feedback="We think of you again.",
            seen="1",
            by=fresh(boss),
            now=timezone.now(),
        )
    assert free_places(call, timezone.now()) == 0
    assert [letter.outcome for letter in kept.letters.all()] == ["reserve", "offered"]
    assert letters_in_outbox().filter(recipient=keeper).count() == 2
    offer = kept.letters.get(outcome="offered").body
    # What the letter about the reserve said would be out of place in an offer.
    assert "We think of you again." in offer
    assert "Well told." not in offer
    assert transitions.accept(obj=kept, by=keeper, now=timezone.now()).state == "accepted"


# --- Reminders ---


def reminded(now):
    for _run in range(2):
        queue_due_reminders(now=now)
    return Message.objects.filter(kind="expressions.offer_unanswered").count()


def test_offer_that_nobody_answers_is_reminded_of_once(call, boss):
    ((one, writer),) = released(call, boss, "offered")
    assert reminded(timezone.now() + timedelta(days=9)) == 0
    assert reminded(timezone.now() + timedelta(days=11)) == 1
    assert reminded(timezone.now() + timedelta(days=13)) == 1
    transitions.accept(obj=one, by=writer, now=timezone.now())
    one.refresh_from_db()
    assert reminders.offer_skip_reason(one, timezone.now()) == "not_offered"


# --- Projects ---


def test_accepted_offer_becomes_one_project_with_its_answers(call, boss):
    one, writer = with_writer(call, 3, delivery_model="network")
    question = QuestionFactory(section=SectionFactory(call=call, order=1), key="why", text="Why?")
    one.answers.create(question=question, value="People wait.", saved_at=timezone.now())
    give_day(call, boss)
    decide(one, "offered", boss)
    release(call, boss)
    transitions.accept(obj=one, by=writer, now=timezone.now())
    made = [
        converting.make_project(obj=one, by=fresh(boss), now=timezone.now()) for _click in range(2)
    ]
    assert made[0] == made[1] == Project.objects.get()
    project = made[0]
    assert (project.host, project.model) == (one.organisation, "network")
    assert [row.nation for row in project.nation_rows.all()] == [one.organisation.nation]
    one.answers.update(value="Changed since.")
    answers = CarriedOver.objects.get().answers
    assert answers[0]["answers"] == [{"question": "Why?", "words": "People wait."}]


@pytest.mark.parametrize(
    ("own", "offered", "says", "model"),
    [
        ("network", ["guide", "network"], "They chose it", "network"),
        ("", ["guide"], "the only one that the call offers", "guide"),
        ("demonstrator", ["guide"], "the only one that the call offers", "guide"),
        ("", ["guide", "network"], "", ""),
        ("demonstrator", ["guide", "network"], "", ""),
        ("", [], "", ""),
    ],
)
def test_delivery_model_is_said_by_the_expression_or_its_call_and_never_guessed(
    own, offered, says, model
):
    call = deciding_call(delivery_models=offered)
    found, source = converting.model_of(assessed(call, 3, delivery_model=own))
    assert found == model
    assert says in source


def test_project_is_not_made_without_a_delivery_model_that_the_call_offers(boss):
    call = deciding_call(delivery_models=["guide", "network"])
    ((one, writer),) = released(call, boss, "offered")
    transitions.accept(obj=one, by=writer, now=timezone.now())
    type(one).objects.filter(pk=one.pk).update(delivery_model="")
    for wrong in ("", "demonstrator"):
        with pytest.raises(TransitionNotAllowed, match="Choose one"):
            converting.make_project(obj=one, by=fresh(boss), now=timezone.now(), model=wrong)
    made = converting.make_project(obj=one, by=fresh(boss), now=timezone.now(), model="network")
    assert made.model == "network"


def test_offer_that_is_not_accepted_becomes_no_project(call, boss):
    ((one, _writer),) = released(call, boss, "offered")
    with pytest.raises(TransitionNotAllowed):
        converting.make_project(obj=one, by=fresh(boss), now=timezone.now())
    assert not Project.objects.exists()
