"""The kinds of part that a project's page is made of, for the views that add and change them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from . import theory_services
from .base_forms import OnceForm
from .forms import (
    ContributionForm,
    LearningForm,
    MilestoneForm,
    OutcomeForm,
    UpdateForm,
)
from .models import Contribution, Learning, Milestone, Outcome, Risk, TheoryPart, Update
from .services import add_part, change_part
from .work_forms import RiskForm, TheoryPartForm
from .work_services import change_milestone


@dataclass(frozen=True)
class Part:
    """A kind of part; ``name`` is in addresses and is the anchor on the project's page."""

    name: str
    model: type[models.Model]
    form: type[OnceForm]
    add_title: str | Promise
    edit_title: str | Promise
    remove_title: str | Promise
    saved: str | Promise
    removed: str | Promise
    add: Callable[..., Any] = add_part
    change: Callable[..., Any] = change_part
    # The address, by its name, of the page on which the part stands; else the project's own page.
    page: str = ""


PARTS = {
    part.name: part
    for part in [
        Part(
            "milestones",
            Milestone,
            MilestoneForm,
            _("Add a milestone"),
            _("Change the milestone"),
            _("Remove this milestone?"),
            _("The milestone is saved."),
            _("The milestone is removed."),
            change=change_milestone,
        ),
        Part(
            "updates",
            Update,
            UpdateForm,
            _("Write an update"),
            _("Change the draft"),
            _("Remove this draft?"),
            _("The draft is saved. Nobody outside the team sees it until you publish it."),
            _("The draft is removed."),
        ),
        Part(
            "learning",
            Learning,
            LearningForm,
            _("Add what you learned"),
            _("Change what you learned"),
            _("Remove this learning?"),
            _("What you learned is saved."),
            _("The learning is removed."),
        ),
        Part(
            "outcomes",
            Outcome,
            OutcomeForm,
            _("Add an outcome"),
            _("Change the outcome"),
            _("Remove this outcome?"),
            _("The outcome is saved."),
            _("The outcome is removed."),
        ),
        Part(
            "contributions",
            Contribution,
            ContributionForm,
            _("Add a contribution to others’ work"),
            _("Change the contribution"),
            _("Remove this contribution?"),
            _("The contribution is saved."),
            _("The contribution is removed."),
        ),
        Part(
            "risks",
            Risk,
            RiskForm,
            _("Add a risk"),
            _("Change the risk"),
            _("Remove this risk?"),
            _("The risk is saved."),
            _("The risk is removed."),
            page="risks",
        ),
        Part(
            "theory",
            TheoryPart,
            TheoryPartForm,
            _("Add to the theory of change"),
            _("Change this part"),
            _("Remove this part and its arrows?"),
            _("The theory of change is saved."),
            _("The part is removed."),
            add=theory_services.add_part,
            page="theory",
        ),
    ]
}
