"""The pages on which staff build a call, and what applicants and everybody see of it."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from expressions import transitions
from expressions.callform import files
from expressions.callform.document import find_question, form_of, questions_in
from expressions.enums import CallState, ExpressionState, Fills
from expressions.models import Call, Expression, Question
from expressions.selectors.building import change_of
from expressions.services import start_expression
from notifications.models import Message
from tests.expressions.deciding import conflict
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

DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    return draft_call()


@pytest.fixture
def opened(draft, staff):
    return transitions.open_call(obj=draft, by=staff, now=timezone.now())


@pytest.fixture
def manager_client(client, manager):
    client.force_login(manager)
    return client


def at(call, name, **more):
    return reverse(f"expressions:{name}", kwargs={"slug": call.slug, **more})


def text(response):
    return response.content.decode()


def section_key(call):
    return form_of(call)["sections"][0]["key"]


def shown(client, address):
    """What the page's form would send back as it stands."""
    form = client.get(address).context["form"]
    values = {}
    for bound in form:
        value = bound.value()
        if hasattr(value, "hour"):
            value = f"{value:%Y-%m-%dT%H:%M}"
        if value not in (None, False):
            values[bound.html_name] = value
    return values


def queries(client, address):
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_list_of_calls_costs_the_same_at_one_row_and_at_thirty(staff_client):
    counts = []
    for size in (1, 29):
        for call in CallFactory.create_batch(size):
            SubmittedFactory(call=call)
            ExpressionFactory(call=call)
        staff_client.get(reverse("expressions:staff-calls"))
        counts.append(queries(staff_client, reverse("expressions:staff-calls")))
    assert counts[0] == counts[1] <= 8


def test_list_of_calls_counts_and_is_filtered(staff_client):
    call = CallFactory(year=2025)
    CallFactory(year=2024, state=CallState.ARCHIVED)
    SubmittedFactory(call=call)
    ExpressionFactory(call=call)
    ExpressionFactory(call=call, state="withdrawn")
    address = reverse("expressions:staff-calls")
    rows = staff_client.get(address, {"year": "2025"}).context["page"].rows
    assert [(row["title"], row["arrived"], row["drafts"]) for row in rows] == [(call.title, 1, 1)]
    rows = staff_client.get(address, {"state": "archived"}).context["page"].rows
    assert [row["year"] for row in rows] == [2024]
    assert "No call fits" in text(staff_client.get(address, {"year": "2001"}))


def test_page_of_a_call_costs_at_most_fifteen_queries(staff_client, draft, opened):
    assert queries(staff_client, at(opened, "staff-call")) <= 15
    SubmittedFactory.create_batch(20, call=opened)
    assert queries(staff_client, at(opened, "staff-call")) <= 15
    other = draft_call(slug="other")
    assert queries(staff_client, at(other, "staff-call")) <= 15


def test_builder_costs_the_same_however_long_the_form(staff_client, draft):
    before = queries(staff_client, at(draft, "build-form"))
    section = draft.sections.get()
    QuestionFactory.create_batch(20, section=section)
    assert queries(staff_client, at(draft, "build-form")) == before <= 15


def test_a_call_is_begun_and_its_page_says_what_it_lacks(staff_client):
    address = reverse("expressions:build-add")
    values = {**shown(staff_client, address), "title": "Host a project", "year": "2027"}
    for _click in range(2):
        page = text(staff_client.post(address, values, follow=True))
    assert Call.objects.count() == 1
    assert "Say when the call opens and closes." in page
    assert "/staff/calls/host-a-project-2027/dates/" in page


def test_facts_are_changed_and_who_comes_second_sees_what_stands(staff_client, draft):
    address = at(draft, "build-facts")
    first = {**shown(staff_client, address), "summary": "Mine"}
    second = {**first, "summary": "Theirs"}
    assert staff_client.post(address, first).status_code == 302
    response = staff_client.post(address, second)
    assert "This stands there now:" in text(response)
    assert "Mine" in text(response)
    assert "Theirs" in text(response)
    again = {**second, "seen": response.context["form"]["seen"].value()}
    assert staff_client.post(address, again).status_code == 302
    draft.refresh_from_db()
    assert draft.summary == "Theirs"


