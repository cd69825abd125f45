"""What staff type about projects and their parts."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.enums import STAFF_KINDS
from accounts.models import Role, User
from core.enums import Nation
from core.forms import DateField, ManyRowsField, PortalForm, SeenMixin
from core.transitions import Step
from core.widgets import HintedRadioSelect
from partners.models import Organisation

from .base_forms import OnceForm
from .enums import Audience, DeliveryModel, LearningKind, Rag
from .kinds import KINDS, Kind, kind_of
from .models import Contribution, Learning, Milestone, Objective, Outcome, Project, Topic, Update
from .tags import LONGEST_TAG, MOST_TAGS, names_of_tags, suggested_tags
from .work_services import is_put_off


def _small_boxes() -> forms.CheckboxSelectMultiple:
    return forms.CheckboxSelectMultiple(attrs={"class": "govuk-checkboxes--small"})


def possible_leads(today: date) -> QuerySet[User]:
    """Who is on the staff and may lead a project."""
    staff = Role.objects.active_on(today).filter(kind__in=sorted(STAFF_KINDS))
    found = User.objects.filter(pk__in=staff.values("person"), is_active=True)
    return found.order_by("preferred_name")


class ProjectForm(OnceForm):
    """The facts of a project. ``today`` decides who is on the staff and may lead it."""

    nations = forms.MultipleChoiceField(
        label=_("Nations"), choices=Nation.choices, widget=_small_boxes()
    )
    topics = ManyRowsField(
        label=_("Topics"),
        queryset=Topic.objects.order_by("title"),
        required=False,
        widget=_small_boxes(),
    )
    objectives = ManyRowsField(
        label=_("Objectives it serves"),
        queryset=Objective.objects.order_by("number"),
        required=False,
        widget=_small_boxes(),
    )

    tags = forms.CharField(
        label=_("Tags"), required=False, max_length=600, widget=forms.Textarea(attrs={"rows": 2})
    )

    class Meta:
        model = Project
        fields = [
            "title",
            "model",
            "summary",
            "nations",
            "topics",
            "objectives",
            "phase",
            "host",
            "lead",
            "starts_on",
            "ends_on",
            "is_public",
        ]
        widgets = {
            "model": HintedRadioSelect(hints={model: kind.about for model, kind in KINDS.items()}),
            "summary": forms.Textarea(attrs={"rows": 4}),
        }
        labels = {
            "summary": _("Summary"),
            "host": _("Host organisation"),
            "is_public": _("Show this project on the public pages"),
        }
        help_texts = {
            "summary": _("In plain words. It is shown on the public page."),
            "lead": _("Only people who are on the staff today are listed."),
        }

    usual_milestones = forms.BooleanField(
        label=_("Begin with the usual milestones"),
        required=False,
        initial=True,
        help_text=_("They have no dates yet. You can change or remove each of them."),
    )

    def __init__(self, *args: Any, today: date, model: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if model:
            self.begin_as(kind_of(model))
        else:
            del self.fields["usual_milestones"]
        leads = possible_leads(today)
        if self.instance.lead_id:
            leads = leads | User.objects.filter(pk=self.instance.lead_id)
        self.fields["lead"].queryset = leads.order_by("preferred_name")  # type: ignore[attr-defined]
        if "host" in self.fields:
            self.fields["host"].queryset = Organisation.objects.order_by("name")  # type: ignore[attr-defined]
        if "model" in self.fields:
            self.fields["model"].choices = DeliveryModel.choices  # type: ignore[attr-defined]
        used = ", ".join(suggested_tags())
        hint = _("Words under which others find it, with a comma between.")
        self.fields["tags"].help_text = (
            hint + " " + _("Used before: %(tags)s") % {"tags": used} if used else hint
        )

    def begin_as(self, kind: Kind) -> None:
        """Ask what a new project of this kind needs, in its own words."""
        for name in {"model", *kind.hides}:
            del self.fields[name]
        for name in kind.needs:
            self.fields[name].required = True
        for name, label in kind.labels.items():
            self.fields[name].label = label
        for name, hint in kind.hints.items():
            self.fields[name].help_text = hint

    def clean_tags(self) -> list[str]:
        names = names_of_tags(self.cleaned_data["tags"])
        if len(names) > MOST_TAGS:
            raise forms.ValidationError(_("At most %(most)s tags.") % {"most": MOST_TAGS})
        if any(len(name) > LONGEST_TAG for name in names):
            words = _("Keep each tag to %(most)s letters, and put a comma between two.")
            raise forms.ValidationError(words % {"most": LONGEST_TAG})
        return names

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("The end must not be before the start."))
        return cleaned


class ModelForm(PortalForm):
    """Which of the four delivery models a new project has."""

    heading_field = "model"

    model = forms.ChoiceField(
        label=_("What do you want to add?"),
        choices=DeliveryModel.choices,
        widget=HintedRadioSelect(hints={model: kind.about for model, kind in KINDS.items()}),
    )


class StatusForm(PortalForm, SeenMixin):
    """The next status, and why; it carries the status that was on the page.

    ``steps`` are offered. ``known`` are accepted: a step that somebody else has taken meanwhile
    gets its answer in words from the transition, instead of being an unknown choice.
    """

    step = forms.ChoiceField(label=_("What happens now?"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why?"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A sentence or two. It is kept in the history of the project."),
    )

    def __init__(
        self, *args: Any, steps: list[tuple[Step, str]], known: Iterable[Step], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["step"].choices = [(step.name, step.label) for step in known]  # type: ignore[attr-defined]
        self.fields["step"].widget = HintedRadioSelect(
            hints={step.name: target for step, target in steps},
            choices=[(step.name, step.label) for step, _target in steps],
        )


class RagForm(PortalForm, SeenMixin):
    """How a project is going, and why."""

    rag = forms.ChoiceField(
        label=_("How is it going?"),
        choices=Rag.choices,
        widget=HintedRadioSelect(
            hints={
                Rag.GREEN: _("Things go as planned."),
                Rag.AMBER: _("Something may slip. We know what to do about it."),
                Rag.RED: _("Something important is late or missing. It needs help."),
            }
        ),
    )
    reason = forms.CharField(
        label=_("Why?"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only the team can read this."),
    )


class MilestoneForm(OnceForm):
    """A milestone; with a day on which it was done, once it is."""

    class Meta:
        model = Milestone
        fields = ["title", "stage", "due_on", "done_on"]
        labels = {"due_on": _("When is it due?"), "done_on": _("When was it done?")}
        help_texts = {
            "stage": _("The stage of the Change Model that it belongs to."),
            "done_on": _("Leave this empty until it is done."),
        }

    slip_reason = forms.CharField(
        label=_("If the day has moved: why?"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("We ask for this when the day moves to later. It is kept beside both days."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.was = self.instance.due_on
        if not self.instance.pk:
            del self.fields["slip_reason"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        put_off = "due_on" in cleaned and is_put_off(self.was, cleaned["due_on"])
        if put_off and not cleaned.get("slip_reason", "").strip():
            self.add_error("slip_reason", _("Say why it is due later, in a sentence or two."))
        return cleaned


class UpdateForm(OnceForm):
    """News of a project, in Markdown."""

    class Meta:
        model = Update
        fields = ["title", "text", "audience"]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 12}),
            "audience": HintedRadioSelect(
                hints={
                    Audience.INTERNAL: _("Staff and the Leadership Team read it here."),
                    Audience.PUBLIC: _("It is on the project’s public page too."),
                }
            ),
        }
        help_texts = {
            "text": _(
                "Leave an empty line between paragraphs. Begin a line with ## for a heading or"
                " with - for a list. Write [words](https://example.org) for a link."
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["audience"].choices = Audience.choices  # type: ignore[attr-defined]
        self.fields["text"].max_length = 20_000  # type: ignore[attr-defined]


class LearningForm(OnceForm):
    """What helped, or got in the way."""

    class Meta:
        model = Learning
        fields = ["kind", "text", "stage"]
        widgets = {"kind": forms.RadioSelect, "text": forms.Textarea(attrs={"rows": 4})}
        labels = {"kind": _("Did it help or hinder?"), "text": _("What did you learn?")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = LearningKind.choices  # type: ignore[attr-defined]


class OutcomeForm(OnceForm):
    """A change that the project led to."""

    class Meta:
        model = Outcome
        fields = ["text", "evidence", "seen_on"]
        help_texts = {
            "text": _(
                "If the project has a public page, everybody can read this on the pages of its"
                " topics. Please name nobody."
            )
        }
        widgets = {
            "text": forms.Textarea(attrs={"rows": 4}),
            "evidence": forms.Textarea(attrs={"rows": 3}),
        }
        labels = {
            "text": _("What changed, and for whom?"),
            "evidence": _("How do we know?"),
            "seen_on": _("When did we see it?"),
        }


class ContributionForm(OnceForm):
    """What we gave to others' work."""

    happened_on = DateField(label=_("Date"), required=False)

    class Meta:
        model = Contribution
        fields = ["title", "kind", "partner", "happened_on", "text", "result"]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 5}),
            "result": forms.Textarea(attrs={"rows": 3}),
        }
        labels = {"text": _("What did we give?"), "result": _("What came of it?")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"].queryset = Organisation.objects.order_by("name")  # type: ignore[attr-defined]
