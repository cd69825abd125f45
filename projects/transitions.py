"""The states of projects and updates, and the one function for each step."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import audit
from core.enums import AuditAction
from core.transitions import Step, TransitionNotAllowed, state_table, transition
from core.versions import ChangedMeanwhile
from notifications.services import queue

from .enums import OPEN_STATES, ProjectState, RiskState, UpdateState
from .models import Project, Risk, Update
from .notifications import STATUS_CHANGED
from .people_services import let_roles_lapse


def _project_step(name: str, sources: Any, target: ProjectState, label: Any) -> Step:
    """Each change of a project's status asks for a reason; a double click changes nothing."""
    return Step(
        name=name,
        sources=frozenset(sources),
        target=target,
        label=label,
        permission="projects.change_status",
        needs_reason=True,
        repeatable=True,
    )


PROJECT_STEPS = state_table(
    _project_step(
        "set_up", [ProjectState.PROPOSED], ProjectState.SETTING_UP, _("Start setting up")
    ),
    _project_step("go_live", [ProjectState.SETTING_UP], ProjectState.LIVE, _("Go live")),
    _project_step("complete", [ProjectState.LIVE], ProjectState.COMPLETING, _("Start completing")),
    _project_step("close", [ProjectState.COMPLETING], ProjectState.CLOSED, _("Close")),
    _project_step("stop", OPEN_STATES, ProjectState.STOPPED, _("Stop")),
    _project_step("restart", [ProjectState.STOPPED], ProjectState.SETTING_UP, _("Start again")),
)

UPDATE_STEPS = state_table(
    Step(
        name="publish",
        sources=frozenset({UpdateState.DRAFT}),
        target=UpdateState.PUBLISHED,
        label=_("Publish"),
        permission="projects.publish_update",
        repeatable=True,
    ),
    Step(
        name="take_down",
        sources=frozenset({UpdateState.PUBLISHED}),
        target=UpdateState.DRAFT,
        label=_("Take down"),
        permission="projects.publish_update",
        needs_reason=True,
        repeatable=True,
    ),
)

RISK_STEPS = state_table(
    Step(
        name="close",
        sources=frozenset({RiskState.OPEN}),
        target=RiskState.CLOSED,
        label=_("Close the risk"),
        permission="projects.change_project",
        needs_reason=True,
        repeatable=True,
    ),
    Step(
        name="reopen",
        sources=frozenset({RiskState.CLOSED}),
        target=RiskState.OPEN,
        label=_("Open the risk again"),
        permission="projects.change_project",
        needs_reason=True,
        repeatable=True,
    ),
)


def _take(name: str, *, obj: Project, by: Any, now: datetime, reason: str) -> Project:
    def follow(project: Project) -> None:
        if not project.is_open:
            let_roles_lapse(project, by, now)
        if project.lead_id and project.lead_id != by.pk:
            queue(
                kind=STATUS_CHANGED,
                to=project.lead,
                about=project,
                now=now,
                period=f"{name}:{now.isoformat()}",
                context={
                    "path": project.get_absolute_url(),
                    "status": project.get_state_display(),
                    "reason": reason.strip(),
                },
            )

    return transition(obj=obj, step=PROJECT_STEPS[name], by=by, now=now, reason=reason, then=follow)


def set_up(*, obj: Project, by: Any, now: datetime, reason: str = "") -> Project:
    """Proposed → setting up."""
    return _take("set_up", obj=obj, by=by, now=now, reason=reason)


def go_live(*, obj: Project, by: Any, now: datetime, reason: str = "") -> Project:
    """Setting up → live."""
    return _take("go_live", obj=obj, by=by, now=now, reason=reason)


def complete(*, obj: Project, by: Any, now: datetime, reason: str = "") -> Project:
    """Live → completing: the work is done, what it led to is being written up."""
    return _take("complete", obj=obj, by=by, now=now, reason=reason)


def close(*, obj: Project, by: Any, now: datetime, reason: str = "") -> Project:
    """Completing → closed."""
    return _take("close", obj=obj, by=by, now=now, reason=reason)


