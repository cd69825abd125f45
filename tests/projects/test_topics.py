"""Topics: suggesting, scoring, their states, their lists and the thread."""

import csv
import io
from datetime import timedelta
from uuid import uuid4

import openpyxl
import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleKind
from core.transitions import ReasonRequired, TransitionNotAllowed, transitions_of
from core.versions import ChangedMeanwhile
from expressions.enums import CallState
from projects import topic_services as services
from projects import topic_transitions as steps
from projects.enums import Criterion, Score, TopicState
from projects.models import Topic, TopicOrigin, TopicScore
from projects.thread import thread_of
from projects.topic_selectors import topic_data
from tests.accounts.factories import person_with
from tests.expressions.factories import CallFactory, ExpressionFactory, SubmittedFactory
from tests.projects.factories import (
    ContributionFactory,
    GapReplyFactory,
    LearningFactory,
    OutcomeFactory,
    ProjectFactory,
    TopicFactory,
    TopicOriginFactory,
    TopicScoreFactory,
)

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"projects:{name}", args=args)


def html(response):
    return response.content.decode()


@pytest.fixture
def weighed():
    """A topic under assessment."""
    return TopicFactory(title="Time off", state=TopicState.UNDER_ASSESSMENT)


@pytest.fixture
def scored(weighed):
    """The same with a score on each criterion."""
    for criterion in Criterion:
        TopicScoreFactory(topic=weighed, criterion=criterion)
    return weighed


# --- Suggesting and changing ---------------------------------------------------------------


def test_double_click_suggests_one_topic(staff_client):
    data = {"title": "Time off", "description": "", "year": "2026", "once_key": str(uuid4())}
    first = staff_client.post(url("topic-suggest"), data)
    second = staff_client.post(url("topic-suggest"), data)
    topic = Topic.objects.get()
    assert first["Location"] == second["Location"] == topic.get_absolute_url()
    assert (topic.state, topic.slug, topic.year) == ("suggested", "time-off", 2026)


def test_two_topics_of_one_title_have_two_addresses(staff, now):
    said = {"title": "Time off", "description": "", "year": None, "by": staff, "now": now}
    slugs = [services.suggest_topic(**said, once_key=uuid4()).slug for _ in range(3)]
    assert slugs == ["time-off", "time-off-2", "time-off-3"]


def test_second_of_two_editors_is_told_and_loses_no_word(weighed, staff_client):
    page = staff_client.get(url("topic-edit", weighed.pk))
    seen = page.context["form"].initial["seen"]
    mine = {"title": "Mine", "description": "words", "once_key": str(uuid4()), "seen": seen}
    Topic.objects.filter(pk=weighed.pk).update(title="Theirs")
    refused = staff_client.post(url("topic-edit", weighed.pk), mine)
    assert "Somebody else changed these details" in html(refused)
    assert 'value="Mine"' in html(refused)
    again = {**mine, "seen": refused.context["form"]["seen"].value()}
    assert staff_client.post(url("topic-edit", weighed.pk), again).status_code == 302
    weighed.refresh_from_db()
    assert weighed.title == "Mine"


def test_history_tells_in_words_what_happened(weighed, staff, staff_client):
    now = timezone.now()
    services.score_topic(
        obj=weighed,
        criterion="evidence",
        score=1,
        reason="Two studies.",
        seen=None,
        by=staff,
        now=now,
    )
    values = {"kind": "survey", "label": "Survey 2022"}
    origin = services.add_origin(topic=weighed, values=values, once_key=uuid4(), by=staff, now=now)
    services.remove_origin(obj=origin, by=staff, now=now)
    services.remove_origin(obj=origin, by=staff, now=now)
    steps.decline(obj=weighed, by=staff, now=now, reason="Others do it already.")
    page = html(staff_client.get(url("topic-history", weighed.pk)))
    assert "Scored “Enough evidence to work with”: A little" in page
    assert "Said what raised it: “Survey 2022”" in page
    assert page.count("Took away what raised it: “Survey 2022”") == 1
    assert "From “Under assessment” to “Declined”" in page
    assert "Others do it already." in page


# --- Scores --------------------------------------------------------------------------------


def _score(topic, by, score=2, reason="Because.", seen=None):
    return services.score_topic(
        obj=topic,
        criterion=Criterion.EVIDENCE,
        score=score,
        reason=reason,
        seen=seen,
        by=by,
        now=timezone.now(),
    )


def test_same_score_twice_adds_one_row_and_a_new_one_keeps_the_old(weighed, staff):
    first = _score(weighed, staff)
    assert _score(weighed, staff) == first
    second = _score(weighed, staff, score=3, seen=first.pk)
    rows = weighed.scores.values_list("score", flat=True)
    assert (list(rows), second.by) == ([2, 3], staff)


