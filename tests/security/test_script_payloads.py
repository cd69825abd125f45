"""Names and words with markup in them, in every room, are shown as the text that they are."""

import re
from contextlib import suppress

import pytest
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.test import Client

from core.markdown import render_markdown
from tests.security.test_hostile_posts import LISTS
from tests.security.test_roles_by_addresses import methods, openers, refusals_unlogged
from tests.security.world import World, load_world

pytestmark = pytest.mark.django_db

PAYLOAD = "\"'><img src=x onerror=alert(31337)><script>alert(31337)</script>"
LIVE = re.compile(r"<img src=x|<script>alert|onerror=alert\(31337\)>(?!\S*&)", re.IGNORECASE)
RICH = [
    PAYLOAD,
    "[x](javascript:alert(1))",
    "[x](<java\nscript:alert(1)>)",
    "![x](https://evil.test/p.png)",
    "<svg/onload=alert(1)>",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    '[x](https://a.test "onmouseover=alert(1) x=")',
    '<https://a.test/"onclick=alert(1)>',
    "| a |\n|---|\n| <iframe src=x> |",
]
# Text that people type and that pages show; the length that the column allows is kept.
TYPED = frozenset(
    {
        *["title", "summary", "name", "text", "words", "place", "area", "preferred_name", "about"],
        *["message", "reason", "heading", "body", "said", "shared", "helped", "introduction"],
        *["used_for", "what_next", "question", "context", "new_heading", "new_text"],
        *["missing", "label", "description", "outcome_words"],
    }
)


@pytest.fixture
def world(settings, tmp_path) -> World:
    settings.MEDIA_ROOT = str(tmp_path)
    return load_world()


def plant() -> int:
    """Put the payload into the typed columns of all rows; how many columns there were."""
    planted = 0
    for model in apps.get_models():
        if model._meta.app_label not in settings.ROOMS:
            continue
        for field in model._meta.concrete_fields:
            is_text = isinstance(field, models.CharField | models.TextField) and not field.choices
            long_enough = not field.max_length or field.max_length > len(PAYLOAD) + 8
            if not is_text or field.name not in TYPED or not long_enough:
                continue
            # What was published once is never changed: the database refuses it.
            with suppress(IntegrityError), transaction.atomic():
                for row in model._base_manager.only("pk")[:60]:
                    words = {field.name: f"{PAYLOAD} {row.pk}"}
                    model._base_manager.filter(pk=row.pk).update(**words)
                planted += 1
    return planted


def test_planted_markup_runs_on_no_page(world):
    assert plant() >= 30
    live, seen = [], 0
    with refusals_unlogged():
        for name, address, view in list(world.addresses()):
            roles = openers(world, "GET", name)
            if "GET" not in methods(view) or (LISTS.search(address) and ".csv" in address):
                continue
            client = Client()
            if person := world.people[next(role for role in world.people if role in roles)]:
                client.force_login(person)
            response = client.get(address)
            if response.streaming:
                response.getvalue()
                continue
            page = response.content.decode()
            seen += "alert(31337)" in page
            if "text/html" in response.get("Content-Type", "") and LIVE.search(page):
                live.append(name)
    assert live == []
    assert seen >= 30


@pytest.mark.parametrize("text", RICH)
def test_markdown_brings_no_script_and_fetches_nothing(text):
    html = str(render_markdown(text))
    assert not re.search(r"<(?!/?(p|a|br|table|thead|tbody|tr|th|td|code|em)\b)", html)
    assert not re.search(r'href="(?!https?:|mailto:|tel:)', html)
    assert not re.search(r"<[^>]*\son\w+=", re.sub(r'"[^"]*"', '""', html))
