"""Building a call: facts, dates, the form, versions of it, the seal."""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core import audit
from core.enums import AuditAction
from core.transitions import ReasonRequired, TransitionNotAllowed
from core.versions import ChangedMeanwhile, details_of, version_of
from notifications.registry import Kind
from notifications.services import queue
from partners.selectors import contact_people
from projects.models import Topic

from .. import notifications
from ..callform.checks import problems
from ..callform.differences import differences
from ..callform.document import TEXTS, Document, fit_to_call, form_of
from ..callform.files import whole
from ..enums import CallState
from ..models import (
    Call,
    CallChange,
    CallVersion,
    Criterion,
    Expression,
    MixTarget,
    Question,
    SealOpening,
)
from ..selectors.building import being_written, change_of
from .callrows import write_sections

# Addresses under staff/calls/ that are no call.
RESERVED = frozenset({"add", "import"})
FACTS = (*TEXTS, "year", "delivery_models", "nations", "is_sealed")
NUMBERS = ("places", "top_score", "scores_wanted")
BEFORE_JUDGING = frozenset({CallState.DRAFT, CallState.OPEN, CallState.CLOSED})
WHILE_JUDGING = BEFORE_JUDGING | {CallState.ASSESSING}


class FormNotRight(Exception):
    """The change would leave a fault in the form. ``words`` says which, each fit to be shown."""

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__(" ".join(words))
        self.words = list(words)


class NothingToPublish(Exception):
    """Nothing differs from what is published. ``str()`` is fit to be shown."""

    def __init__(self) -> None:
        super().__init__(_("There is no change to publish. It may have been published already."))


def free_slug(title: str, year: int) -> str:
    """An address for a call that no other has: its title with its year."""
    base = slugify(title)[:65].strip("-_") or "call"
    base = base if base.endswith(f"-{year}") else f"{base}-{year}"
    found = Call.objects.filter(models.Q(slug=base) | models.Q(slug__startswith=f"{base}-"))
    taken = set(found.values_list("slug", flat=True)) | RESERVED
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return base if base not in taken else next(one for one in numbered if one not in taken)


def create_call(
    *, title: str, year: int, by: Any, now: datetime, once_key: UUID | None = None, **facts: Any
) -> Call:
    """A new draft; the same ``once_key`` a second time gives the first one's call.

    ``facts``: fields of the call, and ``topics``. Errors: ``PermissionDenied``.
    """
    _check_may_build(by)
    topics = facts.pop("topics", ())
    with transaction.atomic():
        call, made = Call.objects.get_or_create(
            once_key=once_key or uuid4(),
            defaults={"title": title, "year": year, "slug": free_slug(title, year), **facts},
        )
        if made:
            call.topics.set(topics)
            audit.record(action=AuditAction.CREATED, obj=call, by=by, now=now)
    return call


def _check_may_build(by: Any) -> None:
    if not by.has_perm("expressions.build_call"):
        raise PermissionDenied


def import_call(
    *,
    document: Document,
    by: Any,
    now: datetime,
    once_key: UUID | None = None,
    note: str = "",
) -> Call:
    """A new draft of the whole ``document`` (``callform.files.read``), as ``create_call``."""
    key = once_key or uuid4()
    facts = dict(document["call"])
    facts["topics"] = Topic.objects.filter(slug__in=facts["topics"])
    with transaction.atomic():
        if made := Call.objects.filter(once_key=key).first():
            return made
        call = create_call(by=by, now=now, once_key=key, **facts)
        write_sections(call, fit_to_call(document, call)["sections"])
        Criterion.objects.bulk_create(
            Criterion(call=call, order=place, **one)
            for place, one in enumerate(document["criteria"], start=1)
        )
        MixTarget.objects.bulk_create(MixTarget(call=call, **one) for one in document["mix"])
        if note:
            audit.record(action=AuditAction.CHANGED, obj=call, by=by, now=now, note=note[:300])
    return call


def copy_call(*, obj: Call, by: Any, now: datetime, once_key: UUID | None = None) -> Call:
    """A new draft like ``obj`` for the year after, without dates.

    The keys of the questions stay, so that answers can be carried forward.
    """
    document = whole(obj)
    document["call"] |= {"opens_at": None, "closes_at": None, "year": obj.year + 1}
    document["sections"] = form_of(obj)["sections"]
    note = _("Copied from “%(title)s”, %(year)s") % {"title": obj.title, "year": obj.year}
    return import_call(document=document, by=by, now=now, once_key=once_key, note=note)


