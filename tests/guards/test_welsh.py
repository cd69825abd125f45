"""The Welsh catalogue: whole, sound, and on the page; its checks find planted faults."""

import ast
import re
from collections import Counter
from pathlib import Path

import polib
import pytest
from django.utils.translation.template import templatize

from core import borrowed_words
from impact_portal.pages import urlpatterns as plain_pages

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "locale" / "cy" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%?\{\w+\}|\{\w+\}|(?<!%)%[sd]")
TEXT = r"u?('''.*?'''|\"\"\".*?\"\"\"|'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
CALL = re.compile(rf"\b(n?p?)gettext\({TEXT}(?:\s*,\s*{TEXT})?", re.DOTALL)

# The shell of every page, and the pages that anybody may open.
SHELL = ["base.html", "400.html", "403.html", "403_csrf.html", "404.html", "500.html"]
PUBLIC = [
    *SHELL,
    *["components/*.html", "django/forms/**/*.html", "impact_portal/welcome.html"],
    *["impact_portal/pages/*.html", "account/**/*.html", "accounts/invitation*.html"],
    "account/**/*.txt",
    *["expressions/call.html", "expressions/calls.html", "expressions/partials/begin.html"],
    *["surveys/*.html", "surveys/partials/*.html", "projects/public_*.html"],
    *["guides/guide.html", "guides/index.html", "guides/library.html"],
    *["guides/priorities.html", "guides/feedback_form.html", "notifications/unsubscribe*.html"],
    *["demonstrators/vacancies.html"],
]
ADDRESSES = [
    *["/", "/calls/", "/surveys/", "/projects/", "/guides/", "/library/"],
    *["/workforce-priorities/", "/demonstrators/vacancies/", "/account/login/", "/account/signup/"],
    *[f"/pages/{page.name}/" for page in plain_pages],
]
ENGLISH = [
    "Skip to main content",
    "Evidence into adult social care",
    "Accessibility statement",
    "Privacy notice",
    "Contact us or complain",
    "UK Centre for Evidence Implementation",
    "Open calls",
    "Sign in",
    "Start page",
    "Show results",
    "Filter this list",
    "Your password",
    "Email address",
    "Nothing found",
    "No projects yet",
]


def entries(catalogue: polib.POFile) -> dict[tuple[str | None, str], polib.POEntry]:
    return {(entry.msgctxt, entry.msgid): entry for entry in catalogue if not entry.obsolete}


def welsh_of(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def wrong_placeholders(catalogue: polib.POFile) -> list[str]:
    """Wordings whose Welsh drops a placeholder of the English or brings one of its own."""
    wrong = []
    for entry in catalogue:
        one = set(PLACEHOLDER.findall(entry.msgid))
        known = one | set(PLACEHOLDER.findall(entry.msgid_plural or ""))
        found = [set(PLACEHOLDER.findall(text)) for text in welsh_of(entry) if text]
        if any(each - known or one - each for each in found):
            wrong.append(entry.msgid)
    return wrong


def wordings(source: str) -> set[tuple[str | None, str]]:
    """Context and wording of everything that a template translates."""
    found = set()
    for kind, first, second in CALL.findall(templatize(source)):
        texts = [ast.literal_eval(text) for text in (first, second) if text]
        found.add((texts[0], texts[1]) if "p" in kind else (None, texts[0]))
    return found


def without_welsh(sources: dict[str, str], catalogue: polib.POFile) -> list[str]:
    known = {key for key, entry in entries(catalogue).items() if all(welsh_of(entry))}
    return [
        f"{name}: {text}"
        for name, source in sorted(sources.items())
        for context, text in sorted(wordings(source), key=lambda wording: wording[1])
        if (context, text) not in known
    ]


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


def test_nothing_in_the_catalogue_is_guessed_or_empty(catalogue):
    assert [entry.msgid for entry in catalogue if entry.fuzzy] == []
    assert not catalogue.metadata_is_fuzzy
    assert [entry.msgid for entry in catalogue if not all(welsh_of(entry))] == []


def test_plurals_are_counted_as_django_counts_them_in_welsh(catalogue):
    assert catalogue.metadata["Plural-Forms"].startswith("nplurals=4; plural=(n==1) ? 0 :")
    assert {len(entry.msgstr_plural) for entry in catalogue if entry.msgid_plural} == {4}


def test_placeholders_are_kept(catalogue):
    assert wrong_placeholders(catalogue) == []


def test_every_wording_of_the_public_pages_has_its_welsh(catalogue):
    paths = [path for pattern in PUBLIC for path in (ROOT / "templates").glob(pattern)]
    sources = {str(path.relative_to(ROOT)): path.read_text() for path in paths}
    assert len(sources) > 80
    assert without_welsh(sources, catalogue) == []


def test_words_borrowed_from_libraries_have_their_welsh(catalogue):
    known = entries(catalogue)
    texts = [*borrowed_words.DJANGO, *borrowed_words.ALLAUTH, *borrowed_words.ALLAUTH_MESSAGES]
    assert [text for text in texts if (None, text) not in known] == []


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_public_page_is_in_welsh(client, settings, address):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "cy"
    page = client.get(address).content.decode()
    assert '<html lang="cy"' in page
    assert [text for text in ENGLISH if text in page] == []


@pytest.mark.django_db
def test_page_that_is_not_there_says_so_in_welsh(client, settings):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "cy"
    page = client.get("/nowhere/")
    assert page.status_code == 404
    assert "Ni allwn ddod o hyd i’r dudalen hon" in page.content.decode()


@pytest.mark.parametrize(
    ("english", "welsh", "wrong"),
    [
        ("Meeting %(number)s", "Cyfarfod %(number)s", []),
        ("Meeting %(number)s", "Cyfarfod", ["Meeting %(number)s"]),
        ("Key nr. {number}", "Allwedd rhif {rhif}", ["Key nr. {number}"]),
        ("at least %d", "o leiaf %s", ["at least %d"]),
    ],
)
def test_planted_wrong_placeholder_is_found(english, welsh, wrong):
    planted = polib.POFile()
    planted.append(polib.POEntry(msgid=english, msgstr=welsh))
    assert wrong_placeholders(planted) == wrong


def test_planted_wording_without_welsh_is_found():
    planted = polib.POFile()
    planted.append(polib.POEntry(msgid="Hello", msgstr="Helô"))
    planted.append(polib.POEntry(msgid="Bye", msgstr=""))
    source = (
        "{% load i18n %}{% translate 'Hello' %}{% translate 'Bye' %}"
        "{% translate 'Go' context 'x' %}"
        "{% blocktranslate count counter=1 %}{{ counter }} cat{% plural %}cats"
        "{% endblocktranslate %}"
    )
    assert without_welsh({"a.html": source}, planted) == [
        "a.html: %(counter)s cat",
        "a.html: Bye",
        "a.html: Go",
    ]


def test_no_wording_stands_twice():
    """gettext's own tools refuse such a catalogue, and a merge can make one."""
    found = Counter((entry.msgctxt, entry.msgid) for entry in polib.pofile(str(CATALOGUE)))
    assert [key for key, times in found.items() if times > 1] == []