def test_score_of_somebody_else_meanwhile_is_not_overwritten_in_silence(weighed, staff):
    theirs = _score(weighed, staff)
    with pytest.raises(ChangedMeanwhile) as told:
        _score(weighed, staff, score=4)
    assert told.value.seen == theirs.pk
    assert weighed.scores.count() == 1


def test_score_page_keeps_what_was_typed_and_saves_the_second_time(weighed, staff, staff_client):
    _score(weighed, staff)
    address = url("topic-score", weighed.pk, "evidence")
    mine = {"score": "4", "reason": "Mine", "seen": ""}
    refused = staff_client.post(address, mine)
    assert "Mine" in html(refused)
    seen = refused.context["form"]["seen"].value()
    assert staff_client.post(address, {**mine, "seen": seen}).status_code == 302
    assert weighed.scores.last().reason == "Mine"


@pytest.mark.parametrize("seen", ["x", "9" * 40, "-1", "²"])
def test_score_page_survives_a_version_that_is_no_number(weighed, staff_client, seen):
    address = url("topic-score", weighed.pk, "evidence")
    answer = staff_client.post(address, {"score": "4", "reason": "Mine", "seen": seen})
    assert answer.status_code in {200, 302}


def test_unknown_criterion_is_not_found(weighed, staff_client):
    assert staff_client.get(url("topic-score", weighed.pk, "charm")).status_code == 404


def test_database_refuses_a_score_out_of_range(weighed):
    with pytest.raises(IntegrityError):
        TopicScoreFactory(topic=weighed, score=max(Score.values) + 1)


# --- States --------------------------------------------------------------------------------


def test_topic_comes_into_the_programme_only_with_all_four_scores(weighed, staff, now):
    for criterion in list(Criterion)[:3]:
        TopicScoreFactory(topic=weighed, criterion=criterion)
    with pytest.raises(TransitionNotAllowed, match="Enough evidence to work with"):
        steps.take_in(obj=weighed, by=staff, now=now, reason="It is time.")
    TopicScoreFactory(topic=weighed, criterion=Criterion.EVIDENCE)
    topic = steps.take_in(obj=weighed, by=staff, now=now, reason="It is time.")
    assert topic.state == TopicState.IN_PROGRAMME


WAYS = {
    "assess": (TopicState.SUGGESTED, TopicState.UNDER_ASSESSMENT),
    "decline": (TopicState.UNDER_ASSESSMENT, TopicState.DECLINED),
    "look_again": (TopicState.DECLINED, TopicState.UNDER_ASSESSMENT),
}


@pytest.mark.parametrize("name", WAYS)
def test_step_leads_from_its_state_once_and_from_no_other(name, staff, now):
    source, target = WAYS[name]
    take = steps.TOPIC_FUNCTIONS[name]
    topic = TopicFactory(state=source)
    for _click in range(2):
        assert take(obj=topic, by=staff, now=now, reason="Because.").state == target
    assert transitions_of(topic).count() == 1
    with pytest.raises(TransitionNotAllowed):
        take(obj=TopicFactory(state=TopicState.IN_PROGRAMME), by=staff, now=now, reason="x")
    with pytest.raises(PermissionDenied):
        take(
            obj=TopicFactory(state=source),
            by=person_with(RoleKind.LEADERSHIP),
            now=now,
            reason="Because.",
        )


def test_declining_needs_a_reason(weighed, staff, now):
    with pytest.raises(ReasonRequired):
        steps.decline(obj=weighed, by=staff, now=now, reason=" ")


def test_step_page_asks_for_the_reason_beside_its_field(weighed, staff_client):
    refused = staff_client.post(url("topic-step", weighed.pk), {"step": "decline", "reason": ""})
    assert refused.context["form"].errors["reason"] == ["Say why, in a sentence or two."]
    data = {"step": "decline", "reason": "Others do it."}
    assert staff_client.post(url("topic-step", weighed.pk), data).status_code == 302


def test_topic_without_a_step_says_so(scored, staff, staff_client, now):
    steps.take_in(obj=scored, by=staff, now=now, reason="It is time.")
    assert "There is no step to take here now" in html(
        staff_client.get(url("topic-step", scored.pk))
    )


# --- Lists and files -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "query", ["state=declined", "year=2024", "q=Off+TIME", "state=declined&year=2024&q=carers"]
)
def test_each_filter_finds_what_fits_and_nothing_else(query, staff_client):
    TopicFactory(title="Time off", description="for carers", year=2024, state=TopicState.DECLINED)
    TopicFactory(title="Another", year=2023)
    rows = staff_client.get(f"{url('topics')}?{query}").context["page"].rows
    assert [topic.title for topic in rows] == ["Time off"]


