"""Writes: drafts, submissions, and the mixing that makes anonymous responses of them."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core.sweeps import Problems

from . import rollup, tokens, transitions
from .models import Draft, Response, Submission, Survey, SurveyCount

DRAFT_DAYS = 30
# Answers are moved in portions, so that memory stays flat after a busy night.
PORTION = 2_000
# With how many earlier responses the last few of a survey are mixed when it closes.
COMPANY = 20


def save_draft(
    *, survey: Survey, token: str, typed: Mapping[str, Sequence[str]], now: datetime
) -> None:
    """Keep what was ``typed`` with what the token's holder typed before."""
    with transaction.atomic():
        key = tokens.draft_hash(token)
        draft = Draft.objects.select_for_update().filter(pk=key, survey=survey).first()
        before = tokens.unseal(token, draft.sealed) if draft else {}
        Draft.objects.update_or_create(
            pk=key,
            defaults={
                "survey": survey,
                "sealed": tokens.seal(token, {**before, **typed}),
                "keep_until": timezone.localdate(now) + timedelta(days=DRAFT_DAYS),
            },
        )


def forget_draft(*, token: str) -> None:
    """Delete the draft of the token's holder, if there is one."""
    Draft.objects.filter(pk=tokens.draft_hash(token)).delete()


def finish(*, survey: Survey, token: str, answers: dict[str, Any], now: datetime) -> None:
    """Take the answers of the token's holder, once however often it is called.

    The draft goes in a transaction of its own, after the answers are safe.
    """
    submit(survey=survey, submission=tokens.submission_token(token), answers=answers, now=now)
    forget_draft(token=token)


def submit(*, survey: Survey, submission: str, answers: dict[str, Any], now: datetime) -> None:
    """Take ``answers`` under a one-time token: one INSERT, which a replay leaves as it is."""
    row = Submission(
        token_hash=tokens.submission_hash(submission),
        survey=survey,
        answers=answers,
        keep_until=timezone.localdate(now) + timedelta(days=DRAFT_DAYS),
    )
    Submission.objects.bulk_create([row], ignore_conflicts=True)


def mix(*, survey: Survey, now: datetime) -> int:
    """Move waiting answers to responses in random order; returns how many.

    Fewer than the small-cell threshold wait on, for one or two new rows would show who they are;
    when the survey takes no more answers, they are mixed with earlier responses written anew.
    """
    with transaction.atomic():
        count = _locked_count(survey)
        waiting = dict(
            Submission.objects.filter(survey=survey, answers__isnull=False).values_list(
                "token_hash", "answers"
            )[:PORTION]
        )
        few = len(waiting) < settings.SMALL_CELL_THRESHOLD
        if not waiting or (few and survey.takes_answers(now)):
            _note_waiting(count, len(waiting))
            return 0
        fresh = [
            Response(survey=survey, answers=answers, counted_on=timezone.localdate(now))
            for answers in waiting.values()
        ]
        if few:
            fresh += _company(survey, now)
        Response.objects.bulk_create(sorted(fresh, key=lambda row: row.id), batch_size=500)
        Submission.objects.filter(pk__in=list(waiting)).update(answers=None)
        count.is_stale = True
        count.waiting = Submission.objects.filter(survey=survey, answers__isnull=False).count()
        count.save()
    return len(waiting)


def _locked_count(survey: Survey) -> SurveyCount:
    SurveyCount.objects.get_or_create(survey=survey)
    return SurveyCount.objects.select_for_update().get(survey=survey)


def _note_waiting(count: SurveyCount, waiting: int) -> None:
    if count.waiting != waiting:
        count.waiting = waiting
        count.save()


def _company(survey: Survey, now: datetime) -> list[Response]:
    """Some earlier responses, taken out of the table to be written anew under new ids.

    Counted on the same day as those that they keep company, or the day would single those out.
    """
    old = list(
        Response.objects.filter(survey=survey, id__gte=uuid.uuid4()).order_by("id")[:COMPANY]
    )
    if len(old) < COMPANY:
        old = list(Response.objects.filter(survey=survey).order_by("id")[:COMPANY])
    Response.objects.filter(pk__in=[row.pk for row in old]).delete()
    return [
        Response(
            survey=survey,
            answers=row.answers,
            counted_on=timezone.localdate(now),
            is_example=row.is_example,
        )
        for row in old
    ]


def refresh(*, survey: Survey, now: datetime) -> int:
    """Mix what waits and, where anything changed, count anew; returns how many were mixed."""
    mixed = 0
    while portion := mix(survey=survey, now=now):
        mixed += portion
    if SurveyCount.objects.filter(survey=survey, is_stale=True).exists():
        rebuild(survey=survey, now=now)
    return mixed


def rebuild(*, survey: Survey, now: datetime) -> None:
    """Make the counts of ``survey`` anew from its responses, in one pass."""
    with transaction.atomic():
        count = _locked_count(survey)
        rollup.rebuild(survey)
        count.is_stale = False
        count.made_at = now
        count.save()


def sweep(*, now: datetime) -> int:
    """Close what is past its closing time, mix and count what waits.

    Returns how many answers were mixed. Running it twice changes nothing more.
    """
    problems = Problems("surveys")
    for survey in Survey.objects.past_closing(now):
        with problems.of("close", survey.pk):
            transitions.close_on_time(obj=survey, by=None, now=now)
    waiting = Submission.objects.filter(answers__isnull=False).values("survey_id")
    stale = SurveyCount.objects.filter(is_stale=True).values("survey_id")
    mixed = 0
    for survey in Survey.objects.filter(Q(id__in=waiting) | Q(id__in=stale)):
        with problems.of("mix", survey.pk):
            mixed += refresh(survey=survey, now=now)
    problems.raise_any()
    return mixed
