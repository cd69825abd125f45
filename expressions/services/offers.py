"""Writes about offers after the letters: a reserve called up, an offer given again or accepted by
telephone, a letter sent once more."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.transitions import TransitionNotAllowed
from core.versions import ChangedMeanwhile
from partners.selectors import contact_people

from .. import transitions
from ..enums import CallState, ExpressionState, LetterKind
from ..models import Call, Decision, Expression, Letter, Resending
from ..selectors import deciding as selectors
from ..selectors import offers
from .posting import post, write


def call_up(
    *,
    obj: Expression,
    answer_by: date,
    reason: str,
    feedback: str,
    seen: str,
    by: Any,
    now: datetime,
) -> Expression:
    """Offer a place to a reserve, and send the letter. A second time sends nothing.

    ``feedback`` stands in the letter; what the letter about the reserve said is not said again.
    ``seen``: how many places were free on the page; of two people who call up at once the second
    is told that there are fewer now. Errors: ``ChangedMeanwhile``, ``TransitionNotAllowed``,
    ``ReasonRequired``, ``PermissionDenied``.
    """

    def then(expression: Expression) -> None:
        Decision.objects.filter(expression=expression).update(
            feedback=feedback.strip(), updated_at=now
        )
        wording = selectors.wording_of(expression.call, LetterKind.OFFERED)
        write(expression, wording, answer_by, by, now)

    _check_day(answer_by, now)
    with transaction.atomic():
        # The second of two waits here, and then counts what the first has left.
        call = Call.objects.select_for_update().get(pk=obj.call_id)
        if not _is_called_up(obj):
            _check_places(call, seen, now)
        return transitions.call_up(obj=obj, by=by, now=now, reason=reason, then=then)


def _is_called_up(obj: Expression) -> bool:
    """Whether the same click came before: then the number of places has changed by it."""
    called = Expression.objects.filter(pk=obj.pk, state=ExpressionState.OFFERED)
    return called.filter(letters__outcome=LetterKind.OFFERED).exists()


def offer_again(
    *,
    obj: Expression,
    answer_by: date,
    reason: str,
    seen: str,
    once_key: UUID,
    by: Any,
    now: datetime,
) -> Expression:
    """Give an offer again that was turned down or not answered in time: the letter goes out once
    more with a new last day, and ``reason`` stands in the history.

    ``seen``: how many places were free on the page. The same ``once_key`` a second time sends
    nothing. Errors: ``ChangedMeanwhile``, ``TransitionNotAllowed``, ``ReasonRequired``,
    ``PermissionDenied``.
    """

    def then(expression: Expression) -> None:
        letter = offers.offer_letters().get(expression=expression)
        _send_again(letter, reason=reason, answer_by=answer_by, once_key=once_key, by=by, now=now)

    _check_day(answer_by, now)
    with transaction.atomic():
        call = Call.objects.select_for_update().get(pk=obj.call_id)
        if Resending.objects.filter(once_key=once_key, letter__expression=obj).exists():
            return Expression.objects.get(pk=obj.pk)
        _check_places(call, seen, now)
        return transitions.offer_again(obj=obj, by=by, now=now, reason=reason, then=then)


def record_acceptance(
    *, obj: Expression, how: str, who: str, note: str, seen: str, by: Any, now: datetime
) -> Expression:
    """Keep that an offer was accepted by telephone or otherwise than here, even after its day.

    ``how``: in words. ``who`` said so at the organisation, and ``how``, stand in the history.
    ``seen``: how many places were free on the page. A second time changes nothing. Errors: those
    of ``offer_again``.
    """
    words = {"how": how, "who": who.strip()}
    reason = " ".join([_("%(how)s, by %(who)s.") % words, note.strip()]).strip()
    with transaction.atomic():
        call = Call.objects.select_for_update().get(pk=obj.call_id)
        if Expression.objects.get(pk=obj.pk).state != ExpressionState.ACCEPTED:
            _check_places(call, seen, now)
        return transitions.record_acceptance(obj=obj, by=by, now=now, reason=reason)


def let_go(*, obj: Expression, reason: str, by: Any, now: datetime) -> Expression:
    """Keep that nobody takes the place that was offered, so that it is free for somebody else.

    A second time changes nothing. Errors: ``TransitionNotAllowed``, ``ReasonRequired``,
    ``PermissionDenied``.
    """
    with transaction.atomic():
        Call.objects.select_for_update().get(pk=obj.call_id)
        return transitions.let_go(obj=obj, by=by, now=now, reason=reason)


def _check_day(answer_by: date, now: datetime) -> None:
    if answer_by <= timezone.localdate(now):
        raise TransitionNotAllowed(_("The last day to answer has to be in the future."))


def _check_places(call: Call, seen: str, now: datetime) -> None:
    """Refuse where ``seen`` is not the number of places that are free; ``call`` is locked."""
    free = offers.free_places(call, now)
    if seen != str(free):
        words = ngettext(
            "An answer came or a place was given after you opened this page. Now %(count)s place "
            "is free. Look at it again.",
            "An answer came or a place was given after you opened this page. Now %(count)s places "
            "are free. Look at it again.",
            free,
        )
        raise ChangedMeanwhile(free, words % {"count": free})


def resend(
    *,
    obj: Letter,
    reason: str,
    answer_by: date | None,
    once_key: UUID,
    by: Any,
    now: datetime,
) -> Resending:
    """Send a letter once more, as it was, and keep why; ``answer_by`` gives more time for an offer.

    The same ``once_key`` a second time sends nothing. Errors: ``PermissionDenied``;
    ``TransitionNotAllowed`` for a day that has passed, for an offer that lapsed without a new day
    or whose place went to a reserve meanwhile, and for a new day once the call was put away.
    """
    with transaction.atomic():
        call = Call.objects.select_for_update().get(pk=obj.expression.call_id)
        letter = (
            Letter.objects.select_for_update(of=("self",))
            .select_related("expression__organisation")
            .get(pk=obj.pk)
        )
        if not by.has_perm("expressions.decide_expression", letter.expression):
            raise PermissionDenied
        if found := Resending.objects.filter(once_key=once_key, letter=letter).first():
            return found
        _check_new_day(letter, call, answer_by, now)
        return _send_again(
            letter, reason=reason, answer_by=answer_by, once_key=once_key, by=by, now=now
        )


def _check_new_day(letter: Letter, call: Call, answer_by: date | None, now: datetime) -> None:
    """Refuse a new day that cannot be, and none where one is needed; ``call`` is locked."""
    if answer_by and (not letter.is_offer_open or answer_by <= timezone.localdate(now)):
        raise TransitionNotAllowed(_("The last day to answer has to be in the future."))
    is_late = letter.is_offer_open and letter.has_lapsed_at(now)
    if (answer_by or is_late) and call.state != CallState.DECIDED:
        raise TransitionNotAllowed(
            _("This call has been put away: offers in it are not given or answered any more.")
        )
    if is_late and answer_by is None:
        raise TransitionNotAllowed(
            _("The last day to answer has passed: say by when they are to answer now.")
        )
    if is_late and not offers.free_places(call, now):
        raise TransitionNotAllowed(
            _(
                "The place of this offer went to a reserve. If there is another, give the "
                "offer again on its own page."
            )
        )
    if answer_by and letter.answer_by and answer_by < letter.answer_by:
        raise TransitionNotAllowed(
            _("An offer can be given more time to answer, not less: its people count on it.")
        )


def _send_again(
    letter: Letter, *, reason: str, answer_by: date | None, once_key: UUID, by: Any, now: datetime
) -> Resending:
    people = list(contact_people(letter.expression.organisation))
    row = Resending.objects.create(
        letter=letter,
        once_key=once_key,
        reason=reason.strip(),
        answer_by=answer_by,
        sent_to=len(people),
        by=by,
        at=now,
        is_example=letter.is_example,
    )
    if answer_by:
        letter.answer_by = answer_by
        letter.save(update_fields=["answer_by", "updated_at"])
    post([(letter, people, f"{letter.pk}.{row.pk}")], now, again=True)
    return row