def lock_for_building(obj: Call, by: Any) -> Call:
    """The call, locked, for somebody who may build calls. Errors: ``PermissionDenied``."""
    _check_may_build(by)
    return Call.objects.select_for_update().get(pk=obj.pk)


def _check_draft(call: Call) -> None:
    if call.state != CallState.DRAFT:
        raise TransitionNotAllowed(
            _("The call has been opened. This can no longer be changed; see what still can.")
        )


def facts_of(call: Call) -> dict[str, Any]:
    """The facts of a draft as they stand, topics by key, for ``version_of``."""
    return details_of(call, [*FACTS, "topics"])


def save_facts(
    *, obj: Call, values: Mapping[str, Any], topics: Sequence[Topic], seen: str, by: Any,
    now: datetime,
) -> Call:  # fmt: skip
    """Save the facts of a draft. Saving what stands there already changes nothing.

    Errors: ``ChangedMeanwhile``, ``TransitionNotAllowed`` once the call has been opened.
    """
    with transaction.atomic():
        call = lock_for_building(obj, by)
        _check_draft(call)
        standing = facts_of(call)
        wanted = {**values, "topics": sorted(topic.pk for topic in topics)}
        if all(standing[name] == value for name, value in wanted.items()):
            return call
        if version_of(standing) != seen:
            raise ChangedMeanwhile(version_of(standing))
        before = audit.snapshot(call, [*FACTS, "topics"])
        for name, value in values.items():
            setattr(call, name, value)
        call.save()
        call.topics.set(topics)
        form = form_of(call)
        if fit_to_call(deepcopy(form), call) != form:
            write_sections(call, fit_to_call(form, call)["sections"])
        _record(call, before, by=by, now=now)
    return call


def _record(call: Call, before: dict[str, str], *, by: Any, now: datetime, note: str = "") -> None:
    changes = audit.changed(before, audit.snapshot(call, list(before)))
    audit.record(
        action=AuditAction.CHANGED, obj=call, by=by, now=now, changes=changes, note=note[:300]
    )


def save_fields(*, obj: Call, values: Mapping[str, Any], seen: str, by: Any, now: datetime) -> Call:
    """Save the dates of a draft, the numbers before the judging begins, or its last day.

    Errors: ``ChangedMeanwhile``, ``TransitionNotAllowed``.
    """
    with transaction.atomic():
        call = lock_for_building(obj, by)
        if set(values) <= set(NUMBERS):
            check_before_judging(call)
        elif set(values) == {"assess_by"}:
            _check_last_day(call, values["assess_by"])
        else:
            _check_draft(call)
        if all(getattr(call, name) == value for name, value in values.items()):
            return call
        version = version_of(details_of(call, values))
        if version != seen:
            raise ChangedMeanwhile(version)
        before = audit.snapshot(call, list(values))
        for name, value in values.items():
            setattr(call, name, value)
        call.save()
        _record(call, before, by=by, now=now)
    return call


def check_before_judging(call: Call) -> None:
    """Errors: ``TransitionNotAllowed`` once the reading has begun."""
    if call.state not in BEFORE_JUDGING:
        raise TransitionNotAllowed(
            _("The reading has begun. Criteria, places and the mix can no longer be changed here.")
        )


def _check_last_day(call: Call, day: date | None) -> None:
    """Errors: ``TransitionNotAllowed`` after the scoring, and for a day before the call closes."""
    if call.state not in WHILE_JUDGING:
        raise TransitionNotAllowed(_("The scoring is over."))
    if day and call.closes_at and day < timezone.localdate(call.closes_at):
        raise FormNotRight([_("Choose a day on which the call has closed.")])