def dates(opens, closes):
    found = {}
    for name, typed in (("opens_at", opens), ("closes_at", closes)):
        day, month, year, time = typed.split(" ")
        found |= {
            f"{name}_day": day,
            f"{name}_month": month,
            f"{name}_year": year,
            f"{name}_time": time,
        }
    return found


def test_dates_are_moments_in_london_on_both_sides_of_the_clock_change(staff_client, draft):
    address = at(draft, "build-dates")
    seen = shown(staff_client, address)["seen"]
    sent = {"seen": seen, **dates("28 3 2027 12:30am", "28 3 2027 2am")}
    assert staff_client.post(address, sent).status_code == 302
    draft.refresh_from_db()
    assert draft.opens_at.isoformat() == "2027-03-28T00:30:00+00:00"
    assert draft.closes_at.isoformat() == "2027-03-28T01:00:00+00:00"
    page = text(staff_client.get(at(draft, "staff-call")))
    assert "12:30am (Greenwich Mean Time)" in page
    assert "2am (British Summer Time)" in page


@pytest.mark.parametrize(
    ("closes", "words"),
    [
        ("28 3 2027 1:30am", "does not exist in London"),
        ("31 10 2027 1:30am", "comes twice in London"),
        ("1 1 2027 9am", "A call closes after it opens."),
        ("31 2 2027 9am", "Enter a real date"),
    ],
)
def test_dates_that_cannot_be_are_refused_plainly(staff_client, draft, closes, words):
    address = at(draft, "build-dates")
    response = staff_client.post(address, dates("1 3 2027 9am", closes))
    assert words in text(response)
    assert closes.split(" ")[3] in text(response)


@pytest.mark.parametrize("closes", ["28 3 2027 12:59am", "28 3 2027 2am", "31 10 2027 2am"])
def test_dates_beside_the_change_are_taken(staff_client, draft, closes):
    address = at(draft, "build-dates")
    seen = shown(staff_client, address)["seen"]
    sent = {"seen": seen, **dates("1 3 2027 9am", closes)}
    assert staff_client.post(address, sent).status_code == 302


@pytest.mark.parametrize("kind", ["short", "long", "choice", "choices", "number", "yes_no", "file"])
def test_a_question_of_each_kind_is_added_and_changed(staff_client, draft, kind):
    section = section_key(draft)
    chosen = staff_client.post(at(draft, "build-kind", section=section), {"kind": kind})
    address = at(draft, "build-question-add", section=section, kind=kind)
    assert chosen["Location"] == address
    values = shown(staff_client, address) | {"text": "A new one?", "text_cy": "Un newydd?"}
    if kind in {"choice", "choices"}:
        values |= {"choice_0_label": "Tea", "choice_0_cy": "Te", "choice_1_label": "Coffee"}
    assert staff_client.post(address, values).status_code == 302
    new = find_question(form_of(draft), "a-new-one")
    assert (new["kind"], new["text_cy"]) == (kind, "Un newydd?")
    change = at(draft, "build-question", key="a-new-one")
    sent = {**shown(staff_client, change), "help": "Some help", "need": "no"}
    assert staff_client.post(change, sent).status_code == 302
    new = find_question(form_of(draft), "a-new-one")
    assert (new["help"], new["is_required"]) == ("Some help", False)
    if new["choices"]:
        assert [one["value"] for one in new["choices"]] == ["tea", "coffee"]


