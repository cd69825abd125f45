"""Forms about calls and expressions of interest."""

from .writing import DeclarationForm, OrganisationChoiceForm

__all__ = ["DeclarationForm", "OrganisationChoiceForm"]
