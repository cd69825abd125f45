"""Forms about calls and expressions of interest."""

from .writing import DeclarationForm, OrganisationChoiceForm, ReasonForm

__all__ = ["DeclarationForm", "OrganisationChoiceForm", "ReasonForm"]
