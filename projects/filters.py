"""The filters of the lists; they live in the address, so a list can be kept and shared."""

from typing import ClassVar

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.enums import Nation
from core.filters import PortalFilterSet
from core.forms import FilterForm
from partners.models import Organisation

from .enums import DeliveryModel, ProjectState, Rag
from .models import Milestone, Project, ProjectNation, Topic
from .querysets import ProjectQuerySet
from .selectors import filter_choices
from .years import NO_YEAR, list_year_choices

# In an address: what has no topic, or no phase.
NONE = "none"


def _boxes() -> forms.CheckboxSelectMultiple:
    return forms.CheckboxSelectMultiple(attrs={"class": "govuk-checkboxes--small"})


def _in_nation(projects: QuerySet, name: str, nations: list[str]) -> QuerySet:
    rows = ProjectNation.objects.filter(project=OuterRef("pk"), nation__in=nations)
    return projects.filter(Exists(rows))


def _one_of(projects: QuerySet, name: str, values: list[str]) -> QuerySet:
    return projects.filter(**{f"{name}__in": values})


def _in_year(projects: ProjectQuerySet, name: str, year: str) -> QuerySet:
    if year == NO_YEAR:
        return projects.filter(starts_on__isnull=True)
    return projects.running_in(int(year))


def _with_topic(projects: QuerySet, name: str, topic: str) -> QuerySet:
    if topic == NONE:
        any_topic = Project.topics.through.objects.filter(project=OuterRef("pk"))
        return projects.filter(~Exists(any_topic))
    held = Project.topics.through.objects.filter(project=OuterRef("pk"), topic=topic)
    return projects.filter(Exists(held))


def _with_words(projects: ProjectQuerySet, name: str, text: str) -> QuerySet:
    return projects.with_words(text)


def _hosted_by(projects: QuerySet, name: str, text: str) -> QuerySet:
    return projects.filter(host__in=Organisation.objects.filter(name__icontains=text).values("id"))


def _tagged(projects: QuerySet, name: str, tag: str) -> QuerySet:
    held = Project.tags.through.objects.filter(project=OuterRef("pk"), tag=tag)
    return projects.filter(Exists(held))


def _with_late_milestones(projects: QuerySet, name: str, asked: bool) -> QuerySet:
    if not asked:
        return projects
    late = Milestone.objects.late(timezone.localdate()).filter(project=OuterRef("pk"))
    return projects.filter(Exists(late))


class ProjectFilter(PortalFilterSet):
    """The staff list's filters. Everything that was chosen must fit; within one group any may."""

    panel_kept_for = 30
    beside: ClassVar[set[str]] = {"cursor", "columns", "order", "view", "all", "select"}
    keeps = ("columns", "order")
    # Without it, the list would open again as the person's own view.
    clear_query = "all=1"

    q = django_filters.CharFilter(
        method=_with_words, label=_("Words in title or summary"), max_length=100
    )
    state = django_filters.MultipleChoiceFilter(
        method=_one_of, label=_("Status"), choices=ProjectState.choices, widget=_boxes()
    )
    rag = django_filters.MultipleChoiceFilter(
        method=_one_of, label=_("How it is going"), choices=Rag.choices, widget=_boxes()
    )
    model = django_filters.MultipleChoiceFilter(
        method=_one_of, label=_("Delivery model"), choices=DeliveryModel.choices, widget=_boxes()
    )
    nation = django_filters.MultipleChoiceFilter(
        method=_in_nation, label=_("Nation"), choices=Nation.choices, widget=_boxes()
    )
    topic = django_filters.ChoiceFilter(
        method=_with_topic,
        label=_("Topic"),
        choices=[],
        empty_label=_("Any topic"),
        null_label=_("No topic"),
        null_value=NONE,
    )
    phase = django_filters.ChoiceFilter(
        label=_("Phase"),
        choices=[],
        empty_label=_("Any phase"),
        null_label=_("No phase"),
        null_value=NONE,
    )
    year = django_filters.ChoiceFilter(
        method=_in_year,
        label=_("Year in which it ran"),
        choices=list_year_choices,
        empty_label=_("Any year"),
    )
    lead = django_filters.ChoiceFilter(
        label=_("Lead"),
        choices=[],
        empty_label=_("Anybody"),
        null_label=_("Nobody yet"),
        null_value=NONE,
    )
    tag = django_filters.ChoiceFilter(
        method=_tagged, label=_("Tag"), choices=[], empty_label=_("Any tag")
    )
    late = django_filters.BooleanFilter(
        method=_with_late_milestones,
        label=_("Only with a late milestone"),
        widget=forms.CheckboxInput,
    )
    host = django_filters.CharFilter(method=_hosted_by, label=_("Host’s name"), max_length=100)

    class Meta:
        model = Project
        form = FilterForm
        fields: list[str] = []

    def get_form_class(self) -> type[forms.Form]:
        for name, choices in filter_choices().items():
            self.filters[name].extra["choices"] = choices
        return super().get_form_class()


class PublicProjectFilter(PortalFilterSet):
    """The public list's filters."""

    panel_kept_for = 30

    q = django_filters.CharFilter(
        method=_with_words, label=_("Words in title or summary"), max_length=100
    )
    model = django_filters.MultipleChoiceFilter(
        method=_one_of, label=_("Kind of project"), choices=DeliveryModel.choices, widget=_boxes()
    )
    nation = django_filters.MultipleChoiceFilter(
        method=_in_nation, label=_("Nation"), choices=Nation.choices, widget=_boxes()
    )
    topic = django_filters.ModelChoiceFilter(
        method=_with_topic,
        label=_("Topic"),
        queryset=Topic.objects.public().order_by("title"),
        empty_label=_("Any topic"),
    )

    class Meta:
        model = Project
        form = FilterForm
        fields: list[str] = []
