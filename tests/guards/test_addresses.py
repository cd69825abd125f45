"""Every address says who may open it; the guard is shown to find a planted fault."""

from django.urls import get_resolver, path
from django.views.generic import View
from rules.permissions import perm_exists

from core.access import PortalView
from tests.support.checks import addresses
from tests.support.visited import unvisited


def test_every_address_declares_who_may_open_it():
    assert addresses.undeclared(get_resolver().url_patterns) == []


def test_every_permission_that_a_page_asks_for_exists():
    assert addresses.unknown_permissions(get_resolver().url_patterns, perm_exists) == []


def test_planted_undeclared_view_is_found():
    assert addresses.undeclared([path("bare/", View.as_view())]) == ["bare/"]


def test_planted_unknown_permission_is_found():
    class Page(PortalView):
        permission = "nobody.defined_this"

    pattern = path("page/", Page.as_view())
    assert addresses.unknown_permissions([pattern], perm_exists) == ["nobody.defined_this"]


def test_planted_unvisited_address_is_found():
    assert unvisited({"projects:list", "home", "account_login"}, {"home"}) == ["projects:list"]
