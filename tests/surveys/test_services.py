"""Drafts, submissions and mixing: once, nothing lost, and nothing that leads to a person."""

import threading
from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.utils import timezone

from accounts.enums import RoleKind
from surveys import services, tokens
from surveys.enums import SurveyState
from surveys.models import Draft, Response, Submission, Survey, SurveyCount
from surveys.questionnaire import UNANSWERED
from surveys.retention import forget_drafts
from surveys.selectors import draft_of, is_taken, todo_for
from surveys.tasks import refresh_results
from tests.accounts.factories import person_with
from tests.surveys.factories import ResponseFactory, SurveyFactory, full_survey


def submit(survey, now, number, answers=None):
    services.submit(
        survey=survey,
        submission=f"token {number}",
        answers=answers or {"single": f"answer {number}"},
        now=now,
    )


def given(survey):
    return sorted(row.answers["single"] for row in Response.objects.filter(survey=survey))


@pytest.mark.django_db
def test_a_draft_can_be_read_with_its_token_only(now):
    survey, token = SurveyFactory(), tokens.new_token()
    services.save_draft(survey=survey, token=token, typed={"why": ["my own words"]}, now=now)
    draft = Draft.objects.get()
    assert draft_of(survey, token) == {"why": ["my own words"]}
    assert draft_of(survey, tokens.new_token()) is None
    assert tokens.unseal(tokens.new_token(), draft.sealed) == {}
    assert b"my own words" not in bytes(draft.sealed)
    assert token not in draft.token_hash


@pytest.mark.django_db
def test_a_draft_keeps_what_was_typed_on_other_pages(now):
    survey, token = SurveyFactory(), tokens.new_token()
    services.save_draft(survey=survey, token=token, typed={"a": ["1"], "b": ["2"]}, now=now)
    services.save_draft(survey=survey, token=token, typed={"b": ["3"]}, now=now)
    assert draft_of(survey, token) == {"a": ["1"], "b": ["3"]}


@pytest.mark.django_db
def test_a_draft_of_one_survey_is_not_shown_in_another(now):
    survey, token = SurveyFactory(), tokens.new_token()
    services.save_draft(survey=survey, token=token, typed={"a": ["1"]}, now=now)
    assert draft_of(SurveyFactory(), token) is None


@pytest.mark.django_db
def test_the_draft_is_gone_once_the_answers_are_sent(now):
    survey, token = SurveyFactory(), tokens.new_token()
    services.save_draft(survey=survey, token=token, typed={"a": ["1"]}, now=now)
    services.finish(survey=survey, token=token, answers={"single": "red"}, now=now)
    assert not Draft.objects.exists()
    assert is_taken(survey, tokens.submission_token(token))


@pytest.mark.django_db
def test_a_hundred_replays_give_one_response_before_and_after_mixing(now):
    survey = SurveyFactory(state=SurveyState.CLOSED)
    for _ in range(100):
        submit(survey, now, 1)
    services.refresh(survey=survey, now=now)
    for _ in range(100):
        submit(survey, now, 1)
    services.refresh(survey=survey, now=now)
    assert given(survey) == ["answer 1"]


@pytest.mark.django_db(transaction=True)
def test_the_same_answers_sent_at_the_same_time_give_one_row(now):
    survey = SurveyFactory()

    def click():
        submit(survey, now, 1)
        connections.close_all()

    threads = [threading.Thread(target=click) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Submission.objects.count() == 1


@pytest.mark.django_db
def test_submitting_is_one_insert(now, django_assert_num_queries):
    survey = SurveyFactory()
    with django_assert_num_queries(1) as queries:
        submit(survey, now, 1)
    assert queries[0]["sql"].startswith("INSERT")


@pytest.mark.django_db
def test_fewer_answers_than_the_threshold_wait_while_the_survey_is_open(now):
    survey = SurveyFactory()
    for number in range(4):
        submit(survey, now, number)
    assert services.refresh(survey=survey, now=now) == 0
    assert (given(survey), SurveyCount.objects.get().waiting) == ([], 4)
    submit(survey, now, 4)
    assert services.refresh(survey=survey, now=now) == 5
    assert given(survey) == [f"answer {number}" for number in range(5)]
    assert SurveyCount.objects.get().waiting == 0


@pytest.mark.django_db
def test_answers_leave_the_submission_when_they_are_mixed(now):
    survey = SurveyFactory()
    for number in range(5):
        submit(survey, now, number)
    services.refresh(survey=survey, now=now)
    assert set(Submission.objects.values_list("answers", flat=True)) == {None}


@pytest.mark.django_db
def test_the_last_few_are_mixed_with_earlier_ones_under_new_ids_when_the_survey_closes(now):
    survey = SurveyFactory(state=SurveyState.CLOSED)
    for number in range(30):
        ResponseFactory(survey=survey, answers={"single": f"earlier {number:02}"})
    before = set(Response.objects.values_list("pk", flat=True))
    submit(survey, now, 1)
    services.refresh(survey=survey, now=now)
    after = set(Response.objects.values_list("pk", flat=True))
    assert given(survey) == ["answer 1", *(f"earlier {number:02}" for number in range(30))]
    assert len(after - before) == services.COMPANY + 1


@pytest.mark.django_db
def test_no_day_singles_out_the_last_few(now):
    survey = SurveyFactory(state=SurveyState.CLOSED)
    yesterday = timezone.localdate(now) - timedelta(days=1)
    for _number in range(30):
        ResponseFactory(survey=survey, counted_on=yesterday)
    submit(survey, now, 1)
    services.refresh(survey=survey, now=now)
    days = Counter(Response.objects.values_list("counted_on", flat=True))
    assert days == {yesterday: 30 - services.COMPANY, timezone.localdate(now): services.COMPANY + 1}


@pytest.mark.django_db
def test_more_answers_than_a_portion_are_all_mixed(now, monkeypatch):
    monkeypatch.setattr(services, "PORTION", 6)
    survey = SurveyFactory()
    for number in range(20):
        submit(survey, now, number)
    assert services.refresh(survey=survey, now=now) == 18
    assert SurveyCount.objects.get().waiting == 2


@pytest.mark.django_db
def test_the_row_has_nothing_but_answers_and_a_day():
    names = {field.name for field in Response._meta.get_fields()}
    assert names == {"id", "survey", "answers", "counted_on", "is_example"}
    assert Response._meta.get_field("counted_on").get_internal_type() == "DateField"
    assert Response._meta.pk.get_internal_type() == "UUIDField"


@pytest.mark.django_db(transaction=True)
def test_neither_order_nor_transaction_joins_answers_to_their_arrival(now):
    survey = full_survey()
    for number in range(60):
        submit(survey, now, number, {"single": f"{number:02}", UNANSWERED: []})
    services.refresh(survey=survey, now=now)
    on_postgresql = connection.vendor == "postgresql"
    place, deed = ("ctid", "xmin::text") if on_postgresql else ("rowid", "'none kept'")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT answers ->> 'single', {deed} FROM surveys_response ORDER BY {place}"
        )
        responses = cursor.fetchall()
        cursor.execute(f"SELECT token_hash, {deed} FROM surveys_submission")
        spent = cursor.fetchall()
    order = [int(answer) for answer, _transaction in responses]
    assert sorted(order) == list(range(60))
    assert len({transaction for _answer, transaction in responses}) == 1
    assert len({transaction for _hash, transaction in spent}) == 1
    # Of 60 in random order about half stand lower than the one before; 60 in arrival order, none.
    falls = sum(later < earlier for earlier, later in pairwise(order))
    assert 15 <= falls <= 45


