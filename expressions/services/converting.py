"""An accepted expression becomes a project, and takes its answers along."""

from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.utils.translation import gettext as _

from core.enums import Nation
from core.transitions import TransitionNotAllowed
from projects.models import Project
from projects.services import create_project

from .. import selectors, transitions
from ..models import CarriedOver, Expression


def make_project(*, obj: Expression, by: Any, now: datetime) -> Project:
    """The project that an accepted expression becomes; a second time the first one's.

    Its answers are kept beside it in words, as they stand now. Errors: ``TransitionNotAllowed``
    when it was not accepted, or no delivery model is known; ``PermissionDenied``.
    """
    expression = transitions.make_project(
        obj=obj, by=by, now=now, then=lambda locked: _carry_over(locked, by, now)
    )
    return CarriedOver.objects.select_related("project").get(expression=expression).project


def _carry_over(expression: Expression, by: Any, now: datetime) -> None:
    organisation, call, topic = expression.organisation, expression.call, expression.topic
    model = expression.delivery_model or (call.delivery_models[:1] or [""])[0]
    if not model:
        raise TransitionNotAllowed(_("Neither the expression nor its call names a delivery model."))
    project = create_project(
        title=f"{topic.title if topic else call.title}: {organisation.name}"[:200],
        model=model,
        nations=[organisation.nation] if organisation.nation in Nation.values else [],
        topics=[topic] if topic else [],
        by=by,
        now=now,
        # The same expression makes the same project, whoever clicks how often.
        once_key=uuid5(NAMESPACE_URL, f"expressions/{expression.pk}/project"),
        host=organisation,
        is_example=expression.is_example,
    )
    CarriedOver.objects.create(
        expression=expression,
        project=project,
        answers=selectors.written_parts(expression),
        by=by,
        at=now,
        is_example=expression.is_example,
    )
