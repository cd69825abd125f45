"""The way of a guide: question, scoping, drafting, review, published, due for review."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.transitions import Step, state_table, transition

from .enums import GuideState
from .models import Guide

MANAGE = "guides.manage_guide"


def _step(name: str, source: GuideState, target: GuideState, label: Any) -> Step:
    return Step(name, frozenset({source}), target, label, MANAGE, repeatable=True)


TABLE = state_table(
    _step("scope", GuideState.QUESTION, GuideState.SCOPING, _("Start scoping")),
    _step("draft", GuideState.SCOPING, GuideState.DRAFTING, _("Start drafting")),
    _step("review", GuideState.DRAFTING, GuideState.REVIEW, _("Send to reviewers")),
    _step("publish", GuideState.REVIEW, GuideState.PUBLISHED, _("Publish")),
    _step("look_again", GuideState.PUBLISHED, GuideState.REVIEW_DUE, _("Mark as due for review")),
    _step("redraft", GuideState.REVIEW_DUE, GuideState.DRAFTING, _("Draft a new version")),
)


def scope(*, obj: Guide, by: Any, now: datetime, reason: str = "") -> Guide:
    """Find out what the question asks for."""
    return transition(obj=obj, step=TABLE["scope"], by=by, now=now, reason=reason)


def draft(*, obj: Guide, by: Any, now: datetime, reason: str = "") -> Guide:
    """Begin to write."""
    return transition(obj=obj, step=TABLE["draft"], by=by, now=now, reason=reason)


def review(*, obj: Guide, by: Any, now: datetime, reason: str = "") -> Guide:
    """Ask the research, lived experience and practice reviewers."""
    return transition(obj=obj, step=TABLE["review"], by=by, now=now, reason=reason)


def publish(*, obj: Guide, by: Any, now: datetime, reason: str = "") -> Guide:
    """Show the newest version to everybody, and freeze it."""

    def freeze(guide: Guide) -> None:
        newest = guide.versions.first()
        if newest and not newest.published_at:
            newest.published_at = now
            newest.save()

    return transition(obj=obj, step=TABLE["publish"], by=by, now=now, reason=reason, then=freeze)


def look_again(*, obj: Guide, by: Any, now: datetime, reason: str = "") -> Guide:
    """Say that the guide needs a fresh look; it stays public."""
    return transition(obj=obj, step=TABLE["look_again"], by=by, now=now, reason=reason)


def redraft(*, obj: Guide, by: Any, now: datetime, reason: str = "") -> Guide:
    """Begin a new version."""
    return transition(obj=obj, step=TABLE["redraft"], by=by, now=now, reason=reason)


STEPS = {
    "scope": scope,
    "draft": draft,
    "review": review,
    "publish": publish,
    "look_again": look_again,
    "redraft": redraft,
}