def test_topics_list_costs_the_same_queries_for_1_and_for_30_topics(staff_client):
    counts = []
    for more in [1, 29]:
        for _number in range(more):
            topic = TopicFactory(year=2024)
            TopicScoreFactory(topic=topic)
            TopicScoreFactory(topic=topic, criterion=Criterion.EVIDENCE)
        staff_client.get(url("topics"))
        with CaptureQueriesContext(connection) as caught:
            staff_client.get(url("topics"))
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 8


def test_empty_lists_say_how_to_begin_and_how_to_go_back(staff_client):
    assert "Begin by suggesting one" in html(staff_client.get(url("topics")))
    assert "No topic fits these filters" in html(staff_client.get(f"{url('topics')}?q=nowhere"))


def test_files_have_the_scores_that_count_and_no_formula(staff_client):
    topic = TopicFactory(title="=1+1", year=2024)
    TopicScoreFactory(topic=topic, score=1)
    TopicScoreFactory(topic=topic, score=4)
    text = staff_client.get(url("topics-export", "csv")).getvalue().decode("utf-8-sig")
    row = list(csv.reader(io.StringIO(text)))[1]
    assert row[:5] == ["'=1+1", "Suggested", "2024", "4", ""]
    book = staff_client.get(url("topics-export", "xlsx")).getvalue()
    sheet = openpyxl.load_workbook(io.BytesIO(book)).active
    cells = [cell.value for cell in sheet[2]]
    assert (cells[:4], sheet["A2"].data_type) == (["=1+1", "Suggested", 2024, 4], "s")
    assert staff_client.get(url("topics-export", "pdf")).status_code == 404


# --- The thread ----------------------------------------------------------------------------


def _grow(topic, count):
    """Everything that a thread can hold, ``count`` times."""
    call = CallFactory(state=CallState.CLOSED)
    call.topics.add(topic)
    for _number in range(count):
        TopicOriginFactory(topic=topic)
        TopicScoreFactory(topic=topic)
        SubmittedFactory(call=call, topic=topic)
        project = ProjectFactory(is_public=True)
        project.topics.add(topic)
        for part in [OutcomeFactory, LearningFactory, ContributionFactory]:
            part(project=project)


@pytest.mark.parametrize("signed_in", [True, False])
def test_thread_costs_the_same_queries_for_1_and_for_30_knots(signed_in, client, staff):
    topic = TopicFactory(state=TopicState.IN_PROGRAMME)
    if signed_in:
        client.force_login(staff)
    counts = []
    for more in [1, 29]:
        _grow(topic, more)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(topic.thread_url).status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 15


def test_topic_page_costs_the_same_queries_for_1_and_for_30_knots(weighed, staff_client):
    counts = []
    for more in [1, 29]:
        _grow(weighed, more)
        if more == 1:
            gap = GapReplyFactory(ask__gap__topic=weighed).ask.gap
        else:
            for _number in range(more):
                GapReplyFactory(ask__gap=gap)
        staff_client.get(url("topic", weighed.pk))
        with CaptureQueriesContext(connection) as caught:
            assert staff_client.get(url("topic", weighed.pk)).status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 15


@pytest.mark.parametrize("state", [s for s in TopicState if s != TopicState.IN_PROGRAMME])
def test_thread_of_a_topic_outside_the_programme_is_for_staff_alone(state, client, staff):
    topic = TopicFactory(state=state)
    assert client.get(topic.thread_url).status_code == 404
    client.force_login(staff)
    assert client.get(topic.thread_url).status_code == 200


def test_visitors_read_the_thread_without_the_teams_words(client, staff):
    topic = TopicFactory(state=TopicState.IN_PROGRAMME)
    TopicOriginFactory(topic=topic, label="Survey 2022")
    TopicScoreFactory(topic=topic, reason="Secret reason")
    hidden, shown = ProjectFactory(title="Hidden"), ProjectFactory(title="Shown", is_public=True)
    for project in [hidden, shown]:
        project.topics.add(topic)
        OutcomeFactory(project=project, text=f"Outcome of {project.title}")
        LearningFactory(project=project, text=f"Lesson of {project.title}")
    page = html(client.get(topic.thread_url))
    assert "Survey 2022" in page
    assert "Mostly (3 of 4)" in page
    assert "Outcome of Shown" in page
    for secret in ["Secret reason", "Hidden", "Lesson of Shown", "Work on this topic"]:
        assert secret not in page
    client.force_login(staff)
    page = html(client.get(topic.thread_url))
    for fuller in ["Secret reason", "Outcome of Hidden", "Lesson of Shown", "Work on this topic"]:
        assert fuller in page