def move_closing(*, obj: Call, closes_at: datetime, reason: str, by: Any, now: datetime) -> Call:
    """Give an open call more time, and tell all who write. To the same moment, nothing happens.

    Errors: ``TransitionNotAllowed`` for a call that takes nothing any more and for a moment that
    is not later, ``ReasonRequired``.
    """
    with transaction.atomic():
        call = lock_for_building(obj, by)
        if not by.has_perm("expressions.open_call", call):
            raise PermissionDenied
        if call.closes_at == closes_at:
            return call
        if call.state != CallState.OPEN or call.closes_at is None or call.closes_at <= now:
            raise TransitionNotAllowed(_("Only a call that is still open can be given more time."))
        if closes_at <= call.closes_at or closes_at <= now:
            raise TransitionNotAllowed(
                _("The closing time can only be moved to a later one: people count on it.")
            )
        if not reason.strip():
            raise ReasonRequired(_("Say why, in a sentence or two."))
        before = audit.snapshot(call, ["closes_at"])
        call.closes_at = closes_at
        call.save(update_fields=["closes_at", "updated_at"])
        _record(call, before, by=by, now=now, note=reason.strip())
        period = f"{timezone.localtime(closes_at):%Y%m%d%H%M%z}"
        context = {"reason": reason.strip()}
        tell_writers(call, notifications.CLOSING_MOVED, now=now, period=period, context=context)
    return call


def tell_writers(
    call: Call, kind: Kind, *, now: datetime, period: str, context: Mapping[str, Any]
) -> int:
    """Queue one message for each person who writes in ``call``; returns for how many people.

    The same ``period`` a second time sends nothing more.
    """
    by_person: dict[Any, list[Expression]] = {}
    for expression in being_written(call):
        for person in contact_people(expression.organisation):
            by_person.setdefault(person, []).append(expression)
    for person, expressions in by_person.items():
        one = expressions[0] if len(expressions) == 1 else None
        path = one.get_absolute_url() if one else reverse("expressions:mine")
        names = ", ".join(expression.organisation.name for expression in expressions)
        words = {"call": call, "path": path, "organisations": names, **context}
        queue(kind=kind, to=person, about=call, now=now, period=period, context=words)
    return len(by_person)


def edit_form(*, obj: Call, edit: Callable[[Document], None], by: Any, now: datetime) -> Call:
    """Change the form by ``edit``: of a draft at once, of an open call in its change under way.

    An edit that changes nothing, as a double click's second, writes nothing. Errors: those of
    ``edit`` (``callform.editing``), ``FormNotRight``, ``TransitionNotAllowed``.
    """
    with transaction.atomic():
        call = lock_for_building(obj, by)
        if call.state != CallState.DRAFT and not call.is_open_at(now):
            raise TransitionNotAllowed(_("The call is closed. Its questions stay as they are."))
        change = change_of(call) if call.state == CallState.OPEN else None
        before = change.form if change else form_of(call)
        after = deepcopy(before)
        edit(after)
        fit_to_call(after, call)
        if after == before:
            return call
        _check_form(before, after, call)
        if call.state == CallState.DRAFT:
            _write_form(call, after)
        else:
            values = {"form": after, "by": by, "at": now}
            CallChange.objects.update_or_create(call=call, defaults=values)
        changes = {"form": ["", "\n".join(differences(before, after))]}
        audit.record(action=AuditAction.CHANGED, obj=call, by=by, now=now, changes=changes)
    return call


def _check_form(before: Document, after: Document, call: Call) -> None:
    known = {one.words for one in problems(before, models=call.delivery_models)}
    new = [
        one.words for one in problems(after, models=call.delivery_models) if one.words not in known
    ]
    if new:
        raise FormNotRight(new)


def _write_form(call: Call, form: Document) -> None:
    if any(getattr(call, name) != value for name, value in form["texts"].items()):
        for name, value in form["texts"].items():
            setattr(call, name, value)
        call.save(update_fields=[*TEXTS, "updated_at"])
    write_sections(call, form["sections"])


def taken_keys(call: Call) -> set[str]:
    """The keys of questions that are no longer asked: a new question may not have them."""
    retired = Question.objects.filter(section__call=call, is_retired=True)
    return set(retired.values_list("key", flat=True))


