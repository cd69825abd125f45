"""An accepted expression becomes a project, and takes its answers along."""

from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.utils.translation import gettext as _

from core.enums import Nation
from core.transitions import TransitionNotAllowed
from projects.enums import DeliveryModel
from projects.models import Project
from projects.services import create_project

from .. import selectors, transitions
from ..models import CarriedOver, Expression


def model_of(expression: Expression) -> tuple[str, str]:
    """(delivery model, where it is from in words) of the project that ``expression`` becomes.

    What it chose itself of those that its call offers, else the only one that the call offers.
    Two empty texts where neither says, so that somebody has to choose.
    """
    offered, own = expression.call.delivery_models, expression.delivery_model
    if own and own in (offered or [own]):
        return own, _("They chose it in their expression of interest.")
    if len(offered) == 1:
        return offered[0], _("It is the only one that the call offers.")
    return "", ""


def models_to_choose(expression: Expression) -> list[tuple[str, str]]:
    """The delivery models among which somebody chooses where neither says which, with words."""
    offered = expression.call.delivery_models or DeliveryModel.values
    return [(one.value, str(one.label)) for one in DeliveryModel if one.value in offered]


def make_project(*, obj: Expression, by: Any, now: datetime, model: str = "") -> Project:
    """The project that an accepted expression becomes; a second time the first one's.

    ``model``: the delivery model that was chosen where ``model_of`` has none; it is not guessed.
    Its answers are kept beside it in words, as they stand now. Errors: ``TransitionNotAllowed``
    when it was not accepted, or no delivery model is known; ``PermissionDenied``.
    """
    expression = transitions.make_project(
        obj=obj, by=by, now=now, then=lambda locked: _carry_over(locked, model, by, now)
    )
    return CarriedOver.objects.select_related("project").get(expression=expression).project


def _carry_over(expression: Expression, chosen: str, by: Any, now: datetime) -> None:
    organisation, call, topic = expression.organisation, expression.call, expression.topic
    model, _source = model_of(expression)
    if not model and chosen in dict(models_to_choose(expression)):
        model = chosen
    if not model:
        raise TransitionNotAllowed(
            _("Neither the expression nor its call says which delivery model. Choose one.")
        )
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