def test_choices_keep_their_values_when_their_words_change(staff_client, draft):
    add = at(draft, "build-question-add", section=section_key(draft), kind="choice")
    values = {"text": "Drink?", "need": "yes", "choice_0_label": "Tea", "choice_1_label": "Coffee"}
    staff_client.post(add, values)
    address = at(draft, "build-question", key="drink")
    sent = {**shown(staff_client, address), "choice_0_label": "Green tea", "choice_2_label": "Tea"}
    staff_client.post(address, sent)
    choices = find_question(form_of(draft), "drink")["choices"]
    assert [(one["value"], one["label"]) for one in choices] == [
        ("tea", "Green tea"),
        ("coffee", "Coffee"),
        ("tea-2", "Tea"),
    ]


def test_question_of_the_topic_takes_its_choices_from_the_call(staff_client, draft):
    draft.topics.add(TopicFactory(slug="carers", title="Carers"))
    add = at(draft, "build-question-add", section=section_key(draft), kind="choice")
    staff_client.post(add, {"text": "Which topic?", "need": "yes", "fills": Fills.TOPIC.value})
    choices = find_question(form_of(draft), "which-topic")["choices"]
    assert [(one["value"], one["label"]) for one in choices] == [("carers", "Carers")]


def test_faulty_question_keeps_what_was_typed(staff_client, draft):
    address = at(draft, "build-question-add", section=section_key(draft), kind="choice")
    sent = {"text": "Drink?", "need": "models", "choice_0_label": "Tea"}
    response = staff_client.post(address, sent)
    assert "Choose the delivery models" in text(response)
    response = staff_client.post(address, {**sent, "need": "yes"})
    page = text(response)
    assert response.context["form"].errors == {"choice_1_label": ["Give at least two choices."]}
    assert 'href="#id_choice_1_label"' in page
    assert 'value="Tea"' in page
    first = page.split('for="id_choice_0_label"')[1].split("</label>")[0]
    assert "(optional)" not in first
    assert "you need not write them above" in page


def test_condition_is_chosen_from_earlier_questions_and_taken_away(staff_client, draft):
    address = at(draft, "build-condition", key="why")
    page = staff_client.get(address, {"on": "first"})
    assert [one["key"] for one in page.context["earlier"]] == ["first"]
    seen = page.context["form"]["seen"].value()
    sent = {"on": "first", "answers": ["yes"], "seen": seen}
    assert staff_client.post(address, sent).status_code == 302
    why = find_question(form_of(draft), "why")
    assert why["condition"] == {"question": "first", "answers": ["yes"]}
    page = text(staff_client.get(at(draft, "build-form")))
    assert "Asked only after “Yes” to “Your first one?”" in page
    seen = staff_client.get(address).context["form"]["seen"].value()
    assert staff_client.post(address, {"always": "yes", "seen": seen}).status_code == 302
    assert find_question(form_of(draft), "why")["condition"] is None
    assert "asked of everybody" in text(staff_client.get(at(draft, "build-condition", key="first")))


def test_condition_without_an_answer_is_refused(staff_client, draft):
    address = at(draft, "build-condition", key="why")
    response = staff_client.post(address, {"on": "first"})
    assert response.status_code == 200
    assert response.context["form"].errors


def test_sections_are_added_changed_moved_and_taken_out(staff_client, draft):
    staff_client.post(at(draft, "build-section-add"), {"title": "Second"})
    second = form_of(draft)["sections"][1]["key"]
    address = at(draft, "build-section", section=second)
    sent = {**shown(staff_client, address), "title": "People", "title_cy": "Pobl"}
    staff_client.post(address, sent)
    order = staff_client.get(at(draft, "build-form")).context["order_seen"]
    moved = {"section": second, "to": "0", "seen": order}
    for _click in range(2):
        assert "It is moved." in text(
            staff_client.post(at(draft, "build-move"), moved, follow=True)
        )
    titles = [one["title"] for one in form_of(draft)["sections"]]
    assert titles == ["People", "About you"]
    late = {"section": section_key(draft), "to": "1", "seen": "older"}
    page = text(staff_client.post(at(draft, "build-move"), late, follow=True))
    assert "Nothing was moved." in page
    assert "Take it out?" in text(
        staff_client.get(at(draft, "build-section-remove", section=second))
    )
    staff_client.post(at(draft, "build-section-remove", section=second))
    assert [one["title"] for one in form_of(draft)["sections"]] == ["About you"]


