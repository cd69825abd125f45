"""Making one organisation of two, without losing anything that hangs on either.

What moves is not listed anywhere: every foreign key and every generic relation of the whole
project that can point at an organisation is walked (``references``), so that a new model is moved
too. Where both have what may be there once only, the rows of a model are made one by a rule of
``KEEP_ONE``, or the merge is refused in words.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Invitation, Role, User
from accounts.sections import grant_followers
from core import audit
from core.enums import AuditAction
from core.models import Transition
from core.registry import Registry
from core.versions import ChangedMeanwhile, details_of, version_of
from notifications.models import Message

from .models import Contact, JoinRequest, Organisation
from .outreach import keep_no_contact

FACTS = [
    "name",
    "kind",
    "nation",
    "place",
    "size",
    "website",
    "is_first_timer",
    "seldom_heard_links",
    "about",
]
# Texts of both may stand one below the other.
JOINABLE = {"seldom_heard_links", "about"}
# As long as a request that began before a merge could still write to the one that went.
LATE = timedelta(days=2)


class MergeRefused(Exception):
    """These two cannot be merged now. ``reasons`` are fit to be shown."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True)
class Reference:
    """A column, or for a generic relation a pair of columns, that can point at an organisation."""

    model: type[models.Model]
    column: str
    type_column: str = ""

    @property
    def label(self) -> str:
        return f"{self.model._meta.label}.{self.column}"

    def rows(self, organisation: Organisation) -> models.QuerySet:
        """The rows that point at ``organisation``."""
        wanted: dict[str, Any] = {self.column: self.value(organisation)}
        if self.type_column:
            wanted[self.type_column] = ContentType.objects.get_for_model(Organisation)
        return self.model._base_manager.filter(**wanted)

    def value(self, organisation: Organisation) -> Any:
        """What stands in ``column`` of a row that points at ``organisation``."""
        if not self.type_column:
            return organisation.pk
        column = self.model._meta.get_field(self.column)
        return column.to_python(organisation.pk) if isinstance(column, models.Field) else None