def stop(*, obj: Project, by: Any, now: datetime, reason: str = "") -> Project:
    """Any open state → stopped."""
    return _take("stop", obj=obj, by=by, now=now, reason=reason)


def restart(*, obj: Project, by: Any, now: datetime, reason: str = "") -> Project:
    """Stopped → setting up."""
    return _take("restart", obj=obj, by=by, now=now, reason=reason)


def take_step(  # noqa: PLR0913 - the arguments of a step, its name, and what was seen
    name: str, *, obj: Project, seen: str, by: Any, now: datetime, reason: str
) -> Project:
    """Take the step ``name`` of a project whose status was ``seen`` on the page.

    Errors: ``ChangedMeanwhile`` when somebody else has changed the status, and those of
    ``transition``.
    """
    with transaction.atomic():
        standing = Project.objects.select_for_update().get(pk=obj.pk)
        if standing.state != seen:
            words = gettext(
                "Somebody else has changed the status to “%(status)s” since you opened this page. "
                "Choose again if your change is still right."
            )
            raise ChangedMeanwhile(standing.state, words % {"status": standing.get_state_display()})
        return PROJECT_FUNCTIONS[name](obj=standing, by=by, now=now, reason=reason)


PROJECT_FUNCTIONS = {
    "set_up": set_up,
    "go_live": go_live,
    "complete": complete,
    "close": close,
    "stop": stop,
    "restart": restart,
}


def publish(*, obj: Update, by: Any, now: datetime, reason: str = "") -> Update:
    """Draft → published; from then on its readers see it. Once only, also by a double click.

    Errors: ``TransitionNotAllowed`` while a picture lacks the words for those who cannot see it.
    """

    def stamp(update: Update) -> None:
        if update.images.filter(alternative="").exists():
            raise TransitionNotAllowed(
                gettext("Say what each picture shows. Then publish the update.")
            )
        update.published_at = now
        update.published_by = by

    return _step_of_update("publish", obj=obj, by=by, now=now, reason=reason, apply=stamp)


def take_down(*, obj: Update, by: Any, now: datetime, reason: str = "") -> Update:
    """Published → draft, with a reason: nobody but the team sees it any more."""

    def wipe(update: Update) -> None:
        update.published_at = None
        update.published_by = None

    return _step_of_update("take_down", obj=obj, by=by, now=now, reason=reason, apply=wipe)


def _step_of_update(  # noqa: PLR0913 - the arguments of transition() itself
    name: str, *, obj: Update, by: Any, now: datetime, reason: str, apply: Any
) -> Update:
    """Take a step of an update and note it in the history of its project too."""

    def note(update: Update) -> None:
        audit.record(
            action=AuditAction.CHANGED,
            obj=update.project,
            by=by,
            now=now,
            changes={f"update_{name}": ["", update.title]},
            note=reason.strip()[:300],
        )

    return transition(
        obj=obj, step=UPDATE_STEPS[name], by=by, now=now, reason=reason, apply=apply, then=note
    )


def close_risk(*, obj: Risk, by: Any, now: datetime, reason: str = "") -> Risk:
    """Open → closed: it cannot happen any more, or it has happened and is dealt with."""
    return _step_of_risk("close", obj=obj, by=by, now=now, reason=reason)


def reopen_risk(*, obj: Risk, by: Any, now: datetime, reason: str = "") -> Risk:
    """Closed → open."""
    return _step_of_risk("reopen", obj=obj, by=by, now=now, reason=reason)


RISK_FUNCTIONS = {"close": close_risk, "reopen": reopen_risk}


def _step_of_risk(name: str, *, obj: Risk, by: Any, now: datetime, reason: str) -> Risk:
    """Take a step of a risk and note it in the history of its project too."""

    def note(risk: Risk) -> None:
        audit.record(
            action=AuditAction.CHANGED,
            obj=risk.project,
            by=by,
            now=now,
            changes={f"risk_{name}": ["", str(risk)]},
            note=reason.strip()[:300],
        )

    return transition(obj=obj, step=RISK_STEPS[name], by=by, now=now, reason=reason, then=note)
