"""Which part of the programme is looked at, and what of each room lies in it.

The page, the rows behind its figures and the report of the same name all read through here, so
that a figure is defined once. A year keeps the projects that ran in it, and of everything with a
day of its own what happened in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self
from urllib.parse import urlencode

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.enums import Nation
from core.forms import FilterForm, PortalForm
from meetings.models import Group
from networks.models import LocalNetwork
from projects.enums import DeliveryModel
from projects.models import Project, ProjectNation
from projects.years import days_of, moments_of, year_choices


def _year_choices() -> list[tuple[str, Any]]:
    return [("", _("All years")), *year_choices(timezone.localdate())]


class PlaceAndModelForm(PortalForm):
    """Which part of the programme a report is about; all of it when nothing is chosen."""

    nation = forms.ChoiceField(
        label=_("Nation"),
        choices=[("", _("All four nations")), *Nation.choices],
        required=False,
    )
    model = forms.ChoiceField(
        label=_("Delivery model"),
        choices=[("", _("All delivery models")), *DeliveryModel.choices],
        required=False,
    )


class ScopeForm(FilterForm, PlaceAndModelForm):
    """The same beside the page, with the year."""

    year = forms.ChoiceField(label=_("Year"), choices=_year_choices, required=False)


@dataclass(frozen=True)
class Scope:
    """A part of the programme; an empty ``nation`` or ``model`` and no ``year`` mean all."""

    nation: str = ""
    model: str = ""
    year: int | None = None

    @classmethod
    def of(cls, chosen: Mapping[str, Any]) -> Self:
        """What was ``chosen`` in a form; what is missing there means all."""
        year = chosen.get("year")
        return cls(
            nation=chosen.get("nation") or "",
            model=chosen.get("model") or "",
            year=int(year) if year else None,
        )

    def in_year(self, year: int | None) -> "Scope":
        return replace(self, year=year)

    def query(self, **more: Any) -> str:
        """This scope and ``more`` as the end of an address, with its question mark."""
        chosen = {"nation": self.nation, "model": self.model, "year": self.year} | more
        named = {name: value for name, value in chosen.items() if value not in {"", None}}
        return f"?{urlencode(named)}" if named else ""

    def within(self, rows: QuerySet, field: str) -> QuerySet:
        """Those of ``rows`` whose day or moment ``field`` is in the year; all without a year."""
        if self.year is None:
            return rows
        if rows.model._meta.get_field(field).get_internal_type() == "DateField":
            first, last = days_of(self.year)
            return rows.filter(**{f"{field}__gte": first, f"{field}__lte": last})
        begins, ends = moments_of(self.year)
        return rows.filter(**{f"{field}__gte": begins, f"{field}__lt": ends})


def projects_of(scope: Scope) -> QuerySet[Project]:
    """The projects of the delivery model that work in the nation and ran in the year."""
    projects = Project.objects.all()
    if scope.year is not None:
        projects = Project.objects.running_in(scope.year)
    if scope.model:
        projects = projects.filter(model=scope.model)
    if scope.nation:
        there = ProjectNation.objects.filter(project=OuterRef("pk"), nation=scope.nation)
        projects = projects.filter(Exists(there))
    return projects


def parts_of(scope: Scope, rows: QuerySet, path: str = "project") -> QuerySet:
    """Those of ``rows`` whose project (at ``path``) is of the model and in the nation."""
    if scope.model:
        rows = rows.filter(**{f"{path}__model": scope.model})
    if scope.nation:
        there = ProjectNation.objects.filter(project=OuterRef(f"{path}_id"), nation=scope.nation)
        rows = rows.filter(Exists(there))
    return rows


def groups_of(scope: Scope) -> QuerySet[Group]:
    """The groups that meet in the nation; with a model, those of that model's projects alone."""
    groups = Group.objects.all()
    if scope.nation:
        groups = groups.filter(nation=scope.nation)
    if scope.model:
        of_model = LocalNetwork.objects.filter(network__project__model=scope.model)
        groups = groups.filter(pk__in=of_model.values("group"))
    return groups


def met_in(scope: Scope, rows: QuerySet, path: str = "group") -> QuerySet:
    """Those of ``rows`` whose group (at ``path``) is in scope; all of them without a choice."""
    if not (scope.nation or scope.model):
        return rows
    return rows.filter(**{f"{path}__in": groups_of(scope).values("pk")})