def references() -> list[Reference]:
    """Everything in the project that can point at an organisation."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        if meta.proxy:
            continue
        for one in meta.local_fields:
            target = getattr(one.remote_field, "model", None)
            if isinstance(one, models.ForeignKey) and target is Organisation:
                found.append(Reference(model, one.attname))
        for one in meta.private_fields:
            if isinstance(one, GenericForeignKey):
                found.append(Reference(model, one.fk_field, one.ct_field))
    return sorted(found, key=lambda one: one.label)


def once_rules(reference: Reference) -> Iterator[tuple[list[str], models.Q]]:
    """What of ``reference`` an organisation has once only: the other columns, and the condition."""
    meta = reference.model._meta
    column = meta.get_field(reference.column)
    if getattr(column, "unique", False):
        yield [], models.Q()
    groups = [(tuple(names), models.Q()) for names in meta.unique_together]
    groups += [
        (tuple(one.fields), one.condition or models.Q())
        for one in meta.constraints
        if isinstance(one, models.UniqueConstraint)
    ]
    for names, condition in groups:
        if column.name in names:
            yield [name for name in names if name != column.name], condition


def clashes(
    reference: Reference, kept: Organisation, gone: Organisation
) -> Iterator[tuple[models.Model, models.Model]]:
    """Pairs (row of ``kept``, row of ``gone``) that cannot both stand after the merge."""
    seen = set()
    for names, condition in once_rules(reference):
        standing = reference.rows(kept).filter(condition)
        for row in reference.rows(gone).filter(condition):
            same = {name: getattr(row, name) for name in names}
            if None in same.values():
                continue
            twin = standing.filter(**same).first()
            if twin is not None and row.pk not in seen:
                seen.add(row.pk)
                yield twin, row


def _one_contact(kept: Any, gone: Any) -> None:
    """The person is contact of both: what they are there stands together, as far as there is
    room."""
    titles = dict.fromkeys(title for title in (kept.job_title, gone.job_title) if title)
    kept.job_title = ", ".join(titles)[: Contact._meta.get_field("job_title").max_length]
    kept.save()
    gone.delete()


def _one_request(kept: Any, gone: Any) -> None:
    """The person asked both: their words stand together, as far as there is room."""
    texts = dict.fromkeys(text for text in (kept.message, gone.message) if text)
    kept.message = "\n\n".join(texts)[: JoinRequest._meta.get_field("message").max_length]
    kept.job_title = kept.job_title or gone.job_title
    kept.save()
    gone.delete()


def _one_role(kept: Any, gone: Any) -> None:
    """The same role in both: it is held since the earlier day."""
    if gone.starts_on < kept.starts_on:
        kept.starts_on = gone.starts_on
        kept.save()
    gone.delete()


KEEP_ONE: Mapping[type[models.Model], Callable[[Any, Any], None]] = {
    Contact: _one_contact,
    JoinRequest: _one_request,
    Role: _one_role,
}

# What people call rows whose model has no name for them.
WORDS: Mapping[type[models.Model], str | Promise] = {
    audit.AuditEntry: gettext_lazy("lines of its history"),
    Transition: gettext_lazy("lines of its history"),
    Role: gettext_lazy("roles of people"),
    Invitation: gettext_lazy("invitations"),
    Message: gettext_lazy("messages about it"),
}

# By the label of a model: why two of its rows forbid a merge, and what to do first.
refusal_words: Registry[str | Promise] = Registry("why organisations cannot be merged")


@dataclass(frozen=True)
class Moving:
    """How many rows of a model move."""

    what: str
    count: int


@dataclass(frozen=True)
class Preview:
    """What a merge will move, or why it is refused."""

    moving: list[Moving]
    refusals: list[str]


def preview(kept: Organisation, gone: Organisation, user: Any) -> Preview:
    """What moves from ``gone`` to ``kept``, as far as ``user`` may see it; all of it moves."""
    counts: dict[str, int] = {}
    for one in references():
        if number := _seen_by(user, one.rows(gone)).count():
            name = str(WORDS.get(one.model, one.model._meta.verbose_name))
            counts[name] = counts.get(name, 0) + number
    return Preview(
        moving=[Moving(what, count) for what, count in sorted(counts.items())],
        refusals=_refusals(kept, gone, user),
    )


def _seen_by(user: Any, rows: models.QuerySet) -> models.QuerySet:
    """Of ``rows`` those that ``user`` may know of, where their model says so."""
    visible_to = getattr(rows.model._default_manager, "visible_to", None)
    return rows.filter(pk__in=visible_to(user).values("pk")) if visible_to else rows


def seen_version(kept: Organisation, gone: Organisation) -> str:
    """The version of the facts of both, for who chooses between them."""
    return version_of({"kept": details_of(kept, FACTS), "gone": details_of(gone, FACTS)})


def _refusals(kept: Organisation, gone: Organisation, user: Any) -> list[str]:
    found = []
    for one in references():
        if one.model in KEEP_ONE:
            continue
        if pairs := list(clashes(one, kept, gone)):
            rows = one.model._base_manager.filter(pk__in=[row.pk for pair in pairs for row in pair])
            is_seen = _seen_by(user, rows).count() == rows.count()
            found.append(_refusal(one.model) if is_seen else _hidden_refusal())
    return list(dict.fromkeys(found))


def _refusal(model: type[models.Model]) -> str:
    label = model._meta.label
    if label in refusal_words:
        return str(refusal_words.get(label))
    return _("Both have this, and only one can stay: %(what)s. Settle that first.") % {
        "what": model._meta.verbose_name
    }


def _hidden_refusal() -> str:
    """Nothing that a conflict of interest hides is named."""
    return _("Something that you may not see stands against it. Ask a colleague to merge them.")


def merge(  # noqa: PLR0913 - each is said by its name
    *,
    kept: Organisation,
    gone: Organisation,
    facts: Mapping[str, Any],
    seen: str,
    by: User,
    now: datetime,
) -> Organisation:
    """Move all that ``gone`` has to ``kept``, let ``facts`` stand, and mark ``gone`` as merged.

    One transaction with both rows locked in the order of their ids, so that merges beside each
    other wait. A second time, as by a double click, changes nothing. Errors: ``MergeRefused``;
    ``ChangedMeanwhile`` when the facts of either changed after ``seen``.
    """
    with transaction.atomic():
        rows = Organisation.with_merged.select_for_update().order_by("pk")
        both = {row.pk: row for row in rows.filter(pk__in=[kept.pk, gone.pk])}
        kept, gone = both[kept.pk], both[gone.pk]
        if gone.merged_into_id == kept.pk:
            return kept
        if kept.pk == gone.pk or kept.merged_into_id or gone.merged_into_id:
            raise MergeRefused([_("One of the two has been merged into another meanwhile.")])
        if (version := seen_version(kept, gone)) != seen:
            raise ChangedMeanwhile(version)
        if reasons := _refusals(kept, gone, by):
            raise MergeRefused(reasons)
        changes = _let_stand(kept, facts)
        moved = _move_all(kept, gone)
        _follow_contacts(kept, by, now)
        gone.merged_into = kept
        gone.no_contact_since = None
        gone.save()
        keep_no_contact(kept)
        note = _("Rows that moved: %(count)s") % {"count": moved}
        audit.record(
            action=AuditAction.CHANGED,
            obj=kept,
            by=by,
            now=now,
            changes={"merged": ["", gone.name], **changes},
            note=note,
        )
        _record_gone(gone, by, now)
    return kept


def _let_stand(kept: Organisation, facts: Mapping[str, Any]) -> dict[str, list[str]]:
    before = audit.snapshot(kept, FACTS)
    for name in FACTS:
        setattr(kept, name, facts.get(name, getattr(kept, name)))
    kept.save()
    return audit.changed(before, audit.snapshot(kept, FACTS))


def _move_all(kept: Organisation, gone: Organisation) -> int:
    moved = 0
    for one in references():
        if rule := KEEP_ONE.get(one.model):
            for standing, row in list(clashes(one, kept, gone)):
                rule(standing, row)
        moved += one.rows(gone).update(**{one.column: one.value(kept)})
    return moved


def _follow_contacts(kept: Organisation, by: User, now: datetime) -> None:
    """Whoever spoke for the one that went speaks for the one that stands from now on."""
    kind = ContentType.objects.get_for_model(Organisation)
    roles = Role.objects.active_on(timezone.localdate(now)).select_related("person")
    for role in roles.filter(scope_type=kind, scope_id=kept.pk):
        for follow in grant_followers:
            follow(role, by, now)


def _record_gone(gone: Organisation, by: User, now: datetime) -> None:
    """What was known of the one that went can be read in its own entry."""
    facts = {name: [text, ""] for name, text in audit.snapshot(gone, FACTS).items() if text}
    audit.record(
        action=AuditAction.CHANGED,
        obj=gone,
        by=by,
        now=now,
        changes={"merged_away": ["", str(gone.merged_into)], **facts},
    )


def follow_late_rows(*, now: datetime) -> int:
    """Move what was still written to a merged organisation by a request that began before.

    A row that waited for the merge's lock is written after it. Those that cannot move, since the
    other has one already, stay where they are: their page leads on. Returns how many moved.
    """
    moved = 0
    merged = Organisation.with_merged.filter(
        merged_into__isnull=False, updated_at__gte=now - LATE
    ).select_related("merged_into")
    for gone in merged.iterator():
        for one in references():
            # The merge itself is told in the log of the one that went.
            if one.model is not audit.AuditEntry and gone.merged_into:
                moved += _follow(one, gone, gone.merged_into)
    return moved


def _follow(reference: Reference, gone: Organisation, kept: Organisation) -> int:
    moved = 0
    for pk in list(reference.rows(gone).values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                row = reference.rows(gone).filter(pk=pk)
                moved += row.update(**{reference.column: reference.value(kept)})
        except IntegrityError:
            continue
    return moved
