"""The navigation bar: what this person may open, in the order in which they need it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from partners.rules import is_partner_contact


@dataclass(frozen=True)
class Entry:
    """A place in the bar; ``shown_to(user)`` decides for whom."""

    text: str | Promise
    url_name: str
    shown_to: Callable[[Any], bool]


@dataclass(frozen=True)
class Link:
    """A link of the bar, ready to be shown."""

    text: str
    url: str
    current: bool


def _has(permission: str) -> Callable[[Any], bool]:
    return lambda user: user.has_perm(permission)


def _has_not(permission: str) -> Callable[[Any], bool]:
    return lambda user: not user.has_perm(permission)


# The order of a working day: what one runs, who one works with, what comes of it, what carries it.
ENTRIES: list[Entry] = [
    Entry(_("Home"), "home", lambda user: user.is_authenticated),
    Entry(_("My work"), "mywork:index", lambda user: user.is_authenticated),
    Entry(_("Overview"), "overview:page", _has("reports.make_programme_overview")),
    Entry(_("Projects"), "projects:list", _has("projects.view_programme")),
    Entry(_("Projects"), "projects:public-list", _has_not("projects.view_programme")),
    Entry(_("Topics"), "projects:topics", _has("projects.view_topics")),
    Entry(_("Expressions"), "expressions:staff-list", _has("expressions.view_expression_list")),
    Entry(_("Open calls"), "expressions:calls", _has_not("expressions.view_expression_list")),
    Entry(_("Your expressions"), "expressions:mine", is_partner_contact),
    Entry(_("Your organisations"), "partners:mine", is_partner_contact),
    Entry(_("Organisations"), "partners:register", _has("partners.view_register")),
    Entry(_("Networks"), "networks:home", _has("networks.have_networks")),
    Entry(_("Demonstrators"), "demonstrators:list", _has("demonstrators.find_in_menu")),
    Entry(_("Charter"), "coproduction:index", _has("coproduction.view_charter")),
    Entry(_("Surveys"), "surveys:list", _has("surveys.view_results")),
    Entry(_("Surveys"), "surveys:index", _has_not("surveys.view_results")),
    Entry(_("Guides"), "guides:list", _has("guides.view_feedback")),
    Entry(_("Guides"), "guides:index", _has_not("guides.view_feedback")),
    Entry(_("Evidence library"), "guides:library", lambda user: True),
    Entry(_("Reports"), "reports:list", _has("reports.use_reports")),
    Entry(_("Messages"), "notifications:ledger", _has("notifications.view_ledger")),
    Entry(_("People"), "people:list", _has("impact_portal.view_people")),
]


def links(request: HttpRequest) -> list[Link]:
    """The links of the bar for this visitor, the current one marked."""
    found = []
    ready = _ready(get_language(), get_urlconf(), get_script_prefix())
    for entry, text, url in ready:
        if entry.shown_to(request.user):
            current = request.path == url if url == "/" else request.path.startswith(url)
            found.append(Link(text, url, current))
    return found


@cache
def _ready(
    language: str | None, urlconf: str | None, prefix: str
) -> tuple[tuple[Entry, str, str], ...]:
    """Each entry with its words and its address, looked up once for each language."""
    return tuple((entry, str(entry.text), reverse(entry.url_name, urlconf)) for entry in ENTRIES)
