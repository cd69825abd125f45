"""The states of sites and posts, and the one function for each step.

A move of a site has a day on which it happened, which may lie before the day on which it is
recorded. ``happened_on`` defaults to the day of ``now``.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypedDict, Unpack
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.dates import nice_date
from core.transitions import Step, TransitionNotAllowed, state_table, transition

from .enums import PostState, SiteState
from .models import CoachPost, Site, SiteMove


class When(TypedDict, total=False):
    """On which day a move happened, and the key by which a second click finds it."""

    happened_on: date
    once_key: UUID


class DateRefused(Exception):
    """The move cannot have happened on that day. ``str()`` is fit to be shown."""


class NotTheLastMove(Exception):
    """Only the last move of a site can be undone. ``str()`` is fit to be shown."""


def _site_step(name: str, sources: set[SiteState], target: SiteState, label: Any) -> Step:
    return Step(
        name=name,
        sources=frozenset(sources),
        target=target,
        label=label,
        permission="demonstrators.record_change",
        needs_reason=True,
    )


NOT_APPROACHED, APPROACHED, ENGAGED, IMPLEMENTING, EMBEDDED, PAUSED, DECLINED = SiteState
OUT_OF_THE_WAY = {PAUSED, DECLINED}

# Sites may skip ahead, come back out of a pause or a refusal, and need help again.
SITE_STEPS = state_table(
    _site_step(
        "approach", {NOT_APPROACHED, *OUT_OF_THE_WAY}, APPROACHED, gettext_lazy("Approached")
    ),
    _site_step(
        "engage", {NOT_APPROACHED, APPROACHED, *OUT_OF_THE_WAY}, ENGAGED, gettext_lazy("Engaged")
    ),
    _site_step(
        "implement",
        {NOT_APPROACHED, APPROACHED, ENGAGED, EMBEDDED, *OUT_OF_THE_WAY},
        IMPLEMENTING,
        gettext_lazy("Implementing"),
    ),
    _site_step(
        "embed",
        {NOT_APPROACHED, APPROACHED, ENGAGED, IMPLEMENTING, *OUT_OF_THE_WAY},
        EMBEDDED,
        gettext_lazy("Embedded"),
    ),
    _site_step(
        "pause", {APPROACHED, ENGAGED, IMPLEMENTING, EMBEDDED}, PAUSED, gettext_lazy("Paused")
    ),
    _site_step(
        "decline",
        {NOT_APPROACHED, APPROACHED, ENGAGED, IMPLEMENTING, EMBEDDED, PAUSED},
        DECLINED,
        gettext_lazy("Declined"),
    ),
)


def last_move(site: Site) -> SiteMove | None:
    """The newest move of ``site`` that stands."""
    return site.moves.standing().select_related("recorded_by").order_by("-id").first()


def _checked_day(site: Site, happened_on: date, today: date) -> None:
    if happened_on > today:
        raise DateRefused(_("The date must be today or earlier."))
    before = last_move(site)
    if before and happened_on < before.happened_on:
        raise DateRefused(
            _("The date must not be before the last change, “%(state)s” on %(day)s.")
            % {"state": before.get_target_display(), "day": nice_date(before.happened_on)}
        )


def _move(
    name: str,
    *,
    obj: Site,
    by: Any,
    now: datetime,
    reason: str = "",
    **when: Unpack[When],
) -> Site:
    today = timezone.localdate(now)
    day = when.get("happened_on", today)

    def apply(site: Site) -> None:
        _checked_day(site, day, today)
        site.since = day

    def then(site: Site) -> None:
        SiteMove.objects.create(
            site=site,
            source=source,
            target=site.state,
            happened_on=day,
            reason=reason.strip(),
            recorded_on=today,
            recorded_by=by,
            once_key=when.get("once_key") or uuid4(),
            is_example=site.is_example,
        )

    with transaction.atomic():
        source = Site.objects.select_for_update().get(pk=obj.pk).state
        return transition(
            obj=obj, step=SITE_STEPS[name], by=by, now=now, reason=reason, apply=apply, then=then
        )


def approach(*, obj: Site, by: Any, now: datetime, reason: str = "", **when: Unpack[When]) -> Site:
    """We have been in touch. ``when``: ``happened_on``, ``once_key``; so for all steps.

    Errors of all steps: ``TransitionNotAllowed``, ``ReasonRequired``, ``PermissionDenied``,
    ``DateRefused``.
    """
    return _move("approach", obj=obj, by=by, now=now, reason=reason, **when)


def engage(*, obj: Site, by: Any, now: datetime, reason: str = "", **when: Unpack[When]) -> Site:
    """The site is interested and talks with us."""
    return _move("engage", obj=obj, by=by, now=now, reason=reason, **when)


def implement(*, obj: Site, by: Any, now: datetime, reason: str = "", **when: Unpack[When]) -> Site:
    """The site has begun to work in the new way, or needs help with it again."""
    return _move("implement", obj=obj, by=by, now=now, reason=reason, **when)


def embed(*, obj: Site, by: Any, now: datetime, reason: str = "", **when: Unpack[When]) -> Site:
    """The new way is how the site works."""
    return _move("embed", obj=obj, by=by, now=now, reason=reason, **when)


def pause(*, obj: Site, by: Any, now: datetime, reason: str = "", **when: Unpack[When]) -> Site:
    """The site has stopped for now."""
    return _move("pause", obj=obj, by=by, now=now, reason=reason, **when)


def decline(*, obj: Site, by: Any, now: datetime, reason: str = "", **when: Unpack[When]) -> Site:
    """The site has said no."""
    return _move("decline", obj=obj, by=by, now=now, reason=reason, **when)


SITE_FUNCTIONS: dict[str, Callable[..., Site]] = {
    "approach": approach,
    "engage": engage,
    "implement": implement,
    "embed": embed,
    "pause": pause,
    "decline": decline,
}


def undo(*, obj: SiteMove, by: Any, now: datetime, reason: str = "") -> Site:
    """Take back the last move of a site; the row stays, marked as undone.

    A second time, as by a double click, changes nothing. Errors: ``NotTheLastMove``,
    ``ReasonRequired``, ``PermissionDenied``.
    """
    with transaction.atomic():
        site = Site.objects.select_for_update().get(pk=obj.site_id)
        move = SiteMove.objects.get(pk=obj.pk)
        if move.undone_at:
            return site
        last = last_move(site)
        if last is None or last.pk != move.pk:
            raise NotTheLastMove(_("Another change came after this one. Undo that one first."))
        step = _site_step(
            "undo", {SiteState(move.target)}, SiteState(move.source), gettext_lazy("Undo")
        )
        return transition(
            obj=site,
            step=step,
            by=by,
            now=now,
            reason=reason,
            apply=lambda locked: _take_back(locked, move, by, now, reason),
        )


def _take_back(site: Site, move: SiteMove, by: Any, now: datetime, reason: str) -> None:
    move.undone_at, move.undone_by, move.undo_reason = now, by, reason.strip()
    move.save()
    before = last_move(site)
    site.since = before.happened_on if before else None


def _post_step(name: str, sources: set[PostState], target: PostState, label: Any) -> Step:
    return Step(
        name=name,
        sources=frozenset(sources),
        target=target,
        label=label,
        permission="demonstrators.change_posts",
        repeatable=True,
    )


POST_STEPS = state_table(
    _post_step(
        "publish", {PostState.PLANNED}, PostState.PUBLISHED, gettext_lazy("Publish the vacancy")
    ),
    _post_step(
        "fill",
        {PostState.PLANNED, PostState.PUBLISHED},
        PostState.FILLED,
        gettext_lazy("Say that it is filled"),
    ),
    _post_step(
        "reopen",
        {PostState.PUBLISHED, PostState.FILLED},
        PostState.PLANNED,
        gettext_lazy("Say that it is still to be advertised"),
    ),
)


def publish_post(*, obj: CoachPost, by: Any, now: datetime, reason: str = "") -> CoachPost:
    """Show the vacancy to everybody. Errors: ``TransitionNotAllowed`` without an advertisement."""

    def has_an_advert(post: CoachPost) -> None:
        if not post.advert_url:
            raise TransitionNotAllowed(
                _("Add the web address of the advertisement first, so that people can apply.")
            )

    return transition(
        obj=obj, step=POST_STEPS["publish"], by=by, now=now, reason=reason, apply=has_an_advert
    )


def fill_post(*, obj: CoachPost, by: Any, now: datetime, reason: str = "") -> CoachPost:
    """Somebody holds the post."""
    return transition(obj=obj, step=POST_STEPS["fill"], by=by, now=now, reason=reason)


def reopen_post(*, obj: CoachPost, by: Any, now: datetime, reason: str = "") -> CoachPost:
    """The post is to be advertised, for the first time or again."""
    return transition(obj=obj, step=POST_STEPS["reopen"], by=by, now=now, reason=reason)


POST_FUNCTIONS: dict[str, Callable[..., CoachPost]] = {
    "publish": publish_post,
    "fill": fill_post,
    "reopen": reopen_post,
}