@pytest.mark.django_db
def test_the_sweep_closes_mixes_and_counts_and_what_is_old_goes(now):
    closing = SurveyFactory(closes_at=now - timedelta(minutes=1))
    submit(closing, now - timedelta(hours=1), 1)
    services.save_draft(survey=closing, token="old", typed={}, now=now - timedelta(days=31))
    services.save_draft(survey=closing, token="new", typed={}, now=now)
    services.submit(survey=closing, submission="spent", answers={}, now=now - timedelta(days=31))
    assert services.sweep(now=now) == 2
    assert Survey.objects.get(pk=closing.pk).state == SurveyState.CLOSED
    assert Response.objects.count() == 2
    forget_drafts(now=now)
    assert list(Draft.objects.values_list("pk", flat=True)) == [tokens.draft_hash("new")]
    assert list(Submission.objects.values_list("pk", flat=True)) == [
        tokens.submission_hash("token 1")
    ]
    assert not SurveyCount.objects.get().is_stale


@pytest.mark.django_db
def test_the_sweep_run_again_changes_nothing(now):
    survey = SurveyFactory()
    for number in range(6):
        submit(survey, now, number)
    services.sweep(now=now)
    made = SurveyCount.objects.get().made_at
    assert services.sweep(now=now + timedelta(minutes=1)) == 0
    assert SurveyCount.objects.get().made_at == made


@pytest.mark.django_db
def test_a_count_that_was_interrupted_is_made_by_the_next_sweep(now):
    survey = full_survey()
    ResponseFactory(survey=survey, answers={"single": "red"})
    SurveyCount.objects.create(survey=survey, is_stale=True)
    services.sweep(now=now)
    assert survey.rollup.filter(question=None).get().count == 1


@pytest.mark.django_db
def test_the_task_refreshes_the_results(now):
    survey = SurveyFactory(state=SurveyState.CLOSED)
    submit(survey, now, 1)
    refresh_results()
    assert given(survey) == ["answer 1"]


@pytest.mark.django_db
def test_staff_are_told_of_surveys_that_close_within_a_fortnight(now, django_assert_num_queries):
    soon = SurveyFactory(title="Soon", closes_at=now + timedelta(days=14))
    SurveyFactory(closes_at=now + timedelta(days=15))
    SurveyFactory(closes_at=now - timedelta(hours=1))
    SurveyFactory(state=SurveyState.DRAFT, closes_at=now + timedelta(days=2))
    for _ in range(7):
        ResponseFactory(survey=soon)
    services.rebuild(survey=soon, now=now)
    staff = person_with(RoleKind.PROGRAMME_STAFF)
    staff.current_roles  # noqa: B018 - read once a request
    with django_assert_num_queries(3):
        [todo] = todo_for(staff, now)
    assert (todo.url, todo.detail, todo.due) == (
        f"/staff/surveys/{soon.slug}/",
        "7 people have answered",
        soon.closes_at,
    )


@pytest.mark.django_db
def test_nobody_else_is_told_of_closing_surveys(now, somebody, django_assert_num_queries):
    SurveyFactory(closes_at=now + timedelta(days=1))
    somebody.current_roles  # noqa: B018
    with django_assert_num_queries(0):
        assert todo_for(somebody, now) == []


def test_no_migration_is_missing(db):
    call_command("makemigrations", "surveys", check=True, dry_run=True, verbosity=0)
