"""Narrowing the library and the feedback."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.enums import Nation
from core.forms import FilterForm
from partners.models import Organisation
from projects.models import Topic

from .enums import Helped, ResourceKind, ResourceStatus, UserRole
from .models import Resource, UseFeedback, WorkforcePriority

SHOWN = [choice for choice in ResourceStatus.choices if choice[0] != ResourceStatus.WITHDRAWN]


class ResourceFilter(django_filters.FilterSet):
    """Resources by words, owner, type, nation, topic, priority and status."""

    q = django_filters.CharFilter(label=_("Words in title or summary"), method="with_words")
    kind = django_filters.ChoiceFilter(
        label=_("Type"), choices=ResourceKind.choices, empty_label=_("All")
    )
    owner = django_filters.ModelChoiceFilter(
        label=_("Owner"),
        queryset=Organisation.objects.filter(resources__isnull=False).distinct(),
        empty_label=_("All"),
    )
    priority = django_filters.ModelChoiceFilter(
        label=_("Workforce priority"),
        queryset=WorkforcePriority.objects.all(),
        empty_label=_("All"),
    )
    topic = django_filters.ModelChoiceFilter(
        label=_("Topic"),
        queryset=Topic.objects.filter(resources__isnull=False).distinct(),
        empty_label=_("All"),
    )
    nation = django_filters.ChoiceFilter(
        label=_("Nation"), choices=Nation.choices, empty_label=_("All")
    )
    status = django_filters.ChoiceFilter(label=_("Status"), choices=SHOWN, empty_label=_("All"))

    class Meta:
        model = Resource
        fields = ["q", "kind", "owner", "priority", "topic", "nation", "status"]
        form = FilterForm

    def with_words(self, queryset: QuerySet, _name: str, words: str) -> QuerySet:
        return queryset.filter(Q(title__icontains=words) | Q(summary__icontains=words))


class FeedbackFilter(django_filters.FilterSet):
    """Feedback by nation, role and whether the guide helped."""

    nation = django_filters.ChoiceFilter(
        label=_("Nation"), choices=Nation.choices, empty_label=_("All")
    )
    role = django_filters.ChoiceFilter(
        label=_("Role"), choices=UserRole.choices, empty_label=_("All")
    )
    helped = django_filters.ChoiceFilter(
        label=_("Did it help?"), choices=Helped.choices, empty_label=_("All")
    )

    class Meta:
        model = UseFeedback
        fields = ["nation", "role", "helped"]
        form = FilterForm
