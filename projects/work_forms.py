"""What staff type about risks, the theory of change, pictures, files and people."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import STAFF_KINDS, RoleKind
from accounts.models import Role, User
from core.forms import DateField, ManyRowsField, PortalForm, SeenMixin
from core.widgets import HintedRadioSelect

from .base_forms import OnceForm
from .enums import DeliveryModel, TheoryKind
from .models import Project, Risk, TheoryPart
from .people_services import ROLES
from .theory import MAY_LEAD_TO

LIKELIHOODS = [
    (1, _("1 – hardly ever")),
    (2, _("2 – not likely")),
    (3, _("3 – may well happen")),
    (4, _("4 – likely")),
    (5, _("5 – almost certain")),
]
IMPACTS = [
    (1, _("1 – hardly felt")),
    (2, _("2 – a nuisance")),
    (3, _("3 – a setback")),
    (4, _("4 – serious")),
    (5, _("5 – the project could fail")),
]


class RiskForm(OnceForm):
    """What may go wrong, how likely and how bad, and what is done about it."""

    class Meta:
        model = Risk
        fields = [
            "description",
            "likelihood",
            "impact",
            "response",
            "owner",
            "reviewed_on",
            "review_on",
        ]
        widgets = {
            "description": forms.Textarea(attrs={"rows": 3}),
            "response": forms.Textarea(attrs={"rows": 3}),
            "likelihood": forms.RadioSelect,
            "impact": forms.RadioSelect,
        }
        labels = {
            "description": _("What may go wrong?"),
            "likelihood": _("How likely is it?"),
            "impact": _("How bad would it be?"),
            "response": _("What do we do about it?"),
            "owner": _("Who looks after it?"),
            "reviewed_on": _("When did we last look at it?"),
            "review_on": _("When do we look at it again?"),
        }
        help_texts = {
            "description": _("Only the team reads this. Please name nobody."),
            "owner": _("Only people who are on the staff today are listed."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = Role.objects.active_on(timezone.localdate()).filter(kind__in=sorted(STAFF_KINDS))
        owners = User.objects.filter(pk__in=staff.values("person"))
        if self.instance.owner_id:
            owners = owners | User.objects.filter(pk=self.instance.owner_id)
        self.fields["owner"].queryset = owners.order_by("preferred_name")  # type: ignore[attr-defined]
        self.fields["likelihood"].choices = LIKELIHOODS  # type: ignore[attr-defined]
        self.fields["impact"].choices = IMPACTS  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        last, following = cleaned.get("reviewed_on"), cleaned.get("review_on")
        if last and following and following <= last:
            self.add_error("review_on", _("Choose a day after the one when you last looked."))
        return cleaned


class TheoryPartForm(OnceForm):
    """One box of the theory of change; what it is does not change once arrows may hang on it."""

    class Meta:
        model = TheoryPart
        fields = ["kind", "text"]
        widgets = {
            "kind": HintedRadioSelect(
                hints={
                    TheoryKind.ENABLER: _("People, money or rules that help."),
                    TheoryKind.ACTIVITY: _("What the project itself does."),
                    TheoryKind.ASSUMPTION: _("What has to be true, and may not be."),
                    TheoryKind.OUTCOME: _("A change for people that comes of what we do."),
                    TheoryKind.GOAL: _("What all this is for. Three or four in all."),
                }
            ),
        }
        labels = {"kind": _("What is it?"), "text": _("In a few words")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = TheoryKind.choices  # type: ignore[attr-defined]
        self.fields["kind"].disabled = bool(self.instance.pk)


class LinksForm(PortalForm, SeenMixin):
    """What ``part`` leads to: the parts that its kind allows, those of one kind together."""

    targets = ManyRowsField(
        label=_("What does it lead to?"),
        queryset=TheoryPart.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, part: TheoryPart, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = MAY_LEAD_TO[TheoryKind(part.kind)]
        parts = TheoryPart.objects.filter(project=part.project_id, kind__in=allowed)
        field = self.fields["targets"]
        field.queryset = parts.exclude(pk=part.pk).order_by("kind", "place", "id")  # type: ignore[attr-defined]
        field.label_from_instance = _named  # type: ignore[attr-defined]


def _named(part: TheoryPart) -> str:
    return f"{part.text} ({part.get_kind_display()})"


class ImageForm(PortalForm):
    """A picture of an update, and what it shows."""

    upload = forms.FileField(
        label=_("Picture"),
        help_text=_("PNG, JPEG or WebP. We keep only the picture, not where it was taken."),
        widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg,.webp"}),
    )
    alternative = forms.CharField(
        label=_("What does the picture show?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("A sentence for people who cannot see it. Everybody in it has to agree to it."),
    )
    once_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class ImageWordsForm(PortalForm):
    """What a picture shows, for people who cannot see it."""

    alternative = forms.CharField(
        label=_("What does the picture show?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("A sentence for people who cannot see it."),
    )


class ProjectFileForm(PortalForm):
    """A document of a project."""

    upload = forms.FileField(
        label=_("File"),
        help_text=_("PDF, Word, Excel, OpenDocument text, JPEG, PNG, plain text or CSV."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.docx,.xlsx,.odt,.jpg,.jpeg,.png,.txt,.csv"}),
    )
    title = forms.CharField(
        label=_("What is it?"),
        max_length=200,
        required=False,
        help_text=_("In a few words. Without them it is called as the file is."),
    )
    once_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class RoleInProjectForm(PortalForm):
    """Who has which role in ``project``, from one day to another, both included."""

    person = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Of somebody who has an account. Others are invited on the page of people."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)
    starts_on = DateField(label=_("First day"))
    ends_on = DateField(label=_("Last day"), required=False)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = ROLES.get(DeliveryModel(project.model), [])
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]

    def clean_person(self) -> User:
        found = User.objects.filter(
            email__iexact=self.cleaned_data["person"], is_active=True
        ).first()
        if found is None:
            raise forms.ValidationError(
                _("Nobody with this address has an account. Invite them first.")
            )
        return found

    def clean_kind(self) -> RoleKind:
        return RoleKind(self.cleaned_data["kind"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("The last day must not be before the first."))
        return cleaned


class LastDayForm(PortalForm):
    """The last day of ``role``."""

    ends_on = DateField(label=_("Last day"))

    def __init__(self, *args: Any, role: Role, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role = role

    def clean_ends_on(self) -> date:
        ends_on: date = self.cleaned_data["ends_on"]
        if ends_on < self.role.starts_on:
            raise forms.ValidationError(_("The last day must not be before the first."))
        return ends_on