def publish_change(*, obj: Call, seen: str, reason: str, by: Any, now: datetime) -> CallVersion:
    """Publish the change of an open call as its next version, and tell all who write.

    ``seen`` is the version of the change that was read (``change_seen``); ``reason`` goes before
    the list of what changed. Errors: ``NothingToPublish``, ``ChangedMeanwhile``,
    ``FormNotRight``, ``TransitionNotAllowed``.
    """
    with transaction.atomic():
        call = lock_for_building(obj, by)
        if not call.is_open_at(now):
            raise TransitionNotAllowed(_("The call is closed. Its questions stay as they are."))
        change = change_of(call)
        if change is None:
            raise NothingToPublish
        if change_seen(change) != seen:
            raise ChangedMeanwhile(change_seen(change))
        before, after = form_of(call), fit_to_call(change.form, call)
        _check_form(before, after, call)
        empty = [one["title"] for one in after["sections"] if not one["questions"]]
        if empty:
            words = _("The section “%(title)s” has no question.")
            raise FormNotRight([words % {"title": title} for title in empty])
        what = what_changed(before, after)
        if not what:
            raise NothingToPublish
        version = _next_version(call, after, [reason.strip(), *what], by, now)
        change.delete()
        tell_writers(
            call,
            notifications.CALL_CHANGED,
            now=now,
            period=f"v{version.number}",
            context={"version": version},
        )
    return version


def change_seen(change: CallChange) -> str:
    """The version of a change as somebody read it."""
    return version_of({"form": change.form})


def what_changed(before: Document, after: Document) -> list[str]:
    """What changed, in English, in which the call is written."""
    with translation.override("en-gb"):
        return differences(before, after)


def _next_version(
    call: Call, after: Document, words: list[str], by: Any, now: datetime
) -> CallVersion:
    if not call.versions.filter(number=call.version).exists():
        # Opened before versions were kept, or put there by hand: what stood so far is kept too.
        at = call.opens_at or now
        CallVersion.objects.create(call=call, number=call.version, at=at, form=whole(call))
    call.version += 1
    call.save(update_fields=["version", "updated_at"])
    _write_form(call, after)
    lines = "\n".join(one for one in words if one)
    version = CallVersion.objects.create(
        call=call, number=call.version, at=now, by=by, reason=lines, form=whole(call)
    )
    note = _("Version %(number)s was published") % {"number": version.number}
    audit.record(
        action=AuditAction.CHANGED, obj=call, by=by, now=now, note=note,
        changes={"form": ["", lines]},
    )  # fmt: skip
    return version


def discard_change(*, obj: Call, by: Any, now: datetime) -> None:
    """Throw away the change of an open call that is being written; nothing was published."""
    with transaction.atomic():
        call = lock_for_building(obj, by)
        if CallChange.objects.filter(call=call).delete()[0]:
            note = _("A change that was not published was thrown away")
            audit.record(action=AuditAction.REMOVED, obj=call, by=by, now=now, note=note)


def acknowledge_change(*, obj: Expression, version: int, by: Any) -> None:
    """Keep that those who write ``obj`` have read what changed up to ``version``.

    Errors: ``PermissionDenied``.
    """
    if not by.has_perm("expressions.write_expression", obj):
        raise PermissionDenied
    Expression.objects.filter(
        pk=obj.pk, call_version__lt=version, call__version__gte=version
    ).update(call_version=version)


def break_seal(*, obj: Expression, reason: str, by: Any, now: datetime) -> SealOpening:
    """Open one expression of a sealed call before it closes. A second time changes nothing.

    Errors: ``PermissionDenied``, ``ReasonRequired``, ``TransitionNotAllowed`` where there is no
    seal, or nothing was sent in.
    """
    if not by.has_perm("expressions.break_seal", obj):
        raise PermissionDenied
    with transaction.atomic():
        expression = (
            Expression.objects.select_for_update(of=("self",)).select_related("call").get(pk=obj.pk)
        )
        if found := SealOpening.objects.filter(expression=expression).first():
            return found
        if not expression.call.is_sealed_now or expression.submitted_at is None:
            raise TransitionNotAllowed(_("There is no seal to open here."))
        if not reason.strip():
            raise ReasonRequired(_("Say why, in a sentence or two."))
        opening = SealOpening.objects.create(
            expression=expression, by=by, at=now, reason=reason.strip()[:300]
        )
        for subject in (expression, expression.call):
            note = _("Seal of %(reference)s opened: %(reason)s") % {
                "reference": expression.reference,
                "reason": opening.reason,
            }
            audit.record(action=AuditAction.VIEWED, obj=subject, by=by, now=now, note=note[:300])
    return opening
