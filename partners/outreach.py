"""Writes to the outreach log: who of us got in touch, and what came of it.

Whether an organisation asked not to be contacted is read from its newest answer to that question
and kept with the organisation, so that no list has to look for it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from core import audit
from core.dates import short_date
from core.enums import AuditAction
from core.versions import ChangedMeanwhile, details_of, version_of

from .enums import OutreachResult
from .models import Organisation, OutreachContact

FIELDS = ["happened_on", "channel", "by", "about", "result", "follow_up_on"]


def log_outreach(
    *,
    organisation: Organisation,
    values: Mapping[str, Any],
    once_key: UUID,
    by: User,
    now: datetime,
) -> OutreachContact:
    """Note one time of getting in touch; it settles what was to be followed up before.

    The same ``once_key`` a second time, as by a double click, gives the row of the first.
    """
    with transaction.atomic():
        _lock(organisation)
        row, made = OutreachContact.objects.get_or_create(
            once_key=once_key, defaults={"organisation": organisation, **values}
        )
        if made:
            before = row.organisation.outreach.to_follow_up().exclude(pk=row.pk)
            before.filter(happened_on__lte=row.happened_on).update(followed_up_at=now)
            _record(organisation, "", words_of(row), by, now)
            keep_no_contact(organisation)
    return row


def change_outreach(
    *, obj: OutreachContact, values: Mapping[str, Any], seen: str, by: User, now: datetime
) -> OutreachContact:
    """Put an entry right. A new day for getting in touch again opens it anew.

    Errors: ``ChangedMeanwhile``.
    """
    with transaction.atomic():
        _lock(obj.organisation)
        row = OutreachContact.objects.select_for_update().get(pk=obj.pk)
        if all(getattr(row, name) == values[name] for name in FIELDS):
            return row
        if (version := version_of(details_of(row, FIELDS))) != seen:
            raise ChangedMeanwhile(version)
        before = words_of(row)
        if values["follow_up_on"] != row.follow_up_on:
            row.followed_up_at = None
        for name in FIELDS:
            setattr(row, name, values[name])
        row.save()
        _record(row.organisation, before, words_of(row), by, now)
        keep_no_contact(row.organisation)
    return row


def remove_outreach(*, obj: OutreachContact, by: User, now: datetime) -> None:
    """Remove an entry; what it said in short stays in the audit trail. Twice is once."""
    with transaction.atomic():
        _lock(obj.organisation)
        row = OutreachContact.objects.select_for_update().filter(pk=obj.pk).first()
        if row is None:
            return
        _record(row.organisation, words_of(row), "", by, now)
        row.delete()
        keep_no_contact(row.organisation)


def settle_follow_up(*, obj: OutreachContact, by: User, now: datetime) -> None:
    """Say that there is nothing left to follow up. Twice is once."""
    with transaction.atomic():
        row = OutreachContact.objects.select_for_update().get(pk=obj.pk)
        if row.followed_up_at or row.follow_up_on is None:
            return
        row.followed_up_at = now
        row.save(update_fields=["followed_up_at", "updated_at"])
        audit.record(
            action=AuditAction.CHANGED,
            obj=row.organisation,
            by=by,
            now=now,
            changes={"followed_up": ["", words_of(row)]},
        )


def keep_no_contact(organisation: Organisation) -> None:
    """Keep with the organisation since when it does not want to hear of us.

    That stands until it says that it is interested; no answer and "not now" leave it as it is.
    """
    answers = organisation.outreach.filter(
        result__in=[OutreachResult.NO_CONTACT, OutreachResult.INTERESTED]
    )
    newest = answers.order_by("-happened_on", "-id").first()
    asked = newest is not None and newest.result == OutreachResult.NO_CONTACT
    since = newest.happened_on if newest and asked else None
    Organisation.objects.filter(pk=organisation.pk).update(no_contact_since=since)
    if since:
        # Nobody is to be reminded of getting in touch with somebody who asked us not to.
        organisation.outreach.to_follow_up().update(followed_up_at=Now())
    organisation.no_contact_since = since


def words_of(row: OutreachContact) -> str:
    """An entry in a few words, as the audit trail keeps it: no names of people."""
    return f"{short_date(row.happened_on)}, {row.get_channel_display()}, {row.get_result_display()}"


def _lock(organisation: Organisation) -> None:
    """One writer at a time, and none beside a merge."""
    Organisation.with_merged.select_for_update().get(pk=organisation.pk)


def _record(organisation: Organisation, old: str, new: str, by: User, now: datetime) -> None:
    audit.record(
        action=AuditAction.CHANGED,
        obj=organisation,
        by=by,
        now=now,
        changes={"outreach": [old, new]},
    )
