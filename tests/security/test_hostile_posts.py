"""Posts and addresses that no page of ours would send: never an answer of 5xx.

Seeded, so that a failure comes again: everything goes to every POST address in turn, as the person
of the table of roles who may open it.
"""

import base64
import random
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.security.test_roles_by_addresses import methods, openers, refusals_unlogged
from tests.security.world import World, load_world

pytestmark = pytest.mark.django_db

SEED = 2022
POSTS_AN_ADDRESS = 6
# Pages with filters or cursors: those of lists.
LISTS = re.compile(
    r"(staff/[a-z-]+/|/export/|\.csv|/sites/|compare/|library/|projects/|/to-settle/)$"
)
LONG = "a" * 1_000_000
PAYLOADS = [
    "\0",
    "before\0after",
    LONG,
    "-1",
    "9" * 40,
    "1e999",
    "NaN",
    "Infinity",
    "31",
    "0",
    "true",
    "0000-00-00",
    "9999-12-31T23:59:60+99:00",
    "٣",
    "²",
    "\u202e\ufeff\u2028",
    "<script>alert(1)</script>",
    "{{ 7|add:7 }} %s %(x)s {0}",
    "[]",
    "{}",
    '{"a": [1]}',
    "/../../etc/passwd",
    "💚" * 300,
]


@pytest.fixture
def world(settings, tmp_path) -> World:
    settings.MEDIA_ROOT = str(tmp_path)
    return load_world()


def names_in(client: Client, address: str) -> list[str]:
    """The names of the fields of the page at ``address``, where it can be read."""
    response = client.get(address)
    if response.streaming:
        response.getvalue()
        return []
    found = re.findall(
        r'<(?:input|select|textarea)[^>]*\sname="([^"]+)"', response.content.decode()
    )
    return [name for name in dict.fromkeys(found) if name != "csrfmiddlewaretoken"]


def bodies(names: list[str], dice: random.Random) -> Iterator[tuple[bytes, str]]:
    """Bodies with their content types: odd values in all fields, in some, twice, and in none."""
    form = "application/x-www-form-urlencoded"
    for _post in range(POSTS_AN_ADDRESS - 3):
        data = QueryDict(mutable=True)
        for name in names:
            for _time in range(dice.choice([0, 1, 1, 1, 2])):
                data.appendlist(name, dice.choice(PAYLOADS))
        yield data.urlencode().encode(), form
    one = dice.choice(PAYLOADS)
    yield QueryDict.fromkeys(names, one, mutable=True).urlencode().encode(), form
    # Halves of surrogate pairs come through a character set of the sender's choice.
    surrogates = encode_multipart(BOUNDARY, dict.fromkeys(names, "x\\ud800\\u0000y"))
    yield surrogates, f"{MULTIPART_CONTENT}; charset=raw_unicode_escape"
    # Every count of a formset, and every field as a file.
    files = "".join(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="x.svg"\r\n'
        "Content-Type: image/svg+xml\r\n\r\n<svg/>\r\n"
        for name in names
    )
    yield f"{files}--{BOUNDARY}--\r\n".encode(), MULTIPART_CONTENT


def send(client: Client, address: str, body: bytes, content_type: str) -> int:
    with transaction.atomic():
        response = client.generic("POST", address, body, content_type=content_type)
        response.getvalue() if response.streaming else None
        transaction.set_rollback(True)
    return response.status_code


def person_for(world: World, name: str) -> Any:
    roles = openers(world, "POST", name)
    return world.people[next(role for role in world.people if role in roles)]


def answers_field_names(world: World) -> list[str]:
    pk = world.argument("expressions", "question")
    return [f"q{pk}", f"v{pk}", f"f{pk}"]


def test_no_post_makes_an_answer_of_5xx(world):
    dice = random.Random(SEED)
    sent, broken = 0, []
    with refusals_unlogged():
        for name, address, view in list(world.addresses()):
            if "POST" not in methods(view):
                continue
            client = Client(raise_request_exception=False)
            if person := person_for(world, name):
                client.force_login(person)
            if name == "surveys:page":
                client.post(f"/surveys/{world.argument('surveys', 'slug')}/")
            names = names_in(client, address) or ["reason", "text", "wording", "once_key", "seen"]
            if name == "expressions:answer":
                names = answers_field_names(world)
            for body, content_type in bodies(names, dice):
                sent += 1
                if send(client, address, body, content_type) >= 500:
                    broken.append(f"{name}: {content_type[-30:]} {body[:300]!r}")
    assert sent >= 300
    assert broken == []


def queries(names: list[str]) -> Iterator[str]:
    """Query strings that no link of ours has: odd filters, forged cursors."""
    cursors = ["[false,1e999,1]", '[false,"\\u0000",1]', '[true,"\\ud800","\\ud800"]', "[[[]]]"]
    for text in [*cursors, "null", "x"]:
        yield f"cursor={base64.urlsafe_b64encode(text.encode()).decode()}"
    for payload in ["\0", "9" * 40, "[]", "💚", "1e999"]:
        yield QueryDict.fromkeys([*names, "cursor", "kind"], payload, mutable=True).urlencode()


def test_no_query_string_makes_an_answer_of_5xx(world):
    broken = []
    with refusals_unlogged():
        for name, address, view in list(world.addresses()):
            if not LISTS.search(address):
                continue
            roles = openers(world, "GET", name)
            if "GET" not in methods(view) or name.startswith("health"):
                continue
            client = Client(raise_request_exception=False)
            if person := world.people[next(role for role in world.people if role in roles)]:
                client.force_login(person)
            fields = names_in(client, address)
            for query in queries(fields):
                response = client.get(f"{address}?{query}")
                response.getvalue() if response.streaming else None
                if response.status_code >= 500:
                    broken.append(f"{address}?{query[:120]}")
    assert broken == []


@pytest.mark.parametrize("number", ["0", "9" * 19, "9" * 40])
def test_numbers_that_no_object_has_are_not_found(staff_client, number):
    for address in ["staff/projects", "organisations", "reports", "meetings", "staff/messages"]:
        assert staff_client.get(f"/{address}/{number}/").status_code == 404
