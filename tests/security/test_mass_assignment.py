"""Each form is posted with every column of every model beside its own fields: nothing changes more.

The same post is sent twice, plain and with the further columns, and both are taken back; what the
two write to the database must be the same.
"""

import re
from datetime import date, datetime
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from tests.security.test_hostile_posts import person_for
from tests.security.test_roles_by_addresses import methods, refusals_unlogged
from tests.security.world import World, load_world

pytestmark = pytest.mark.django_db
WRITE = re.compile(r'^(INSERT INTO|UPDATE|DELETE FROM) "(?!django_session)')


class Fields(HTMLParser):
    """The first values of a page's fields: as shown, else the first choice, else a word."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        # Every field of the page, those among them that send nothing unless they are ticked.
        self.asked: set[str] = set()
        self.area = self.select = ""

    def handle_starttag(self, tag: str, attributes: list) -> None:
        given = {name: value or "" for name, value in attributes}
        name = given.get("name", "")
        self.asked.add(name)
        if tag == "input" and name:
            kind = given.get("type", "text")
            if kind in {"radio", "checkbox"}:
                if "checked" in given or (kind == "radio" and name not in self.values):
                    self.values[name] = given.get("value", "on")
            elif kind != "submit":
                self.values.setdefault(name, given.get("value") or "5")
        elif tag == "textarea":
            self.area = name
            self.values.setdefault(name, "")
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and given.get("value"):
            chosen = "selected" in given or self.select not in self.values
            self.values[self.select] = given["value"] if chosen else self.values[self.select]

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.values[self.area] = self.values[self.area].strip() or "Some words"
            self.area = ""
        elif tag == "select":
            self.select = ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self.values[self.area] += data


@pytest.fixture
def world(settings, tmp_path) -> World:
    settings.MEDIA_ROOT = str(tmp_path)
    return load_world()


def every_column() -> set[str]:
    models = [model for model in apps.get_models() if model._meta.app_label in settings.ROOMS]
    fields = [field for model in models for field in model._meta.concrete_fields]
    return {name for field in fields for name in (field.name, field.attname)}


def unmoved(value: Any) -> Any:
    """``value`` without what differs from one moment to the next."""
    if isinstance(value, datetime | date | UUID):
        return type(value).__name__
    return re.sub(r"\d\d:\d\d:\d\d[^\"]*|[\w.-]{32,}|<[^>]*@[^>]*>", "~", str(value))


def writes(client: Client, address: str, data: dict[str, str]) -> list[tuple]:
    """What a post writes; it is taken back."""
    found = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if WRITE.match(sql):
            found.append((sql, [unmoved(value) for value in params or ()]))
        return execute(sql, params, many, context)

    cookies = client.cookies.copy()
    with transaction.atomic():
        with connection.execute_wrapper(note):
            client.post(address, data)
        transaction.set_rollback(True)
    client.cookies = cookies
    return found


def sequence_free(found: list[tuple]) -> list[tuple]:
    """``found`` with numbers of new rows, which count on after a rollback, as they are."""
    return [(sql, [re.sub(r"\d+", "#", str(value)) for value in params]) for sql, params in found]


def test_columns_that_a_form_does_not_ask_for_are_not_written(world):
    columns, saved, wrong = every_column(), 0, []
    with refusals_unlogged():
        for name, address, view in list(world.addresses()):
            if methods(view) != ["GET", "POST"]:
                continue
            client = Client()
            if person := person_for(world, name):
                client.force_login(person)
            page = Fields()
            response = client.get(address)
            if response.status_code != 200:
                continue
            page.feed(response.content.decode())
            plain = writes(client, address, page.values)
            more = dict.fromkeys(columns - page.asked, "1")
            both = writes(client, address, {**more, **page.values})
            saved += bool(plain)
            if sequence_free(plain) != sequence_free(both):
                wrong.append((name, plain, both))
    assert [name for name, *_rest in wrong] == [], wrong[0]
    assert saved >= 25