def test_taking_out_what_another_hangs_on_is_refused_in_words(staff_client, draft):
    address = at(draft, "build-question-remove", key="first")
    assert staff_client.get(address).status_code == 200
    page = text(staff_client.post(address, follow=True))
    assert "It hangs on a question that is not in the form any more." in page


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("build-section", {"section": "section-0"}),
        ("build-question", {"key": "nothing"}),
        ("build-question-add", {"section": "section-0", "kind": "long"}),
        ("build-preview", {"number": 9}),
    ],
)
def test_what_is_not_in_the_form_is_not_found(staff_client, draft, name, more):
    assert staff_client.get(at(draft, name, **more)).status_code == 404


def test_preview_shows_the_form_and_saves_nothing(staff_client, draft):
    address = at(draft, "build-preview", number=1)
    page = staff_client.get(address)
    assert "Nothing that you type here is saved." in text(page)
    assert [field.question.text for field in page.context["fields"]] == [
        "Your first one?",
        "What did you do before?",
        "Why?",
    ]
    first, before, why = (field.name for field in page.context["fields"])
    wrong = staff_client.post(address, {first: "no", why: "word " * 101})
    assert wrong.status_code == 422
    assert "1 word too long" in text(wrong)
    assert "This question needs an answer" in text(wrong)
    right = staff_client.post(address, {first: "yes", before: "", why: "Because."})
    assert "An applicant could go on" in text(right)
    assert Expression.objects.count() == 0


def test_call_is_opened_from_its_page(staff_client, draft):
    assert "Its 3 questions are frozen." in text(staff_client.get(at(draft, "build-open")))
    page = text(staff_client.post(at(draft, "build-open"), follow=True))
    assert "The call is published." in page
    draft.refresh_from_db()
    assert draft.state == CallState.OPEN
    again = text(staff_client.post(at(draft, "build-open"), follow=True))
    assert "cannot be done now" in again
    assert draft.versions.count() == 1


def test_call_that_lacks_something_is_not_opened(staff_client):
    call = draft_call(offer="")
    page = staff_client.post(at(call, "build-open"), follow=True)
    assert "The call is not complete yet." in text(page)
    assert "Say what you offer." in text(page)


def test_facts_of_an_open_call_are_frozen(staff_client, opened):
    address = at(opened, "build-facts")
    sent = {**shown(staff_client, address), "year": "2040"}
    assert "can no longer be changed" in text(staff_client.post(address, sent, follow=True))
    opened.refresh_from_db()
    assert opened.year == 2023


def test_open_call_is_changed_and_published_and_its_writers_see_what_changed(
    client, staff_client, opened
):
    organisation = OrganisationFactory()
    writer = contact_of(organisation)
    now = timezone.now()
    expression = start_expression(obj=opened, organisation=organisation, by=writer, now=now)
    write(expression, Question.objects.get(key="why"), "Because.", writer, now)
    texts = at(opened, "build-texts")
    staff_client.post(texts, {**shown(staff_client, texts), "offer": "More money."})
    staff_client.post(at(opened, "build-question-remove", key="why"))
    publish = at(opened, "build-publish")
    page = staff_client.get(publish)
    assert page.context["changes"] == [
        "The text “what we offer” was changed.",
        "No longer asked: “Why?”. Answers to it are kept.",
    ]
    sent = {"reason": "We were asked.", "seen": page.context["form"]["seen"].value()}
    assert "All who write are told." in text(staff_client.post(publish, sent, follow=True))
    assert "no change to publish" in text(staff_client.post(publish, sent, follow=True))
    assert Message.objects.filter(kind="expressions.call_changed").count() == 1
    staff_page = text(staff_client.get(at(opened, "staff-call")))
    assert "Version 2" in staff_page

    client.force_login(writer)
    tasks = text(client.get(expression.get_absolute_url()))
    assert "This call changed since you last opened it" in tasks
    assert "We were asked." in tasks
    check = text(client.get(reverse("expressions:check", args=[expression.pk])))
    assert "No longer asked" in check
    assert "Because." in check
    client.post(reverse("expressions:call-seen", args=[expression.pk]), {"version": "2"})
    assert "This call changed" not in text(client.get(expression.get_absolute_url()))
    public = text(client.get(opened.get_absolute_url()))
    assert "What has changed" in public
    assert "More money." in public
    assert "Why?</" not in public


