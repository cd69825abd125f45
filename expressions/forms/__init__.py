"""Forms about calls and expressions of interest."""

from .assisted import EnteredOrganisationForm, EntryForm, FindOrganisationForm
from .writing import DeclarationForm, OrganisationChoiceForm

__all__ = [
    "DeclarationForm",
    "EnteredOrganisationForm",
    "EntryForm",
    "FindOrganisationForm",
    "OrganisationChoiceForm",
]
