"""The states of meetings, logs and actions, and the steps between them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.transitions import Step, TransitionNotAllowed, state_table, transition

from . import notifications as tell
from .enums import ActionState, LogState, MeetingState, Speech
from .models import Action, LogMessage, Meeting, MeetingLog
from .selectors import log_gaps

MEETING_STEPS = state_table(
    Step(
        name="hold",
        sources=frozenset({MeetingState.PLANNED}),
        target=MeetingState.HELD,
        label=gettext_lazy("Note that it was held"),
        permission="meetings.change_meeting",
        repeatable=True,
    ),
    Step(
        name="cancel",
        sources=frozenset({MeetingState.PLANNED}),
        target=MeetingState.CANCELLED,
        label=gettext_lazy("Cancel this meeting"),
        permission="meetings.change_meeting",
        needs_reason=True,
        repeatable=True,
    ),
    Step(
        name="reinstate",
        sources=frozenset({MeetingState.CANCELLED}),
        target=MeetingState.PLANNED,
        label=gettext_lazy("Plan it again"),
        permission="meetings.change_meeting",
        repeatable=True,
    ),
)

LOG_STEPS = state_table(
    Step(
        name="submit",
        sources=frozenset({LogState.DRAFT}),
        target=LogState.SUBMITTED,
        label=gettext_lazy("Send to the networks team"),
        permission="meetings.submit_log",
        repeatable=True,
    ),
    Step(
        name="answer",
        sources=frozenset({LogState.RETURNED}),
        target=LogState.SUBMITTED,
        label=gettext_lazy("Answer and send again"),
        permission="meetings.submit_log",
        needs_reason=True,
        repeatable=True,
    ),
    Step(
        name="take_back",
        sources=frozenset({LogState.SUBMITTED}),
        target=LogState.DRAFT,
        label=gettext_lazy("Take it back to change it"),
        permission="meetings.submit_log",
        repeatable=True,
    ),
    Step(
        name="finish",
        sources=frozenset({LogState.DRAFT}),
        target=LogState.ACCEPTED,
        label=gettext_lazy("Finish"),
        permission="meetings.finish_log",
        repeatable=True,
    ),
    Step(
        name="reopen",
        sources=frozenset({LogState.ACCEPTED}),
        target=LogState.DRAFT,
        label=gettext_lazy("Open it again"),
        permission="meetings.finish_log",
        needs_reason=True,
        repeatable=True,
    ),
    Step(
        name="accept",
        sources=frozenset({LogState.SUBMITTED}),
        target=LogState.ACCEPTED,
        label=gettext_lazy("Accept"),
        permission="meetings.review_log",
        repeatable=True,
    ),
    Step(
        name="return",
        sources=frozenset({LogState.SUBMITTED, LogState.ACCEPTED}),
        target=LogState.RETURNED,
        label=gettext_lazy("Return with a question"),
        permission="meetings.review_log",
        needs_reason=True,
        repeatable=True,
    ),
)

_ENDED = {ActionState.DONE, ActionState.CHANGED, ActionState.DROPPED}
ACTION_STEPS = state_table(
    Step(
        name="done",
        sources=frozenset({ActionState.OPEN}),
        target=ActionState.DONE,
        label=gettext_lazy("Done"),
        permission="meetings.update_action",
        repeatable=True,
    ),
    Step(
        name="changed",
        sources=frozenset({ActionState.OPEN}),
        target=ActionState.CHANGED,
        label=gettext_lazy("Changed: we did something else"),
        permission="meetings.update_action",
        needs_reason=True,
        repeatable=True,
    ),
    Step(
        name="dropped",
        sources=frozenset({ActionState.OPEN}),
        target=ActionState.DROPPED,
        label=gettext_lazy("Dropped"),
        permission="meetings.update_action",
        needs_reason=True,
        repeatable=True,
    ),
    Step(
        name="reopen",
        sources=frozenset(_ENDED),
        target=ActionState.OPEN,
        label=gettext_lazy("Put it back on the list"),
        permission="meetings.update_action",
        repeatable=True,
    ),
)


def hold(*, meeting: Meeting, by: Any, now: datetime) -> Meeting:
    """Note that the meeting took place. Errors: before it begins, ``TransitionNotAllowed``."""

    def begun(locked: Meeting) -> None:
        if locked.starts_at > now:
            raise TransitionNotAllowed(_("This meeting has not begun yet."))

    return transition(obj=meeting, step=MEETING_STEPS["hold"], by=by, now=now, apply=begun)


def cancel(*, meeting: Meeting, by: Any, now: datetime, reason: str) -> Meeting:
    """Cancel the meeting, and tell everybody who knew of it when it is still to come."""
    return transition(
        obj=meeting,
        step=MEETING_STEPS["cancel"],
        by=by,
        now=now,
        reason=reason,
        then=lambda locked: tell.of_cancelled_meeting(meeting=locked, reason=reason, now=now),
    )


def reinstate(*, meeting: Meeting, by: Any, now: datetime) -> Meeting:
    """Plan a cancelled meeting again, and tell everybody that it takes place after all."""
    return transition(
        obj=meeting,
        step=MEETING_STEPS["reinstate"],
        by=by,
        now=now,
        then=lambda locked: tell.of_reinstated_meeting(meeting=locked, now=now),
    )


def _sent(now: datetime) -> Callable[[MeetingLog], None]:
    def apply(log: MeetingLog) -> None:
        gaps = log_gaps(log)
        if gaps:
            raise TransitionNotAllowed(" ".join(str(gap.text) for gap in gaps))
        log.submitted_at = now

    return apply


def submit(*, log: MeetingLog, by: Any, now: datetime) -> MeetingLog:
    """Send the log to those who read it; they are told. Errors: gaps, ``TransitionNotAllowed``."""
    return transition(
        obj=log,
        step=LOG_STEPS["submit"],
        by=by,
        now=now,
        apply=_sent(now),
        then=lambda locked: tell.of_sent_log(log=locked, now=now),
    )


def finish(*, log: MeetingLog, by: Any, now: datetime) -> MeetingLog:
    """Close the log of a group that has no return step. Errors: gaps, ``TransitionNotAllowed``."""

    def close(locked: MeetingLog) -> None:
        _sent(now)(locked)
        locked.accepted_at = now

    return transition(obj=log, step=LOG_STEPS["finish"], by=by, now=now, apply=close)


def reopen(*, log: MeetingLog, by: Any, now: datetime, reason: str) -> MeetingLog:
    """Open a finished log again where nobody else has to accept it."""
    return transition(
        obj=log, step=LOG_STEPS["reopen"], by=by, now=now, reason=reason, apply=_not_accepted
    )


def take_back(*, log: MeetingLog, by: Any, now: datetime) -> MeetingLog:
    """Take back a log that nobody has accepted or returned yet."""
    return transition(obj=log, step=LOG_STEPS["take_back"], by=by, now=now)


def return_with_question(*, log: MeetingLog, by: Any, now: datetime, question: str) -> MeetingLog:
    """Ask the coordinators something about their log; they get the question by message."""

    def ask(locked: MeetingLog) -> None:
        message = _say(locked, Speech.QUESTION, question, by, now)
        tell.of_returned_log(log=locked, message=message, now=now)

    return transition(
        obj=log,
        step=LOG_STEPS["return"],
        by=by,
        now=now,
        reason=question,
        apply=_not_accepted,
        then=ask,
    )


def answer(*, log: MeetingLog, by: Any, now: datetime, text: str) -> MeetingLog:
    """Answer the question and send the log again; those who read it are told."""

    def reply(locked: MeetingLog) -> None:
        _say(locked, Speech.ANSWER, text, by, now)
        tell.of_sent_log(log=locked, now=now)

    return transition(
        obj=log,
        step=LOG_STEPS["answer"],
        by=by,
        now=now,
        reason=text,
        apply=_sent(now),
        then=reply,
    )


def accept(*, log: MeetingLog, by: Any, now: datetime) -> MeetingLog:
    """Accept the log; its coordinators are told and thanked."""

    def close(locked: MeetingLog) -> None:
        locked.accepted_at = now

    return transition(
        obj=log,
        step=LOG_STEPS["accept"],
        by=by,
        now=now,
        apply=close,
        then=lambda locked: tell.of_accepted_log(log=locked, now=now),
    )


def _not_accepted(log: MeetingLog) -> None:
    log.accepted_at = None


def _say(log: MeetingLog, speech: Speech, text: str, by: Any, now: datetime) -> LogMessage:
    return LogMessage.objects.create(
        log=log, speech=speech, text=text.strip(), by=by, at=now, is_example=log.is_example
    )


def move_action(
    *, action: Action, step_name: str, by: Any, now: datetime, reason: str = ""
) -> Action:
    """Take the step ``step_name`` of ``ACTION_STEPS``; the reason stays as what became of it."""
    step = ACTION_STEPS[step_name]

    def note(locked: Action) -> None:
        locked.outcome = "" if step.target == ActionState.OPEN else reason.strip()

    return transition(obj=action, step=step, by=by, now=now, reason=reason, apply=note)