def _details(topic, user, stage="expressions"):
    part = next(part for part in thread_of(topic, user) if part.name == stage)
    return [(step.title, step.detail) for step in part.steps]


def test_expressions_are_counted_for_everybody_once_closed_and_named_for_staff_alone(staff):
    topic = TopicFactory(state=TopicState.IN_PROGRAMME)
    call = CallFactory()
    call.topics.add(topic)
    sent = SubmittedFactory(call=call, topic=topic, organisation__name="Valley Circle")
    ExpressionFactory(call=call, topic=topic)
    assert _details(topic, AnonymousUser()) == []
    assert _details(topic, staff) == [("1 expression of interest", "Valley Circle")]
    closed = CallFactory(state=CallState.CLOSED)
    closed.topics.add(topic)
    SubmittedFactory(call=closed, topic=topic)
    assert _details(topic, AnonymousUser()) == [("1 expression of interest", "")]
    assert sent.organisation.name not in str(thread_of(topic, AnonymousUser()))


def test_expression_with_a_conflict_is_neither_counted_nor_named_for_that_person(staff):
    topic = TopicFactory(state=TopicState.IN_PROGRAMME)
    sent = SubmittedFactory(topic=topic)
    sent.call.topics.add(topic)
    sent.conflicts.create(person=staff, state="suggested")
    assert _details(topic, staff) == []


def test_calls_that_nobody_has_opened_are_hidden_from_visitors(staff):
    topic = TopicFactory(state=TopicState.IN_PROGRAMME)
    CallFactory(title="Next year", state=CallState.DRAFT).topics.add(topic)
    assert _details(topic, AnonymousUser(), "call") == []
    assert _details(topic, staff, "call") == [("Next year", "")]


def test_topic_without_anything_says_what_will_be_there(client):
    topic = TopicFactory(state=TopicState.IN_PROGRAMME)
    page = html(client.get(topic.thread_url))
    assert "Nobody has written down yet who raised this topic." in page
    assert "No project has taken it up yet." in page


def test_project_pages_lead_to_the_threads_of_their_topics(client, staff_client):
    project = ProjectFactory(is_public=True)
    shown, hidden = TopicFactory(state=TopicState.IN_PROGRAMME), TopicFactory(title="Zebra")
    project.topics.add(shown, hidden)
    public = html(client.get(project.public_url))
    assert f'href="{shown.thread_url}"' in public
    assert f'href="{hidden.thread_url}"' not in public
    staffs = html(staff_client.get(project.get_absolute_url()))
    assert f'href="{hidden.thread_url}">Zebra</a>' in staffs


# --- Who may -------------------------------------------------------------------------------


def test_readers_see_topics_without_ways_to_change_them(scored, client):
    client.force_login(person_with(RoleKind.LEADERSHIP))
    page = html(client.get(url("topic", scored.pk)))
    for way in ["topic-step", "topic-edit", "gap-open", "topic-origin-add"]:
        assert url(way, scored.pk) not in page
        assert client.get(url(way, scored.pk)).status_code == 403
    assert "Suggest a topic" not in html(client.get(url("topics")))


def test_origin_is_added_once_shown_and_removed_when_asked(weighed, staff_client):
    once = str(uuid4())
    data = {"kind": "assembly", "label": "Assembly in Wales", "once_key": once, "url": ""}
    for _click in range(2):
        assert staff_client.post(url("topic-origin-add", weighed.pk), data).status_code == 302
    origin = TopicOrigin.objects.get()
    assert "Assembly in Wales" in html(staff_client.get(url("topic", weighed.pk)))
    address = url("topic-origin-remove", weighed.pk, origin.pk)
    assert "Take this away?" in html(staff_client.get(address))
    elsewhere = url("topic-origin-remove", TopicFactory().pk, origin.pk)
    assert staff_client.get(elsewhere).status_code == 404
    assert staff_client.post(address).status_code == 302
    assert not TopicOrigin.objects.exists()


def test_origins_address_may_be_no_script(weighed, staff_client):
    data = {"kind": "staff", "label": "x", "once_key": str(uuid4()), "url": "javascript:alert(1)"}
    refused = staff_client.post(url("topic-origin-add", weighed.pk), data)
    assert "url" in refused.context["form"].errors


def test_copy_of_ones_data_has_scores_questions_and_replies(staff, weighed):
    _score(weighed, staff)
    reply = GapReplyFactory(text="What we know", at=timezone.now() - timedelta(days=1))
    assert topic_data(staff)["scored_topics"][0]["reason"] == "Because."
    [asked] = topic_data(reply.ask.person)["asked_for_evidence"]
    assert asked["replies"][0]["text"] == "What we know"
    assert TopicScore.objects.count() == 1
