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
from ..enums import ExpressionState, Fills, Source
from ..models import Answer, Call, Expression, Question, Section, SectionMark
from ..transitions import call_not_open


@dataclass(frozen=True)
class Given:
    """One answer as a browser sent it.

    ``version`` is the one that its writer had read, 0 for none; ``fingerprint`` marks the value
    that they had read, so that a field which they left alone is not taken for a change.
    """

    sent: Sequence[str]
    version: int
    fingerprint: str = ""


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
        expression = _lock_for_writing(obj, by, now)
        asked = Question.objects.filter(section__call_id=expression.call_id, pk__in=given)
        stored = {
            answer.question_id: answer
            for answer in Answer.objects.filter(
                expression=expression, question_id__in=given
            ).select_related("saved_by")
        }
        for question in asked:
            _save_one(expression, question, stored.get(question.pk), given, by, now, outcome)
        _fill(expression, [question for question in asked if question.pk in outcome.saved], outcome)
        if outcome.saved and expression.state != ExpressionState.DRAFT:
            _record_late_changes(expression, outcome, by, now)
    return outcome


def _lock_for_writing(obj: Expression, by: User, now: datetime) -> Expression:
    """The expression, locked, if ``by`` may write in it at ``now``."""
    expression = Expression.objects.select_for_update().get(pk=obj.pk)
    if not by.has_perm("expressions.write_expression", expression):
        raise PermissionDenied
    if not expression.call.is_open_at(now):
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
    if one.fingerprint and questions.fingerprint(value) == one.fingerprint:
        return
    if questions.fingerprint(value) == questions.fingerprint(standing):
        if stored:
            outcome.saved[question.pk] = stored
        return
    if stored and stored.version != one.version:
        outcome.conflicts[question.pk] = Conflict(
            question, value, standing, stored.version, stored.saved_by
        )
        return
    if stored is None:
        stored = Answer(expression=expression, question=question, version=0)
        stored.is_example = expression.is_example
    stored.value = value
    stored.version += 1
    stored.saved_by = by
    stored.saved_at = now
    stored.save()
    outcome.saved[question.pk] = stored


def _fill(expression: Expression, changed: list[Question], outcome: SaveOutcome) -> None:
    """Carry what an answer says for the whole onto the expression."""
    filling = [question for question in changed if question.fills]
    for question in filling:
        value = str(outcome.saved[question.pk].value)
        if question.fills == Fills.TOPIC:
            expression.topic = Topic.objects.filter(slug=value).first()
        else:
            expression.delivery_model = value
    if filling:
        expression.save(update_fields=["topic", "delivery_model", "updated_at"])


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


def mark_section(
    *, obj: Expression, section: Section, is_finished: bool, by: User, now: datetime
) -> None:
    """Keep whether somebody says that a section is finished. Errors as ``save_answers``."""
    with transaction.atomic():
        expression = _lock_for_writing(obj, by, now)
        SectionMark.objects.update_or_create(
            expression=expression, section=section, defaults={"is_finished": is_finished}
        )
