"""What staff type about risks, the theory of change, pictures, files and people."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import STAFF_KINDS
from accounts.models import Role, User

from .base_forms import OnceForm
from .models import Risk

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
