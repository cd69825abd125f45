"""Building a call: facts, dates, the form and its versions, copies, the seal."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.enums import RoleKind
from core.audit import entries_of
from core.transitions import ReasonRequired, TransitionNotAllowed
from core.versions import ChangedMeanwhile, version_of
from expressions import selectors, transitions
from expressions.callform import editing
from expressions.callform.document import find_question, form_of, questions_in
from expressions.callform.editing import GoneMeanwhile
from expressions.enums import CallState, ExpressionState, Fills, QuestionKind
from expressions.models import Call, CallVersion, Question, SealOpening, Section
from expressions.selectors.building import change_of, changes_since, current_form, lacks
from expressions.services import building as services
from expressions.services import deciding, judging, start_expression
from notifications.models import Message
from tests.accounts.factories import RoleFactory
from tests.expressions.factories import (
    CallFactory,
    ExpressionFactory,
    QuestionFactory,
    SectionFactory,
    SubmittedFactory,
    draft_call,
    write,
)
from tests.partners.factories import OrganisationFactory, contact_of
from tests.projects.factories import TopicFactory

pytestmark = pytest.mark.django_db

NEW = {"kind": "short", "text": "Where?"}


@pytest.fixture
def at():
    return timezone.now()


@pytest.fixture
def draft():
    return draft_call()


@pytest.fixture
def opened(draft, staff, at):
    return transitions.open_call(obj=draft, by=staff, now=at)


@pytest.fixture
def writer(opened):
    """Somebody with a draft in the open call."""
    organisation = OrganisationFactory(name="Newport voices")
    person = contact_of(organisation)
    start_expression(obj=opened, organisation=organisation, by=person, now=timezone.now())
    return person


def keys(call):
    return [one["key"] for one in questions_in(form_of(call))]


def edit(call, change, by):
    return services.edit_form(obj=call, edit=change, by=by, now=timezone.now())


def section_of(call):
    return form_of(call)["sections"][0]["key"]


def publish(call, by, reason="", now=None):
    seen = services.change_seen(change_of(call))
    return services.publish_change(
        obj=call, seen=seen, reason=reason, by=by, now=now or timezone.now()
    )


def test_a_new_call_is_a_draft_with_an_address_of_its_own(staff, at):
    first = services.create_call(title="Host", year=2027, by=staff, now=at)
    second = services.create_call(title="Host", year=2027, by=staff, now=at)
    assert (first.slug, second.slug) == ("host-2027", "host-2027-2")
    assert first.state == CallState.DRAFT


def test_a_double_click_makes_one_call(staff, at):
    key = uuid4()
    first = services.create_call(title="Host", year=2027, by=staff, now=at, once_key=key)
    assert services.create_call(title="Host", year=2027, by=staff, now=at, once_key=key) == first


def test_only_the_programme_team_builds(somebody, draft, at):
    with pytest.raises(PermissionDenied):
        services.create_call(title="Host", year=2027, by=somebody, now=at)
    with pytest.raises(PermissionDenied):
        edit(draft, editing.remove_question("why"), somebody)


def test_an_address_of_the_portal_is_given_to_no_call():
    assert services.free_slug("import", 2027) == "import-2027"


def test_facts_are_saved_with_what_changed_on_record(draft, staff, at):
    topic = TopicFactory()
    seen = version_of(services.facts_of(draft))
    facts = {**{name: getattr(draft, name) for name in services.FACTS}, "title": "New title"}
    services.save_facts(obj=draft, values=facts, topics=[topic], seen=seen, by=staff, now=at)
    draft.refresh_from_db()
    assert (draft.title, list(draft.topics.all())) == ("New title", [topic])
    assert entries_of(draft).last().changes["title"] == ["Host a project", "New title"]
    with pytest.raises(ChangedMeanwhile):
        services.save_facts(
            obj=draft, values=facts | {"year": 2030}, topics=[], seen=seen, by=staff, now=at
        )


def test_choices_of_topic_and_model_follow_the_facts(draft, staff, at):
    values = {"text": "Which topic?", "kind": "choice", "fills": Fills.TOPIC.value}
    draft.topics.add(TopicFactory(title="Carers", slug="carers"))
    edit(draft, editing.add_question(section_of(draft), values, set()), staff)
    other = TopicFactory(title="Work", slug="work")
    facts = {name: getattr(draft, name) for name in services.FACTS}
    seen = version_of(services.facts_of(draft))
    services.save_facts(obj=draft, values=facts, topics=[other], seen=seen, by=staff, now=at)
    question = find_question(form_of(draft), "which-topic")
    assert [one["value"] for one in question["choices"]] == ["work"]


def test_form_goes_into_rows_and_comes_back_the_same(draft, staff):
    before = form_of(draft)
    services.write_sections(draft, before["sections"])
    assert form_of(draft) == before


def test_question_is_added_at_the_end_and_a_second_click_adds_no_more(draft, staff):
    for _click in range(2):
        edit(draft, editing.add_question(section_of(draft), NEW, set()), staff)
    assert keys(draft) == ["first", "before", "why", "where"]


def test_two_people_change_two_questions_and_both_stand(draft, staff, manager):
    form = form_of(draft)
    seen = {key: editing.seen_of(find_question(form, key)) for key in ("why", "first")}
    edit(draft, editing.change_question("why", {"text": "Why you?"}, seen["why"]), staff)
    edit(draft, editing.change_question("first", {"text": "First?"}, seen["first"]), manager)
    texts = [one["text"] for one in questions_in(form_of(draft))]
    assert texts == ["First?", "What did you do before?", "Why you?"]


def test_who_changes_the_same_question_second_is_told_and_nothing_is_written(draft, staff):
    seen = editing.seen_of(find_question(form_of(draft), "why"))
    edit(draft, editing.change_question("why", {"text": "Mine"}, seen), staff)
    with pytest.raises(ChangedMeanwhile):
        edit(draft, editing.change_question("why", {"text": "Theirs"}, seen), staff)
    assert find_question(form_of(draft), "why")["text"] == "Mine"


def test_two_people_move_sections_at_once_and_nothing_is_lost(draft, staff):
    for title in ("Second", "Third"):
        edit(draft, editing.add_section({"title": title}), staff)
    form = form_of(draft)
    order, (one, two, three) = editing.order_of(form), [s["key"] for s in form["sections"]]
    edit(draft, editing.move_section(three, 0, order), staff)
    with pytest.raises(ChangedMeanwhile):
        edit(draft, editing.move_section(one, 1, order), staff)
        edit(draft, editing.move_section(two, 0, order), staff)
    assert [s["key"] for s in form_of(draft)["sections"]] == [three, one, two]
    # A second click of the move that went through changes nothing and is no error.
    edit(draft, editing.move_section(three, 0, order), staff)


def test_question_moves_into_the_next_section(draft, staff):
    edit(draft, editing.add_section({"title": "Second"}), staff)
    form = form_of(draft)
    into = form["sections"][1]["key"]
    edit(draft, editing.move_question("why", into, 0, editing.order_of(form)), staff)
    assert [one["key"] for one in form_of(draft)["sections"][1]["questions"]] == ["why"]


def test_question_is_not_moved_above_the_one_it_hangs_on(draft, staff):
    form = form_of(draft)
    here, order = form["sections"][0]["key"], editing.order_of(form)
    with pytest.raises(services.FormNotRight, match="comes later"):
        edit(draft, editing.move_question("before", here, 0, order), staff)
    assert keys(draft) == ["first", "before", "why"]


def test_question_on_which_another_hangs_is_not_taken_out(draft, staff):
    with pytest.raises(services.FormNotRight, match="not in the form any more"):
        edit(draft, editing.remove_question("first"), staff)


def test_choice_on_which_a_question_hangs_is_not_taken_out(draft, staff):
    section = section_of(draft)
    choices = [{"value": one, "label": one.title(), "label_cy": ""} for one in ("tea", "coffee")]
    drink = {"kind": "choice", "text": "Drink?", "choices": choices}
    edit(draft, editing.add_question(section, drink, set()), staff)
    sugar = {"text": "Sugar?", "condition": {"question": "drink", "answers": ["tea"]}}
    edit(draft, editing.add_question(section, sugar, set()), staff)
    seen = editing.seen_of(find_question(form_of(draft), "drink"))
    fewer = [{**choices[1]}, {"value": "water", "label": "Water", "label_cy": ""}]
    with pytest.raises(services.FormNotRight, match="tea"):
        edit(draft, editing.change_question("drink", {"choices": fewer}, seen), staff)


def test_change_of_what_is_gone_is_said(draft, staff):
    edit(draft, editing.remove_question("why"), staff)
    with pytest.raises(GoneMeanwhile):
        edit(draft, editing.change_question("why", {"text": "?"}, ""), staff)
    edit(draft, editing.remove_question("why"), staff)
    assert not Question.objects.filter(key="why").exists()


def test_section_goes_with_its_questions_while_the_call_is_a_draft(draft, staff):
    edit(draft, editing.remove_section(section_of(draft)), staff)
    assert (Section.objects.count(), Question.objects.count()) == (0, 0)


def test_what_a_call_lacks_is_said_with_where_to_put_it_right(at):
    call = CallFactory(state=CallState.DRAFT, opens_at=None, closes_at=None)
    found = {lack.words: lack.url for lack in lacks(call, at)}
    assert found["Say what you offer."] == f"/staff/calls/{call.slug}/facts/"
    assert found["Say when the call opens and closes."].endswith("/dates/")
    assert found["Write at least one section with a question."].endswith("/form/")


def test_call_whose_closing_has_passed_is_not_opened(staff, at):
    call = draft_call(closes_at=at - timedelta(days=1))
    with pytest.raises(transitions.NotReady) as refusal:
        transitions.open_call(obj=call, by=staff, now=at)
    assert [lack.words for lack in refusal.value.lacks] == [
        "The closing time has passed. Choose a later one."
    ]
    assert CallVersion.objects.count() == 0


def test_opening_keeps_the_whole_form_as_version_one(opened):
    version = CallVersion.objects.get(call=opened)
    assert version.number == opened.version == 1
    assert [one["key"] for one in version.form["sections"][0]["questions"]] == [
        "first",
        "before",
        "why",
    ]


def test_an_edit_of_an_open_call_is_seen_by_nobody_before_it_is_published(opened, staff):
    edit(opened, editing.add_question(section_of(opened), NEW, set()), staff)
    assert keys(opened) == ["first", "before", "why"]
    form = current_form(opened, change_of(opened))
    assert [one["key"] for one in questions_in(form)][-1] == "where"


def test_publishing_makes_a_version_and_tells_each_writer_once(opened, writer, staff):
    other = ExpressionFactory(call=opened, state=ExpressionState.WITHDRAWN)
    contact_of(other.organisation)
    edit(opened, editing.add_question(section_of(opened), NEW, set()), staff)
    version = publish(opened, staff, "Somebody asked.")
    assert version.reason == "Somebody asked.\nNew question: “Where?”."
    message = Message.objects.get(kind="expressions.call_changed")
    assert message.recipient == writer
    assert "> New question: “Where?”." in message.body
    assert "Newport voices is writing for it" in message.body
    with pytest.raises(services.NothingToPublish):
        services.publish_change(obj=opened, seen="", reason="", by=staff, now=timezone.now())
    assert Message.objects.filter(kind="expressions.call_changed").count() == 1
    opened.refresh_from_db()
    assert (opened.version, keys(opened)[-1]) == (2, "where")


def test_one_person_with_two_drafts_gets_one_message(opened, writer, staff):
    second = OrganisationFactory(name="Second")
    RoleFactory(person=writer, kind=RoleKind.PARTNER_CONTACT, scope=second)
    ExpressionFactory(call=opened, organisation=second)
    edit(opened, editing.add_question(section_of(opened), NEW, set()), staff)
    publish(opened, staff)
    message = Message.objects.get(kind="expressions.call_changed")
    assert "Newport voices, Second" in message.body


def test_publishing_what_somebody_changed_since_it_was_read_is_refused(opened, staff):
    edit(opened, editing.add_question(section_of(opened), NEW, set()), staff)
    seen = services.change_seen(change_of(opened))
    edit(opened, editing.remove_question("why"), staff)
    with pytest.raises(ChangedMeanwhile):
        services.publish_change(obj=opened, seen=seen, reason="", by=staff, now=timezone.now())


def test_call_opened_before_versions_were_kept_gets_its_first_version_too(staff):
    call = draft_call(state=CallState.OPEN)
    edit(call, editing.remove_question("why"), staff)
    publish(call, staff)
    assert list(call.versions.values_list("number", flat=True)) == [2, 1]


def test_question_taken_out_of_an_open_call_is_kept_with_its_answers(opened, writer, staff):
    expression = opened.expressions.get()
    why = Question.objects.get(key="why")
    write(expression, why, "Because.", writer, timezone.now())
    edit(opened, editing.remove_question("why"), staff)
    publish(opened, staff)
    why.refresh_from_db()
    assert why.is_retired
    part = selectors.parts_of(expression)[0]
    assert [line.question.key for line in part.asked] == ["first"]
    assert [line.words for line in part.asked_no_longer] == ["Because."]
    assert selectors.written_parts(expression)[0]["answers"][-1] == {
        "question": "Why? (no longer asked)",
        "words": "Because.",
    }
    assert keys(opened) == ["first", "before"]


def test_sending_in_does_not_wait_for_what_is_no_longer_asked(opened, writer, staff):
    expression = opened.expressions.get()
    write(expression, Question.objects.get(key="first"), "yes", writer, timezone.now())
    edit(opened, editing.remove_question("why"), staff)
    publish(opened, staff)
    sent = transitions.submit(obj=expression, by=writer, now=timezone.now(), declared_by="Ann")
    assert sent.state == ExpressionState.SUBMITTED


def test_unanswered_question_that_is_no_longer_asked_is_not_shown(opened, writer, staff):
    edit(opened, editing.remove_question("why"), staff)
    publish(opened, staff)
    part = selectors.parts_of(opened.expressions.get())[0]
    assert part.asked_no_longer == []


def test_section_taken_out_of_an_open_call_stays_behind_the_others(opened, writer, staff):
    edit(opened, editing.add_section({"title": "Second"}), staff)
    second = change_of(opened).form["sections"][1]["key"]
    edit(opened, editing.add_question(second, NEW, set()), staff)
    edit(opened, editing.remove_section(section_of(opened)), staff)
    publish(opened, staff)
    assert [(s.title, s.order) for s in opened.sections.all()] == [("Second", 1), ("About you", 2)]
    parts = selectors.parts_of(opened.expressions.get())
    assert [part.section.title for part in parts] == ["Second"]
    edit(opened, editing.add_question(section_of(opened), {"text": "More?"}, set()), staff)
    assert publish(opened, staff).number == 3


def test_new_question_does_not_take_the_key_of_one_no_longer_asked(opened, staff):
    edit(opened, editing.remove_question("why"), staff)
    publish(opened, staff)
    taken = services.taken_keys(opened)
    edit(opened, editing.add_question(section_of(opened), {"text": "Why?"}, taken), staff)
    publish(opened, staff)
    assert keys(opened)[-1] == "why-2"


def test_section_without_a_question_is_not_published(opened, staff):
    edit(opened, editing.add_section({"title": "Empty"}), staff)
    with pytest.raises(services.FormNotRight, match="Empty"):
        publish(opened, staff)


def test_change_back_to_what_stands_is_nothing_to_publish(opened, staff):
    form = form_of(opened)
    edit(opened, editing.add_section({"title": "Empty"}), staff)
    new = change_of(opened).form["sections"][1]["key"]
    edit(opened, editing.remove_section(new), staff)
    assert change_of(opened).form["sections"] == form["sections"]
    with pytest.raises(services.NothingToPublish):
        publish(opened, staff)


def test_closed_call_is_not_changed(opened, staff):
    later = opened.closes_at
    with pytest.raises(TransitionNotAllowed, match="closed"):
        services.edit_form(obj=opened, edit=editing.remove_question("why"), by=staff, now=later)


def test_change_is_thrown_away(opened, staff, at):
    edit(opened, editing.remove_question("why"), staff)
    services.discard_change(obj=opened, by=staff, now=at)
    services.discard_change(obj=opened, by=staff, now=at)
    assert change_of(opened) is None
    assert keys(opened) == ["first", "before", "why"]


def test_writers_say_that_they_read_what_changed(opened, writer, staff):
    expression = opened.expressions.get()
    edit(opened, editing.remove_question("why"), staff)
    version = publish(opened, staff)
    assert changes_since(opened, expression.call_version) == [version]
    services.acknowledge_change(obj=expression, version=99, by=writer)
    expression.refresh_from_db()
    assert expression.call_version == 1
    services.acknowledge_change(obj=expression, version=2, by=writer)
    expression.refresh_from_db()
    assert expression.call_version == 2


def test_expression_begun_after_a_change_has_read_it(opened, staff):
    edit(opened, editing.remove_question("why"), staff)
    publish(opened, staff)
    opened.refresh_from_db()
    organisation = OrganisationFactory()
    begun = start_expression(
        obj=opened, organisation=organisation, by=contact_of(organisation), now=timezone.now()
    )
    assert begun.call_version == 2


def test_closing_is_moved_later_and_all_who_write_are_told_once(opened, writer, staff, at):
    later = opened.closes_at + timedelta(days=7)
    for _click in range(2):
        services.move_closing(obj=opened, closes_at=later, reason="Snow.", by=staff, now=at)
    opened.refresh_from_db()
    assert opened.closes_at == later
    message = Message.objects.get(kind="expressions.closing_moved")
    assert (message.recipient, "> Snow." in message.body) == (writer, True)
    assert entries_of(opened).last().note == "Snow."


@pytest.mark.parametrize("days", [-1, -60])
def test_closing_is_not_moved_earlier(opened, staff, at, days):
    earlier = opened.closes_at + timedelta(days=days)
    with pytest.raises(TransitionNotAllowed, match="later"):
        services.move_closing(obj=opened, closes_at=earlier, reason="x", by=staff, now=at)


def test_closing_is_not_moved_without_a_reason_or_after_it(opened, staff, at):
    later = opened.closes_at + timedelta(days=1)
    with pytest.raises(ReasonRequired):
        services.move_closing(obj=opened, closes_at=later, reason=" ", by=staff, now=at)
    with pytest.raises(TransitionNotAllowed, match="still open"):
        services.move_closing(
            obj=opened, closes_at=later, reason="x", by=staff, now=opened.closes_at
        )


def test_copy_is_a_draft_for_the_year_after_with_the_same_keys(opened, staff, at):
    judging.add_criterion(
        call=opened, values={"title": "Need", "help": "", "weight": 2}, by=staff, now=at
    )
    judging.add_target(
        call=opened,
        values={"dimension": "nation", "value": "wales", "least": 1, "most": None},
        by=staff,
        now=at,
    )
    key = uuid4()
    copy = services.copy_call(obj=opened, by=staff, now=at, once_key=key)
    assert services.copy_call(obj=opened, by=staff, now=at, once_key=key) == copy
    assert (copy.state, copy.year, copy.opens_at) == (CallState.DRAFT, opened.year + 1, None)
    assert keys(copy) == keys(opened)
    before = find_question(form_of(copy), "before")
    assert before["condition"] == {"question": "first", "answers": ["no"]}
    assert Question.objects.get(section__call=copy, key="before").condition.section.call == copy
    assert copy.criteria.get().weight == 2
    assert copy.targets.get().value == "wales"
    assert Call.objects.count() == 2


@pytest.fixture
def sealed():
    call = CallFactory(is_sealed=True)
    QuestionFactory(section=SectionFactory(call=call), kind=QuestionKind.SHORT)
    return SubmittedFactory(call=call)


def test_seal_holds_for_everybody_on_the_staff(sealed, staff, manager):
    for person in (staff, manager):
        assert not person.has_perm("expressions.read_answers", sealed)
    assert contact_of(sealed.organisation).has_perm("expressions.read_answers", sealed)


def test_manager_opens_one_seal_which_is_on_record(sealed, staff, manager, at):
    other = SubmittedFactory(call=sealed.call)
    for _click in range(2):
        services.break_seal(obj=sealed, reason="A complaint.", by=manager, now=at)
    assert SealOpening.objects.get().reason == "A complaint."
    assert staff.has_perm("expressions.read_answers", sealed)
    assert not staff.has_perm("expressions.read_answers", other)
    assert "A complaint." in entries_of(sealed).last().note
    assert "A complaint." in entries_of(sealed.call).last().note


def test_seal_is_not_opened_by_staff_nor_without_a_reason(sealed, staff, manager, at):
    with pytest.raises(PermissionDenied):
        services.break_seal(obj=sealed, reason="x", by=staff, now=at)
    with pytest.raises(ReasonRequired):
        services.break_seal(obj=sealed, reason=" ", by=manager, now=at)
    with pytest.raises(TransitionNotAllowed):
        services.break_seal(obj=SubmittedFactory(), reason="x", by=manager, now=at)


def test_steps_of_a_call_say_what_they_wait_for(staff, manager, at):
    call = draft_call(state=CallState.CLOSED)
    with pytest.raises(TransitionNotAllowed, match="criterion"):
        transitions.start_assessing(obj=call, by=staff, now=at)
    values = {"title": "Need", "help": "", "weight": 1}
    for _click in range(2):
        judging.add_criterion(call=call, values=values, by=staff, now=at)
    assert call.criteria.count() == 1
    assert transitions.start_assessing(obj=call, by=staff, now=at).state == CallState.ASSESSING
    waiting = SubmittedFactory(call=call, state=ExpressionState.ELIGIBLE)
    with pytest.raises(TransitionNotAllowed, match="1 expression"):
        transitions.start_deciding(obj=call, by=staff, now=at)
    waiting.delete()
    assert transitions.start_deciding(obj=call, by=staff, now=at).state == CallState.DECIDING
    decided = deciding.release(call=call, without_feedback=False, by=manager, now=at)
    assert decided.state == CallState.DECIDED
    assert transitions.archive_call(obj=call, by=manager, now=at).state == CallState.ARCHIVED


def test_criteria_stay_once_the_reading_has_begun(staff, at):
    call = draft_call(state=CallState.ASSESSING)
    with pytest.raises(TransitionNotAllowed, match="reading has begun"):
        judging.add_criterion(call=call, values={"title": "Need"}, by=staff, now=at)
    with pytest.raises(TransitionNotAllowed, match="reading has begun"):
        services.save_fields(obj=call, values={"places": 3}, seen="", by=staff, now=at)


def test_criterion_is_put_in_another_place(draft, staff, at):
    made = [
        judging.add_criterion(call=draft, values={"title": title}, by=staff, now=at)
        for title in ("One", "Two", "Three")
    ]
    for _click in range(2):
        judging.move_criterion(obj=made[2], to=0, by=staff, now=at)
    assert [one.title for one in draft.criteria.all()] == ["Three", "One", "Two"]


def test_the_mix_has_one_line_for_each_value(draft, staff, at):
    line = {"dimension": "nation", "value": "wales", "least": 1, "most": 3}
    made = judging.add_target(call=draft, values=line, by=staff, now=at)
    assert judging.add_target(call=draft, values=line, by=staff, now=at) == made
    with pytest.raises(judging.TwiceInTheMix):
        judging.add_target(call=draft, values={**line, "least": 2}, by=staff, now=at)
    other = judging.add_target(call=draft, values={**line, "value": "england"}, by=staff, now=at)
    seen = version_of({**line, "value": "england"})
    with pytest.raises(judging.TwiceInTheMix):
        judging.change_line(obj=other, values=line, seen=seen, by=staff, now=at)
    judging.remove_line(obj=made, by=staff, now=at)
    assert draft.targets.count() == 1
