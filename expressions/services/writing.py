"""Writing an expression of interest: beginning it, saving answers, marking sections."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit
from core.enums import AuditAction
from core.transitions import TransitionNotAllowed
from partners.models import Organisation
from partners.rules import is_contact_of
from projects.models import Topic

from .. import questions
from ..enums import CHECKED_STATES, ExpressionState, Fills, QuestionKind, Source
from ..models import Answer, Call, Expression, Question, Section, SectionMark
from ..timeliness import may_be_written_at
from ..transitions import call_not_open, check_again
from .history import keep_earlier, set_aside


@dataclass(frozen=True)
class Given:
    """One answer as a browser sent it.

    ``version`` is the one that its writer had read, 0 for none; ``fingerprint`` marks the value
    that they had read, so that a field which they left alone is not taken for a change. ``keep``
    says what becomes of two texts that met: ``mine``, ``theirs`` or ``both``.
    """

    sent: Sequence[str]
    version: int
    fingerprint: str = ""
    keep: str = "mine"


@dataclass(frozen=True)
class Conflict:
    """Two people wrote at once: ``mine`` is not saved, ``theirs`` stands."""

    question: Question
    mine: Any
    theirs: Any
    version: int
    by: User | None


@dataclass
class SaveOutcome:
    """What became of each answer, by question id."""

    saved: dict[int, Answer] = field(default_factory=dict)
    conflicts: dict[int, Conflict] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)
    # Answers to questions that are asked no longer: kept among the earlier texts.
    retired: dict[int, Question] = field(default_factory=dict)

    @property
    def is_clean(self) -> bool:
        return not self.conflicts and not self.refused


def start_expression(
    *, obj: Call, organisation: Organisation, by: User, now: datetime, source: str = Source.ONLINE
) -> Expression:
    """The open expression of ``organisation`` in the call, new or begun already.

    Errors: ``PermissionDenied`` for somebody who does not speak for it; ``CallNotOpen``.
    """
    if not is_contact_of(by, organisation):
        raise PermissionDenied
    begun = Expression.objects.filter(call=obj, organisation=organisation).exclude(
        state=ExpressionState.WITHDRAWN
    )
    if found := begun.first():
        return found
    if not obj.is_open_at(now):
        raise call_not_open()
    try:
        with transaction.atomic():
            expression = Expression.objects.create(
                call=obj,
                organisation=organisation,
                started_by=by,
                source=source,
                listed_at=now,
                is_first_timer=organisation.is_first_timer,
                call_version=obj.version,
            )
            audit.record(action=AuditAction.CREATED, obj=expression, by=by, now=now)
    except IntegrityError:
        return begun.get()
    return expression


def save_answers(
    *, obj: Expression, given: Mapping[int, Given], by: User, now: datetime
) -> SaveOutcome:
    """Save each answer that its writer changed, unless somebody else has changed it meanwhile.

    Used by autosave, with one answer, and by a page's Save button, with all of them. Saving the
    same again, as after a lost reply, is no conflict. ``now`` is the database's clock.
    Errors: ``PermissionDenied``, ``CallNotOpen``, ``TransitionNotAllowed`` when staff have begun
    to check it.
    """
    outcome = SaveOutcome()
    with transaction.atomic():
        expression = lock_for_writing(obj, by, now)
        asked = Question.objects.filter(section__call_id=expression.call_id, pk__in=given).exclude(
            kind=QuestionKind.FILE
        )
        stored = {
            answer.question_id: answer
            for answer in Answer.objects.filter(
                expression=expression, question_id__in=given
            ).select_related("saved_by")
        }
        for question in asked:
            _save_one(expression, question, stored.get(question.pk), given, by, now, outcome)
        saved = outcome.saved
        fill(expression, {one.fills: saved[one.pk].value for one in asked if one.pk in saved})
        if outcome.saved and expression.state != ExpressionState.DRAFT:
            _record_late_changes(expression, outcome, by, now)
    return outcome


def let_check_again(expression: Expression, by: User, now: datetime) -> None:
    """Undo a check of what has changed since; the last thing done to a locked expression."""
    if expression.state in CHECKED_STATES:
        reason = _("Its answers changed after the check.")
        check_again(obj=expression, by=by, now=now, reason=reason)


def lock_for_writing(obj: Expression, by: User, now: datetime) -> Expression:
    """The expression, locked, if ``by`` may write in it at ``now``. Errors as ``save_answers``."""
    expression = Expression.objects.select_for_update().get(pk=obj.pk)
    if not by.has_perm("expressions.write_expression", expression):
        raise PermissionDenied
    if not may_be_written_at(expression, by, now):
        raise call_not_open()
    if not expression.is_editable:
        raise TransitionNotAllowed(
            _("This can no longer be changed: it was withdrawn, or we have begun to check it.")
        )
    return expression


def _save_one(  # noqa: PLR0917
    expression: Expression,
    question: Question,
    stored: Answer | None,
    given: Mapping[int, Given],
    by: User,
    now: datetime,
    outcome: SaveOutcome,
) -> None:
    one = given[question.pk]
    try:
        value = questions.read(question, one.sent)
    except questions.UnreadableAnswer as problem:
        outcome.refused[question.pk] = str(problem)
        return
    standing = stored.value if stored else ""
    if one.keep == "theirs":
        _set_aside(expression, question, value, one, by, now)
        return
    if one.fingerprint and questions.fingerprint(value) == one.fingerprint:
        return
    if question.is_retired:
        _set_aside(expression, question, value, one, by, now)
        outcome.retired[question.pk] = question
        return
    if questions.fingerprint(value) == questions.fingerprint(standing):
        if stored:
            outcome.saved[question.pk] = stored
        return
    if stored and stored.version != one.version:
        outcome.conflicts[question.pk] = Conflict(
            question, value, standing, stored.version, stored.saved_by
        )
        _set_aside(expression, question, value, one, by, now)
        return
    if one.keep == "both":
        value = questions.together(question, standing, value)
    outcome.saved[question.pk] = _write(expression, question, stored, value, by, now)


def _set_aside(  # noqa: PLR0917
    expression: Expression, question: Question, value: Any, one: Given, by: User, now: datetime
) -> None:
    set_aside(obj=expression, question=question, value=value, version=one.version, by=by, now=now)


def _write(  # noqa: PLR0917
    expression: Expression,
    question: Question,
    stored: Answer | None,
    value: Any,
    by: User,
    now: datetime,
) -> Answer:
    """Make ``value`` the answer, and keep the words that it replaces."""
    if stored is None:
        stored = Answer(expression=expression, question=question, version=0)
        stored.is_example = expression.is_example
    else:
        keep_earlier(stored, value, by, now)
    stored.value = value
    stored.version += 1
    stored.saved_by = by
    stored.saved_at = now
    stored.carried_from = None
    stored.save()
    return stored


def fill(expression: Expression, said: Mapping[str, Any]) -> None:
    """Carry what answers say for the whole, by ``Fills``, onto the expression."""
    filling = {fills: str(value) for fills, value in said.items() if fills}
    if not filling:
        return
    for fills, value in filling.items():
        _fill_one(expression, fills, value)
    expression.save(
        update_fields=["topic", "delivery_model", "is_first_timer", "is_struggling", "updated_at"]
    )


def _fill_one(expression: Expression, fills: str, value: str) -> None:
    if fills == Fills.TOPIC:
        expression.topic = Topic.objects.filter(slug=value).first()
    elif fills == Fills.DELIVERY_MODEL:
        expression.delivery_model = value
    elif fills == Fills.FIRST_TIMER:
        # Left empty, it is what the organisation says of itself.
        expression.is_first_timer = (
            value == "yes" if value else expression.organisation.is_first_timer
        )
    elif fills == Fills.STRUGGLING:
        expression.is_struggling = value == "yes"


def _record_late_changes(
    expression: Expression, outcome: SaveOutcome, by: User, now: datetime
) -> None:
    """What changes after sending in is on record: which answer, from which version to which."""
    changes = {
        answer.question.key: [str(answer.version - 1), str(answer.version)]
        for answer in outcome.saved.values()
        if answer.saved_at == now
    }
    if changes:
        audit.record(action=AuditAction.CHANGED, obj=expression, by=by, now=now, changes=changes)
        let_check_again(expression, by, now)


def mark_section(
    *, obj: Expression, section: Section, is_finished: bool, by: User, now: datetime
) -> None:
    """Keep whether somebody says that a section is finished. Errors as ``save_answers``."""
    with transaction.atomic():
        expression = lock_for_writing(obj, by, now)
        SectionMark.objects.update_or_create(
            expression=expression, section=section, defaults={"is_finished": is_finished}
        )
        if is_finished:
            # Who says that a section is finished has looked at what was carried forward into it.
            Answer.objects.filter(
                expression=expression, question__section=section, carried_from__isnull=False
            ).update(carried_from=None)