def test_change_is_thrown_away_from_the_builder(staff_client, opened):
    staff_client.post(at(opened, "build-question-remove", key="why"))
    assert "Throw the change away" in text(staff_client.get(at(opened, "build-form")))
    asked = text(staff_client.get(at(opened, "build-discard")))
    assert "No longer asked: “Why?”." in asked
    staff_client.post(at(opened, "build-discard"))
    assert change_of(opened) is None
    assert "There is no change to publish." in text(staff_client.get(at(opened, "build-publish")))


def test_answer_to_a_question_that_was_taken_out_is_kept_from_an_open_page(
    client, staff_client, opened
):
    organisation = OrganisationFactory()
    writer, now = contact_of(organisation), timezone.now()
    expression = start_expression(obj=opened, organisation=organisation, by=writer, now=now)
    why = Question.objects.get(key="why")
    Question.objects.filter(pk=why.pk).update(is_retired=True)
    client.force_login(writer)
    address = reverse("expressions:section", args=[expression.pk, 1])
    assert f'name="q{why.pk}"' not in text(client.get(address))
    client.post(address, {f"q{why.pk}": "Typed before.", f"v{why.pk}": "0"})
    assert expression.earlier_answers.get(question=why).value == "Typed before."


def test_closing_is_moved_on_its_page(staff_client, opened):
    address = at(opened, "build-closing")
    assert "The call now closes" in text(staff_client.get(address))
    later = timezone.localtime(opened.closes_at) + timedelta(days=7)
    sent = {
        "closes_at": f"{later:%Y-%m-%dT12:00}",
        "reason": "Snow.",
    }
    page = text(staff_client.post(address, sent, follow=True))
    assert "All who write are told." in page
    assert "Closing time moved" in page
    earlier = {**sent, "closes_at": f"{timezone.localtime() + timedelta(days=1):%Y-%m-%dT12:00}"}
    assert "only be moved to a later one" in text(staff_client.post(address, earlier, follow=True))


def test_day_for_scores_is_set_until_the_scoring_is_over(staff_client, opened):
    address = at(opened, "build-assess-by")
    closes = timezone.localdate(opened.closes_at)
    soon = {"seen": shown(staff_client, address)["seen"], "assess_by": f"{closes - DAY:%Y-%m-%d}"}
    page = text(staff_client.post(address, soon))
    assert page.count("Choose a day on which the call has closed.") == 1
    assert staff_client.post(address, soon | {"assess_by": f"{closes:%Y-%m-%d}"}).status_code == 302
    opened.refresh_from_db()
    assert opened.assess_by == closes
    Call.objects.filter(pk=opened.pk).update(state=CallState.DECIDING)
    late = {"seen": shown(staff_client, address)["seen"], "assess_by": f"{closes + DAY:%Y-%m-%d}"}
    assert "The scoring is over." in text(staff_client.post(address, late, follow=True))


def test_copy_is_made_once_by_a_double_click(staff_client, opened):
    key = staff_client.get(at(opened, "staff-call")).context["once_key"]
    for _click in range(2):
        page = staff_client.post(at(opened, "build-copy"), {"once_key": key}, follow=True)
    assert Call.objects.count() == 2
    assert "This is the copy." in text(page)
    staff_client.post(at(opened, "build-copy"), {"once_key": "nonsense"})
    assert Call.objects.count() == 3


