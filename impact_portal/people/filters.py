"""The filters of the list of people."""

from datetime import date

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import RoleKind
from accounts.models import Role, User
from core.forms import FilterForm


class PersonFilter(django_filters.FilterSet):
    """By name or address, and by a role that is held today."""

    q = django_filters.CharFilter(label=_("Name or e-mail address"), method="search")
    role = django_filters.ChoiceFilter(
        label=_("Role"), choices=RoleKind.choices, empty_label=_("All"), method="holding"
    )

    class Meta:
        model = User
        fields: list[str] = []
        form = FilterForm

    def search(self, people: QuerySet, name: str, value: str) -> QuerySet:
        words = value.strip()
        return people.filter(Q(preferred_name__icontains=words) | Q(email__icontains=words))

    def holding(self, people: QuerySet, name: str, value: str) -> QuerySet:
        today: date = timezone.localdate()
        holders = Role.objects.active_on(today).filter(kind=value)
        return people.filter(pk__in=holders.values("person"))
