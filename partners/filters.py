"""Filters of the register of organisations and of the outreach log."""

from datetime import timedelta

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.enums import Nation
from core.filters import PortalFilterSet
from core.forms import FilterForm

from . import search
from .enums import Channel, OrganisationKind, OrganisationSize, OutreachResult
from .history import history_providers
from .models import Contact, Organisation, OutreachContact

NONE_OF_IT = "none"
YES_NO = [("yes", _("Yes")), ("no", _("No"))]


def _boxes() -> forms.CheckboxSelectMultiple:
    return forms.CheckboxSelectMultiple(attrs={"class": "govuk-checkboxes--small"})


def _one_of(rows: QuerySet, name: str, values: list[str]) -> QuerySet:
    return rows.filter(**{f"{name}__in": values})


def _words(organisations: QuerySet, name: str, text: str) -> QuerySet:
    return search.with_words(organisations, text)


def _has_links(organisations: QuerySet, name: str, value: str) -> QuerySet:
    blank = Q(seldom_heard_links="")
    return organisations.filter(~blank if value == "yes" else blank)


def _has_contact(organisations: QuerySet, name: str, value: str) -> QuerySet:
    contact = Exists(Contact.objects.filter(organisation=OuterRef("pk")))
    return organisations.filter(contact if value == "yes" else ~contact)


def _is_new(organisations: QuerySet, name: str, value: str) -> QuerySet:
    return organisations.filter(is_first_timer=value in {"yes", "true"})


def _no_contact(organisations: QuerySet, name: str, value: str) -> QuerySet:
    return organisations.filter(no_contact_since__isnull=value == "no")


def _yes_no(label: str, method: object) -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(
        label=label, choices=YES_NO, empty_label=_("Any"), method=method
    )


class OrganisationFilter(PortalFilterSet):
    """By name, place or number, kind, nation, size, and what they did with us."""

    panel_kept_for = 30

    name = django_filters.CharFilter(
        label=_("Name, place or number"), method=_words, max_length=100
    )
    kind = django_filters.MultipleChoiceFilter(
        label=_("Kind"), choices=OrganisationKind.choices, widget=_boxes(), method=_one_of
    )
    nation = django_filters.MultipleChoiceFilter(
        label=_("Nation"), choices=Nation.choices, widget=_boxes(), method=_one_of
    )
    size = django_filters.MultipleChoiceFilter(
        label=_("Size"), choices=OrganisationSize.choices, widget=_boxes(), method=_one_of
    )
    is_first_timer = _yes_no(_("New to this kind of project"), _is_new)
    seldom_heard = _yes_no(_("Has links with people who are seldom heard"), _has_links)
    contact = _yes_no(_("Somebody speaks for it"), _has_contact)
    history = django_filters.ChoiceFilter(
        label=_("What they did with us"), choices=[], empty_label=_("Any"), method="by_history"
    )
    no_contact = _yes_no(_("Asked not to be contacted"), _no_contact)

    class Meta:
        model = Organisation
        fields: list[str] = []
        form = FilterForm

    def get_form_class(self) -> type[forms.Form]:
        choices = [(key, one.name) for key, one in history_providers.items()]
        self.filters["history"].extra["choices"] = [*choices, (NONE_OF_IT, _("Nothing yet"))]
        return super().get_form_class()

    def by_history(self, organisations: QuerySet, name: str, value: str) -> QuerySet:
        """By what the person who asks may see: what is hidden from them narrows no list."""
        user = getattr(self.request, "user", None)
        wanted = dict(history_providers.items())
        if value != NONE_OF_IT:
            return organisations.filter(pk__in=wanted[value].organisations(user))
        for one in wanted.values():
            organisations = organisations.exclude(pk__in=one.organisations(user))
        return organisations


def _organisation_in(entries: QuerySet, name: str, values: list[str]) -> QuerySet:
    return entries.filter(**{f"organisation__{name}__in": values})


def _organisation_words(entries: QuerySet, name: str, text: str) -> QuerySet:
    found = search.with_words(Organisation.objects.all(), text)
    return entries.filter(organisation__in=found.values("pk"))


def _when(entries: QuerySet, name: str, value: str) -> QuerySet:
    today = timezone.localdate()
    if value == "late":
        return entries.filter(follow_up_on__lt=today)
    return entries.filter(follow_up_on__lte=today + timedelta(days=int(value)))


class OutreachFilter(PortalFilterSet):
    """The follow-ups: by when, who of us, which organisation, and what came of it."""

    name = django_filters.CharFilter(
        label=_("Name, place or number"), method=_organisation_words, max_length=100
    )
    when = django_filters.ChoiceFilter(
        label=_("When"),
        choices=[
            ("late", _("Late")),
            ("0", _("Due today or before")),
            ("7", _("Due within a week")),
            ("31", _("Due within a month")),
        ],
        empty_label=_("Any time"),
        method=_when,
    )
    by = django_filters.ChoiceFilter(label=_("Who of us"), choices=[], empty_label=_("Anybody"))
    kind = django_filters.MultipleChoiceFilter(
        label=_("Kind"), choices=OrganisationKind.choices, widget=_boxes(), method=_organisation_in
    )
    nation = django_filters.MultipleChoiceFilter(
        label=_("Nation"), choices=Nation.choices, widget=_boxes(), method=_organisation_in
    )
    channel = django_filters.MultipleChoiceFilter(
        label=_("How"), choices=Channel.choices, widget=_boxes(), method=_one_of
    )
    result = django_filters.MultipleChoiceFilter(
        label=_("What came of it"),
        choices=[one for one in OutreachResult.choices if one[0] != OutreachResult.NO_CONTACT],
        widget=_boxes(),
        method=_one_of,
    )

    class Meta:
        model = OutreachContact
        fields: list[str] = []
        form = FilterForm

    def get_form_class(self) -> type[forms.Form]:
        people = User.objects.filter(outreach_contacts__isnull=False).distinct()
        self.filters["by"].extra["choices"] = list(
            people.order_by("preferred_name", "pk").values_list("pk", "preferred_name")
        )
        return super().get_form_class()


class _For:
    """Stands for a request where a worker filters for somebody."""

    def __init__(self, user: User) -> None:
        self.user = user


def filtered(table: str, query: QueryDict, user: User) -> QuerySet:
    """The rows of "register" or "outreach" that fit the filters in an address, in its order.

    A filter that cannot be understood gives no rows, as on the page.
    """
    asker = _For(user)
    if table == "register":
        organisations = Organisation.objects.visible_to(user)
        return OrganisationFilter(query, organisations, request=asker).qs.order_by("name", "id")
    entries = OutreachContact.objects.visible_to(user).to_follow_up()
    return OutreachFilter(query, entries, request=asker).qs.order_by("follow_up_on", "id")