def test_export_is_a_file_that_import_takes(staff_client, draft):
    response = staff_client.get(at(draft, "build-export"))
    assert response["Content-Disposition"] == 'attachment; filename="host-a-project.json"'
    address = reverse("expressions:build-import")
    key = shown(staff_client, address)["once_key"]
    for _click in range(2):
        sent = {"once_key": key, "file": SimpleUploadedFile("call.json", response.content)}
        page = staff_client.post(address, sent, follow=True)
    assert "imported as a draft" in text(page)
    assert Call.objects.count() == 2
    made = Call.objects.latest("id")
    assert files.whole(made) == json.loads(response.content)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{}", "“format” is missing"),
        (b"a" * 1_000_000, "The file is too big"),
        (b"[1]", "this must be a group"),
        (b"\0", "This is not JSON"),
    ],
)
def test_faulty_file_is_refused_and_saves_nothing(staff_client, content, words):
    address = reverse("expressions:build-import")
    sent = {**shown(staff_client, address), "file": SimpleUploadedFile("call.json", content)}
    response = staff_client.post(address, sent)
    assert words in text(response)
    assert Call.objects.count() == 0


def test_criteria_places_and_mix_are_kept_on_one_page(staff_client, draft):
    page = at(draft, "build-judging")
    staff_client.post(page, {**shown(staff_client, page), "places": "4"})
    staff_client.post(at(draft, "build-criterion-add"), {"title": "Need", "weight": "2"})
    staff_client.post(at(draft, "build-criterion-add"), {"title": "Reach", "weight": "1"})
    reach = draft.criteria.get(title="Reach")
    staff_client.post(at(draft, "build-criterion-move", line=reach.pk), {"to": "0"})
    change = at(draft, "build-criterion", line=reach.pk)
    staff_client.post(change, {**shown(staff_client, change), "weight": "3"})
    add = at(draft, "build-target-add")
    staff_client.post(add, {"which": "nation:wales", "least": "1", "most": ""})
    twice = staff_client.post(add, {"which": "nation:wales", "least": "2", "most": ""})
    assert "There is a line for this already." in text(twice)
    wrong = staff_client.post(add, {"which": "nation:england", "least": "2", "most": "1"})
    assert "must not be below the least" in text(wrong)
    shown_page = text(staff_client.get(page))
    assert shown_page.index("Reach") < shown_page.index("Need")
    assert "Nation: Wales" in shown_page
    line = draft.targets.get()
    target = at(draft, "build-target", line=line.pk)
    staff_client.post(target, {**shown(staff_client, target), "most": "3"})
    line.refresh_from_db()
    assert (line.least, line.most) == (1, 3)
    assert "Wales" in text(staff_client.get(at(draft, "build-target-remove", line=line.pk)))
    staff_client.post(at(draft, "build-target-remove", line=line.pk))
    assert staff_client.get(at(draft, "build-criterion-remove", line=reach.pk)).status_code == 200
    staff_client.post(at(draft, "build-criterion-remove", line=reach.pk))
    assert (draft.targets.count(), draft.criteria.count()) == (0, 1)
    draft.refresh_from_db()
    assert draft.places == 4
    assert "Enter a number from 1 to 100." in text(staff_client.post(page, {"top_score": "0"}))


def test_mix_that_asks_for_more_than_there_are_places_is_refused_beside_the_field(
    staff_client, draft
):
    page, add = at(draft, "build-judging"), at(draft, "build-target-add")
    staff_client.post(page, {**shown(staff_client, page), "places": "4"})
    staff_client.post(add, {"which": "nation:wales", "least": "3", "most": ""})
    much = staff_client.post(add, {"which": "nation:england", "least": "2", "most": ""})
    assert list(much.context["form"].errors) == ["least"]
    assert "4 places to give" in text(much)
    assert "ask for 5 at least" in text(much)
    # Another dimension counts by itself, and a line does not stand in its own way.
    staff_client.post(add, {"which": "first_timer:yes", "least": "2", "most": ""})
    line = draft.targets.get(dimension="nation")
    change = at(draft, "build-target", line=line.pk)
    staff_client.post(change, {**shown(staff_client, change), "least": "4"})
    line.refresh_from_db()
    assert (line.least, draft.targets.count()) == (4, 2)
    fewer = staff_client.post(page, {**shown(staff_client, page), "places": "3"})
    assert list(fewer.context["form"].errors) == ["places"]


