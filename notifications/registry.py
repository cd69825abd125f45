"""What the rooms above tell this room: kinds of message, and reminder rules."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.functional import Promise as LazyText

from core.registry import Registry

from .enums import Promise


@dataclass(frozen=True)
class Kind:
    """A kind of message.

    ``name`` is ``"<room>.<kind>"``. Its words are the templates
    ``<room>/email/<kind>_subject.txt`` and ``<room>/email/<kind>_body.txt`` (Markdown; the HTML
    part is made from it, so that both always say the same). ``secret`` bodies hold a link that
    works as a key: they are blanked as soon as they are sent and shown to nobody.
    """

    name: str
    title: str | LazyText
    promise: Promise
    secret: bool = False

    def template(self, part: str) -> str:
        room, kind = self.name.split(".")
        return f"{room}/email/{kind}_{part}.txt"


@dataclass(frozen=True)
class ReminderRule:
    """A reminder that the sweep looks for each minute.

    ``due(now)``: the objects that may need it (``due <= now``, never ``==``), as a queryset.
    ``recipients(objects)``: pairs of an object and a person who gets it, read for all of them at
    once. ``skip_reason(obj, now)``: a code when its reason
    has gone, else ``None``; asked again just before sending. ``period(obj)``: makes the reminder
    once only for this object, person and period. ``context(obj, person)``: for the templates.
    ``url`` is in the context as an absolute address when ``context`` gives ``path``.
    ``until(obj)``: the moment past which it helps nobody any more; it is not held back beyond that
    for a person's rhythm or share of a day. ``None`` where it stays true.
    """

    kind: Kind
    due: Callable[[datetime], models.QuerySet]
    recipients: Callable[[Sequence[Any]], Iterable[tuple[Any, Any]]]
    skip_reason: Callable[[Any, datetime], str | None]
    period: Callable[[Any], str]
    context: Callable[[Any, Any], dict[str, Any]]
    until: Callable[[Any], datetime | None] = lambda about: None


kinds: Registry[Kind] = Registry("kinds of message")
# Which messages somebody who looks after the outbox may not know of, such as those about what they
# have a conflict of interest in; ``None`` for none.
concealments: Registry[Callable[[Any], models.Q | None]] = Registry("concealed messages")
reminder_rules: Registry[ReminderRule] = Registry("reminder rules")


def register_kind(kind: Kind) -> Kind:
    """Make ``kind`` known. Errors: ``AlreadyRegistered``."""
    return kinds.add(kind.name, kind)


def register_reminder(rule: ReminderRule) -> ReminderRule:
    """Make a rule and its kind known. Errors: ``AlreadyRegistered``."""
    register_kind(rule.kind)
    return reminder_rules.add(rule.kind.name, rule)
