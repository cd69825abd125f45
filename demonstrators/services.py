"""Writes about Demonstrators, beside the functions for each step in ``transitions.py``."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.dates import nice_date
from core.enums import AuditAction
from core.versions import ChangedMeanwhile, save_details
from projects.models import Project

from .models import CoachPost, Demonstrator, PlanPoint, Site, SiteMove
from .transitions import SITE_FUNCTIONS, last_move

DETAILS = ["place", "site_singular", "site_plural", "people_words"]
DETAILS += ["eligible_population", "plan", "chase_after_days"]
SITE_DETAILS = ["name", "area", "population"]
POST_DETAILS = ["title", "employer", "about", "advert_url", "closes_on"]


class NameTaken(Exception):
    """Another site of the Demonstrator has this name. ``str()`` is fit to be shown."""


class MovedMeanwhile(ChangedMeanwhile):
    """Somebody moved the site after this person opened the form."""


def seen_of(site: Site) -> int:
    """What a form about ``site`` has seen: the id of its last move, 0 before the first."""
    last = last_move(site)
    return last.pk if last else 0


def record_move(
    *,
    obj: Site,
    step: str,
    happened_on: date,
    reason: str,
    seen: int,
    once_key: UUID,
    by: Any,
    now: datetime,
) -> Site:
    """Take ``step`` on a site as a form asks for it.

    ``seen`` is :func:`seen_of` when the form was opened. The same ``once_key`` a second time, as
    by a double click, changes nothing. Errors: ``MovedMeanwhile``, and those of the steps.
    """
    with transaction.atomic():
        site = Site.objects.select_for_update().get(pk=obj.pk)
        if site.moves.filter(once_key=once_key).exists():
            return site
        last = last_move(site)
        if (last.pk if last else 0) != seen:
            raise MovedMeanwhile(last.pk if last else 0, _meanwhile_words(last))
        return SITE_FUNCTIONS[step](
            obj=site, by=by, now=now, reason=reason, happened_on=happened_on, once_key=once_key
        )


def _meanwhile_words(last: SiteMove | None) -> str:
    kept = _("What you wrote is still here. Read it again, and save if it is still right.")
    if last is None:
        return _("Somebody undid the last change after you opened this page.") + " " + kept
    words = _("%(who)s recorded “%(state)s” on %(day)s, after you opened this page.") % {
        "who": str(last.recorded_by) if last.recorded_by else _("Somebody"),
        "state": last.get_target_display(),
        "day": nice_date(last.recorded_on),
    }
    return f"{words} {kept}"


def create_demonstrator(
    *, project: Project, values: Mapping[str, Any], by: Any, now: datetime
) -> Demonstrator:
    """What the project in a place adds. A second time gives the one that is there."""
    with transaction.atomic():
        one, made = Demonstrator.objects.get_or_create(project=project, defaults=dict(values))
        if made:
            audit.record(action=AuditAction.CREATED, obj=one, by=by, now=now)
    return one


def change_demonstrator(
    *, obj: Demonstrator, values: Mapping[str, Any], seen: str, by: Any, now: datetime
) -> Demonstrator:
    """Save its details. Errors: ``ChangedMeanwhile``."""
    return save_details(obj=obj, values=values, seen=seen, by=by, now=now)


def add_site(
    *,
    demonstrator: Demonstrator,
    values: Mapping[str, Any],
    once_key: UUID,
    by: Any,
    now: datetime,
) -> Site:
    """A site that nobody has approached yet. The same ``once_key`` gives the same site.

    Errors: ``NameTaken``.
    """
    with transaction.atomic():
        _keep_name_free(demonstrator, values["name"], but={"once_key": once_key})
        site, made = Site.objects.get_or_create(
            once_key=once_key, defaults={"demonstrator": demonstrator, **values}
        )
        if made:
            audit.record(action=AuditAction.CREATED, obj=site, by=by, now=now)
    return site


def change_site(*, obj: Site, values: Mapping[str, Any], seen: str, by: Any, now: datetime) -> Site:
    """Save the details of a site. Errors: ``ChangedMeanwhile``, ``NameTaken``."""
    with transaction.atomic():
        _keep_name_free(obj.demonstrator, values["name"], but={"pk": obj.pk})
        return save_details(obj=obj, values=values, seen=seen, by=by, now=now)


def _keep_name_free(demonstrator: Demonstrator, name: str, but: Mapping[str, Any]) -> None:
    """Hold the Demonstrator, so that no two people give a name at the same time."""
    Demonstrator.objects.select_for_update().get(pk=demonstrator.pk)
    if demonstrator.sites.filter(name__iexact=name).exclude(**but).exists():
        raise NameTaken(_("There is a site of this name already. Give this one another name."))


def plan_month(
    *, demonstrator: Demonstrator, month: date, sites_planned: int, by: Any, now: datetime
) -> PlanPoint:
    """Plan ``sites_planned`` sites by the end of ``month``; what stood there before is replaced."""
    first = month.replace(day=1)
    with transaction.atomic():
        Demonstrator.objects.select_for_update().get(pk=demonstrator.pk)
        before = demonstrator.plan_points.filter(month=first).first()
        point, _made = PlanPoint.objects.update_or_create(
            demonstrator=demonstrator, month=first, defaults={"sites_planned": sites_planned}
        )
        changes = [str(before.sites_planned) if before else "", str(sites_planned)]
        _record_plan(demonstrator, first, changes, by, now)
    return point


def unplan_month(*, obj: PlanPoint, by: Any, now: datetime) -> None:
    """Take a month out of the plan."""
    with transaction.atomic():
        obj.delete()
        _record_plan(obj.demonstrator, obj.month, [str(obj.sites_planned), ""], by, now)


def _record_plan(
    demonstrator: Demonstrator, month: date, change: list[str], by: Any, now: datetime
) -> None:
    if change[0] != change[1]:
        changes = {f"plan {month:%Y-%m}": change}
        audit.record(action=AuditAction.CHANGED, obj=demonstrator, by=by, now=now, changes=changes)


def add_post(
    *,
    demonstrator: Demonstrator,
    values: Mapping[str, Any],
    once_key: UUID,
    by: Any,
    now: datetime,
) -> CoachPost:
    """A post that is to be advertised. The same ``once_key`` gives the same post."""
    with transaction.atomic():
        post, made = CoachPost.objects.get_or_create(
            once_key=once_key, defaults={"demonstrator": demonstrator, **values}
        )
        if made:
            audit.record(action=AuditAction.CREATED, obj=post, by=by, now=now)
    return post


def change_post(
    *, obj: CoachPost, values: Mapping[str, Any], seen: str, by: Any, now: datetime
) -> CoachPost:
    """Save the details of a post. Errors: ``ChangedMeanwhile``."""
    return save_details(obj=obj, values=values, seen=seen, by=by, now=now)