def test_dates_that_are_saved_are_said_in_full(staff_client, draft):
    page = at(draft, "build-dates")
    seen = shown(staff_client, page)["seen"]
    sent = {"seen": seen, **dates("1 3 2027 9am", "2 3 2027 5")}
    response = staff_client.post(page, sent, follow=True)
    assert "Opens Monday 1 March 2027, 9am." in text(response)
    assert "Closes Tuesday 2 March 2027, 5am." in text(response)


def test_steps_are_buttons_that_say_what_they_wait_for(staff_client, draft):
    call = draft_call(slug="closed", state=CallState.CLOSED)
    assert "Begin the assessment" in text(staff_client.get(at(call, "staff-call")))
    step = at(call, "build-step", step="start_assessing")
    assert "at least one criterion" in text(staff_client.post(step, follow=True))
    call.criteria.create(order=1, title="Need")
    assert "The call is now “Being read”." in text(staff_client.post(step, follow=True))
    unknown = at(call, "build-step", step="decide")
    assert "There is no such step." in text(staff_client.post(unknown, follow=True))


@pytest.fixture
def sealed():
    call = CallFactory(is_sealed=True)
    question = QuestionFactory(section=SectionFactory(call=call), text="Why?")
    topic = TopicFactory(title="Secret topic")
    call.topics.add(topic)
    expression = SubmittedFactory(call=call, topic=topic, delivery_model="network")
    expression.answers.create(question=question, value="Our secret.", saved_at=timezone.now())
    return expression


def test_sealed_answers_are_on_no_page_list_export_or_copy(staff_client, sealed):
    page = text(staff_client.get(reverse("expressions:staff-page", args=[sealed.pk])))
    assert "Sealed until the call closes" in page
    assert "Our secret." not in page
    assert "Secret topic" not in page
    assert "Mark as eligible" not in page
    listing = staff_client.get(reverse("expressions:staff-list"))
    assert [row["organisation"] for row in listing.context["page"].rows] == [
        sealed.organisation.name
    ]
    assert listing.context["page"].rows[0]["topic"] == "Sealed until the call closes"
    assert listing.context["page"].rows[0]["model"] == ""
    export = b"".join(staff_client.get(reverse("expressions:export")).streaming_content).decode()
    assert "Secret topic" not in export
    assert ",Network," not in export
    for query in (f"?topic={sealed.topic_id}", "?model=network"):
        rows = staff_client.get(reverse("expressions:staff-list") + query).context["page"].rows
        assert rows == []
    # Whether this is new to them is an answer too.
    (line,) = csv.DictReader(io.StringIO(export.removeprefix("\ufeff")))
    assert line["New to this kind of project"] == ""
    thread = text(staff_client.get(reverse("projects:topic-thread", args=[sealed.topic.slug])))
    assert sealed.call.title in thread
    assert sealed.organisation.name not in thread
    assert "1 expression of interest" not in thread
    copy = reverse("expressions:copy", args=[sealed.pk])
    assert staff_client.get(copy).status_code == 403
    assert staff_client.post(copy).status_code == 403


def test_nobody_is_asked_to_check_what_is_sealed(staff_client, staff, sealed):
    words = "expression of interest to check"
    assert words not in text(staff_client.get(reverse("home")))
    Call.objects.filter(pk=sealed.call_id).update(is_sealed=False)
    assert words in text(staff_client.get(reverse("home")))
    conflict(sealed, staff)
    assert words not in text(staff_client.get(reverse("home")))


