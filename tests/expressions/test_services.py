"""Beginning an expression, and saving answers without losing a word."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.utils import timezone

from accounts.models import User
from core.enums import AuditAction
from core.models import AuditEntry, Transition
from core.transitions import TransitionNotAllowed
from expressions import questions, selectors, services, transitions
from expressions.enums import CallState, ExpressionState, Fills, QuestionKind
from expressions.models import Answer, Expression, SectionMark
from expressions.services import Given
from expressions.transitions import CallNotOpen
from tests.expressions.factories import (
    CallFactory,
    ExpressionFactory,
    QuestionFactory,
    write,
)
from tests.partners.factories import OrganisationFactory, contact_of
from tests.projects.factories import TopicFactory

pytestmark = pytest.mark.django_db


def save(scene, text, version, *, by=None, shown=None):
    """Save an answer to "why" that was read at ``version``, when ``shown`` was shown."""
    mark = questions.fingerprint(shown) if shown is not None else ""
    return services.save_answers(
        obj=scene.draft,
        given={scene.why.pk: Given([text], version, mark)},
        by=by or scene.writer,
        now=timezone.now(),
    )


def standing(scene):
    answer = Answer.objects.get(expression=scene.draft, question=scene.why)
    return answer.value, answer.version


def start(call, organisation, by, now):
    return services.start_expression(obj=call, organisation=organisation, by=by, now=now)


def test_starting_twice_gives_the_same_draft():
    organisation = OrganisationFactory()
    call, writer, now = CallFactory(), contact_of(organisation), timezone.now()
    assert start(call, organisation, writer, now) == start(call, organisation, writer, now)
    assert Expression.objects.count() == 1


def test_somebody_else_cannot_start_for_an_organisation(scene, somebody):
    with pytest.raises(PermissionDenied):
        start(CallFactory(), scene.organisation, somebody, timezone.now())


@pytest.mark.parametrize(
    ("state", "opens", "closes"),
    [("open", -2, -1), ("open", 1, 2), ("draft", -1, 1), ("closed", -1, 1)],
)
def test_nothing_starts_in_a_call_that_is_not_open(scene, state, opens, closes):
    now = timezone.now()
    call = CallFactory(
        state=state, opens_at=now + timedelta(days=opens), closes_at=now + timedelta(days=closes)
    )
    with pytest.raises(CallNotOpen):
        start(call, scene.organisation, scene.writer, now)


def test_after_withdrawing_a_new_one_can_be_started(scene):
    transitions.withdraw(obj=scene.draft, by=scene.writer, now=timezone.now())
    again = start(scene.call, scene.organisation, scene.writer, timezone.now())
    assert again.pk != scene.draft.pk


def test_database_refuses_a_second_open_expression(scene):
    with pytest.raises(IntegrityError):
        ExpressionFactory(call=scene.call, organisation=scene.organisation)


def test_first_save_makes_version_one_and_each_change_the_next(scene):
    save(scene, "One", 0)
    save(scene, "Two", 1)
    assert standing(scene) == ("Two", 2)


def test_second_writer_meets_both_texts_and_loses_neither(scene):
    other = contact_of(scene.organisation, preferred_name="Bob")
    save(scene, "Mine", 0)
    outcome = save(scene, "Theirs", 0, by=other)
    conflict = outcome.conflicts[scene.why.pk]
    assert (conflict.mine, conflict.theirs, conflict.version) == ("Theirs", "Mine", 1)
    assert conflict.by == scene.writer
    assert standing(scene) == ("Mine", 1)


def test_after_seeing_both_the_second_writer_may_replace(scene):
    other = contact_of(scene.organisation)
    save(scene, "Mine", 0)
    version = save(scene, "Theirs", 0, by=other).conflicts[scene.why.pk].version
    assert save(scene, "Both", version, by=other).is_clean
    assert standing(scene) == ("Both", 2)


def test_saving_the_same_again_after_a_lost_reply_is_no_conflict(scene):
    save(scene, "One", 0)
    outcome = save(scene, "One", 0)
    assert outcome.is_clean
    assert outcome.saved[scene.why.pk].version == 1


def test_field_that_was_left_alone_does_not_undo_a_colleague(scene):
    save(scene, "One", 0)
    save(scene, "Two", 1, by=contact_of(scene.organisation))
    assert save(scene, "One", 1, shown="One").is_clean
    assert standing(scene) == ("Two", 2)


def test_answer_too_long_is_kept_and_said_to_be_too_long(scene):
    save(scene, "word " * 30, 0)
    words = {problem.question: problem.words for problem in selectors.problems_of(scene.draft)}
    assert words[scene.why] == "Your answer is 20 words too long; the most is 10"


def test_unreadable_answer_is_refused_and_the_rest_is_saved(scene):
    given = {scene.why.pk: Given(["a\0"], 0), scene.days.pk: Given(["4"], 0)}
    outcome = services.save_answers(
        obj=scene.draft, given=given, by=scene.writer, now=timezone.now()
    )
    assert list(outcome.refused) == [scene.why.pk]
    assert list(outcome.saved) == [scene.days.pk]


def test_question_of_another_call_is_left_out(scene):
    foreign = QuestionFactory()
    outcome = write(scene.draft, foreign, "x", scene.writer, timezone.now())
    assert outcome.saved == {}
    assert Answer.objects.count() == 0


def test_nobody_outside_of_the_organisation_saves(scene, staff):
    for person in (staff, contact_of(OrganisationFactory())):
        with pytest.raises(PermissionDenied):
            save(scene, "x", 0, by=person)


def test_contact_whose_role_has_ended_saves_no_more(scene):
    scene.writer.roles.update(ends_on=timezone.localdate() - timedelta(days=1))
    scene.writer.roles.update(starts_on=timezone.localdate() - timedelta(days=9))
    with pytest.raises(PermissionDenied):
        save(scene, "x", 0, by=User.objects.get(pk=scene.writer.pk))


def test_nothing_is_saved_from_the_closing_instant_on(scene):
    given = {scene.why.pk: Given(["late"], 0)}
    closes = scene.call.closes_at
    early = {scene.why.pk: Given(["in time"], 0)}
    services.save_answers(
        obj=scene.draft, given=early, by=scene.writer, now=closes - timedelta(microseconds=1)
    )
    with pytest.raises(CallNotOpen):
        services.save_answers(obj=scene.draft, given=given, by=scene.writer, now=closes)
    assert standing(scene) == ("in time", 1)


def test_answers_can_be_changed_after_sending_in_and_that_is_on_record(scene):
    scene.send()
    write(scene.draft, scene.why, "Better words.", scene.writer, timezone.now())
    entry = AuditEntry.objects.filter(action=AuditAction.CHANGED).get()
    assert entry.changes == {"why": ["1", "2"]}
    scene.draft.refresh_from_db()
    assert scene.draft.state == ExpressionState.SUBMITTED


def test_answer_changed_after_an_early_check_is_kept_and_checked_again(scene, staff):
    sent = scene.send()
    transitions.mark_eligible(obj=sent, by=staff, now=timezone.now())
    standing = sent.answers.get(question=scene.why).value
    write(sent, scene.why, standing, scene.writer, timezone.now())
    sent.refresh_from_db()
    assert sent.state == ExpressionState.ELIGIBLE
    write(sent, scene.why, "Better words.", scene.writer, timezone.now())
    sent.refresh_from_db()
    assert (sent.state, sent.own_state) == (ExpressionState.SUBMITTED, "Sent in")
    undone = Transition.objects.get(step="check_again")
    assert undone.reason == "Its answers changed after the check."
    transitions.mark_eligible(obj=sent, by=staff, now=timezone.now())


def test_answers_stand_still_once_the_call_has_closed_and_once_withdrawn(scene, staff):
    sent = scene.send()
    transitions.mark_eligible(obj=sent, by=staff, now=timezone.now())
    with pytest.raises(CallNotOpen):
        write(sent, scene.why, "Too late", scene.writer, scene.call.closes_at)
    transitions.withdraw(obj=sent, by=scene.writer, now=timezone.now())
    with pytest.raises(TransitionNotAllowed):
        write(sent, scene.why, "Too late", scene.writer, timezone.now())


def test_topic_and_model_are_carried_onto_the_expression(scene):
    topic = TopicFactory(slug="carers")
    filling = {"section": scene.why.section, "kind": QuestionKind.CHOICE}
    by_topic = QuestionFactory(
        fills=Fills.TOPIC, choices=[{"value": "carers", "label": "Carers"}], **filling
    )
    by_model = QuestionFactory(
        fills=Fills.DELIVERY_MODEL, choices=[{"value": "network", "label": "Network"}], **filling
    )
    for question, value in ((by_topic, "carers"), (by_model, "network")):
        write(scene.draft, question, value, scene.writer, timezone.now())
    scene.draft.refresh_from_db()
    assert (scene.draft.topic, scene.draft.delivery_model) == (topic, "network")


def test_condition_on_a_question_that_is_not_asked_asks_nothing(scene):
    yes_no = {"section": scene.why.section, "kind": QuestionKind.YES_NO, "is_required": False}
    first = QuestionFactory(**yes_no)
    second = QuestionFactory(**yes_no, condition=first, condition_values=["yes"])
    third = QuestionFactory(**yes_no, condition=second, condition_values=["yes"])
    for question, value in ((first, "no"), (second, "yes"), (third, "yes")):
        write(scene.draft, question, value, scene.writer, timezone.now())
    asked = [line.question for part in selectors.parts_of(scene.draft) for line in part.asked]
    assert asked == [scene.why, first, scene.days]


def test_finished_section_with_a_problem_is_not_done(scene):
    section = scene.why.section
    services.mark_section(
        obj=scene.draft, section=section, is_finished=True, by=scene.writer, now=timezone.now()
    )
    assert SectionMark.objects.get().is_finished is True
    assert [part.is_done for part in selectors.parts_of(scene.draft)] == [False, False]
    scene.fill()
    assert [part.is_done for part in selectors.parts_of(scene.draft)] == [True, False]


def test_whole_form_is_read_in_four_queries(scene, django_assert_num_queries):
    scene.fill()
    with django_assert_num_queries(4):
        selectors.parts_of(scene.draft)


def test_call_that_is_no_draft_must_have_its_dates():
    with pytest.raises(IntegrityError):
        CallFactory(state=CallState.OPEN, opens_at=None)
