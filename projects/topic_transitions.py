"""The states of topics and of evidence gaps, and the one function for each step."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.transitions import Step, TransitionNotAllowed, state_table, transition
from partners.models import Organisation

from .enums import Criterion, EvidenceKind, GapOutcome, GapState, TopicState
from .models import EvidenceGap, Topic
from .topic_services import ask_organisations

ASSESS = "projects.assess_topic"

# Steps that need a page of their own (opening and closing a gap) are not among the plain ones.
PLAIN_STEPS = state_table(
    Step(
        "assess",
        frozenset({TopicState.SUGGESTED}),
        TopicState.UNDER_ASSESSMENT,
        gettext_lazy("Begin the assessment"),
        ASSESS,
        repeatable=True,
    ),
    Step(
        "take_in",
        frozenset({TopicState.UNDER_ASSESSMENT}),
        TopicState.IN_PROGRAMME,
        gettext_lazy("Take it into the programme"),
        ASSESS,
        needs_reason=True,
        repeatable=True,
    ),
    Step(
        "decline",
        frozenset({TopicState.SUGGESTED, TopicState.UNDER_ASSESSMENT}),
        TopicState.DECLINED,
        gettext_lazy("Decline it"),
        ASSESS,
        needs_reason=True,
        repeatable=True,
    ),
    Step(
        "look_again",
        frozenset({TopicState.DECLINED}),
        TopicState.UNDER_ASSESSMENT,
        gettext_lazy("Look at it again"),
        ASSESS,
        needs_reason=True,
        repeatable=True,
    ),
)
GAP_OPENED = Step(
    "lack_evidence",
    frozenset({TopicState.UNDER_ASSESSMENT}),
    TopicState.NOT_ENOUGH_EVIDENCE,
    gettext_lazy("Say that there is not enough evidence"),
    ASSESS,
    needs_reason=True,
)
GAP_CLOSED = Step(
    "evidence_back",
    frozenset({TopicState.NOT_ENOUGH_EVIDENCE}),
    TopicState.UNDER_ASSESSMENT,
    gettext_lazy("Assess it with what came in"),
    ASSESS,
    needs_reason=True,
)
TOPIC_STEPS = {**PLAIN_STEPS, GAP_OPENED.name: GAP_OPENED, GAP_CLOSED.name: GAP_CLOSED}

CLOSE_GAP = Step(
    "close",
    frozenset({GapState.OPEN}),
    GapState.CLOSED,
    gettext_lazy("Close the gap"),
    ASSESS,
    repeatable=True,
)


def assess(*, obj: Topic, by: Any, now: datetime, reason: str = "") -> Topic:
    """Suggested → under assessment."""
    return transition(obj=obj, step=PLAIN_STEPS["assess"], by=by, now=now, reason=reason)


def take_in(*, obj: Topic, by: Any, now: datetime, reason: str = "") -> Topic:
    """Under assessment → in the programme; only once each criterion has a score.

    Errors: ``TransitionNotAllowed`` names the criteria that have none.
    """

    def all_scored(topic: Topic) -> None:
        scored = set(topic.scores.values_list("criterion", flat=True))
        missing = [str(one.label) for one in Criterion if one.value not in scored]
        if missing:
            raise TransitionNotAllowed(
                _("Score each criterion first. Not scored yet: %(criteria)s.")
                % {"criteria": "; ".join(missing)}
            )

    step = PLAIN_STEPS["take_in"]
    return transition(obj=obj, step=step, by=by, now=now, reason=reason, apply=all_scored)


def decline(*, obj: Topic, by: Any, now: datetime, reason: str = "") -> Topic:
    """Suggested or under assessment → declined."""
    return transition(obj=obj, step=PLAIN_STEPS["decline"], by=by, now=now, reason=reason)


def look_again(*, obj: Topic, by: Any, now: datetime, reason: str = "") -> Topic:
    """Declined → under assessment."""
    return transition(obj=obj, step=PLAIN_STEPS["look_again"], by=by, now=now, reason=reason)


TOPIC_FUNCTIONS = {
    "assess": assess,
    "take_in": take_in,
    "decline": decline,
    "look_again": look_again,
}


def open_gap(  # noqa: PLR0913 - what a gap consists of
    *,
    topic: Topic,
    missing: str,
    kinds: Iterable[EvidenceKind | str],
    wanted_by: date,
    organisations: Iterable[Organisation],
    once_key: UUID,
    by: Any,
    now: datetime,
) -> EvidenceGap:
    """Under assessment → not enough evidence, with a gap of which the organisations are told.

    The same ``once_key`` a second time gives the first one's gap. Errors:
    ``TransitionNotAllowed``.
    """

    def make(locked: Topic) -> None:
        gap = EvidenceGap.objects.create(
            topic=locked,
            missing=missing,
            kinds=sorted({str(EvidenceKind(kind)) for kind in kinds}),
            wanted_by=wanted_by,
            opened_by=by,
            once_key=once_key,
            is_example=locked.is_example,
        )
        ask_organisations(gap=gap, organisations=organisations, by=by, now=now)

    with transaction.atomic():
        Topic.objects.select_for_update().get(pk=topic.pk)
        if made := EvidenceGap.objects.filter(once_key=once_key, topic=topic).first():
            return made
        transition(obj=topic, step=GAP_OPENED, by=by, now=now, reason=missing, then=make)
        return EvidenceGap.objects.get(once_key=once_key)


def close_gap(
    *, obj: EvidenceGap, outcome: GapOutcome | str, words: str, by: Any, now: datetime
) -> EvidenceGap:
    """Open → closed, and its topic from not enough evidence → under assessment.

    Its links take no reply any more. A second time, as by a double click, changes nothing.
    """

    def fill(gap: EvidenceGap) -> None:
        gap.outcome, gap.outcome_words = GapOutcome(outcome), words.strip()
        gap.closed_at, gap.closed_by = now, by

    def back_to_assessment(gap: EvidenceGap) -> None:
        transition(obj=gap.topic, step=GAP_CLOSED, by=by, now=now, reason=words)

    return transition(
        obj=obj,
        step=CLOSE_GAP,
        by=by,
        now=now,
        reason=words,
        apply=fill,
        then=back_to_assessment,
    )