def test_a_sealed_expression_is_not_checked_before_it_can_be_read(staff_client, sealed):
    address = reverse("expressions:eligible", args=[sealed.pk])
    assert staff_client.post(address).status_code == 403
    sealed.refresh_from_db()
    assert sealed.state == ExpressionState.SUBMITTED
    Call.objects.filter(pk=sealed.call_id).update(closes_at=timezone.now())
    transitions.close_due_calls(now=timezone.now())
    staff_client.post(address)
    sealed.refresh_from_db()
    assert sealed.state == ExpressionState.ELIGIBLE


def test_sealed_answers_are_read_once_the_call_has_closed(staff_client, sealed):
    Call.objects.filter(pk=sealed.call_id).update(closes_at=timezone.now())
    transitions.close_due_calls(now=timezone.now())
    page = text(staff_client.get(reverse("expressions:staff-page", args=[sealed.pk])))
    assert "Our secret." in page
    rows = staff_client.get(reverse("expressions:staff-list") + "?model=network").context["page"]
    assert [row["topic"] for row in rows.rows] == ["Secret topic"]


def test_manager_opens_a_seal_with_a_reason_that_all_staff_see(
    manager_client, client, sealed, staff
):
    address = reverse("expressions:open-seal", args=[sealed.pk])
    page = text(manager_client.get(reverse("expressions:staff-page", args=[sealed.pk])))
    assert address in page
    assert "enter an answer" in text(manager_client.post(address, {"reason": " "}))
    page = text(manager_client.post(address, {"reason": "A complaint."}, follow=True))
    assert "Our secret." in page
    client.force_login(staff)
    page = text(client.get(reverse("expressions:staff-page", args=[sealed.pk])))
    assert "Seal opened before the call closed" in page
    assert "A complaint." in page
    assert "Our secret." in page
    call = text(client.get(at(sealed.call, "staff-call")))
    assert "A complaint." in call
    assert client.get(address).status_code == 403


def test_feed_lists_open_calls_with_their_offset_and_constant_queries(client, draft, opened):
    opened.topics.add(TopicFactory(slug="carers", title="Carers"))
    CallFactory(state=CallState.CLOSED)
    response = client.get("/calls/feed.json")
    assert response["Cache-Control"] == "public, max-age=300"
    feed = response.json()
    assert [call["id"] for call in feed["calls"]] == [opened.slug]
    one = feed["calls"][0]
    assert one["closes_at"] == timezone.localtime(opened.closes_at).isoformat()
    assert (one["questions"], one["topics"]) == (3, [{"slug": "carers", "title": "Carers"}])
    before = queries(client, "/calls/feed.json")
    for call in CallFactory.create_batch(10):
        call.topics.add(TopicFactory())
    assert queries(client, "/calls/feed.json") == before <= 3


def test_call_page_in_welsh_speaks_welsh_where_it_can_and_marks_the_rest(client, draft, opened):
    Question.objects.filter(key="why").update(text_cy="Pam?")
    english = text(client.get(opened.get_absolute_url()))
    assert 'lang="en-GB"' not in english
    assert "Pam?" not in english
    with translation.override("cy"):
        client.cookies["django_language"] = "cy"
        welsh = text(client.get(opened.get_absolute_url()))
    assert "Pam?" in welsh
    assert '<span lang="en-GB">Your first one?</span>' in welsh
    assert '<span lang="en-GB">Host a project</span>' in welsh


def test_call_page_says_which_time_of_london(client, draft, opened):
    page = text(client.get(opened.get_absolute_url()))
    assert "Greenwich Mean Time" in page or "British Summer Time" in page


def test_call_page_costs_the_same_however_long_the_form(client, opened):
    before = queries(client, opened.get_absolute_url())
    QuestionFactory.create_batch(20, section=opened.sections.get())
    assert queries(client, opened.get_absolute_url()) == before <= 15


def test_builders_pages_are_closed_to_leadership_and_partners(client, opened):
    client.force_login(contact_of(OrganisationFactory()))
    assert client.get(reverse("expressions:staff-calls")).status_code == 403
    assert client.get(at(opened, "build-form")).status_code == 403
    assert [one["key"] for one in questions_in(form_of(opened))] == ["first", "before", "why"]
