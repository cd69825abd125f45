"""Templates: used, translated, and strict; each guard is shown to find a planted fault."""

from pathlib import Path

import pytest
from django.template import engines

from tests.support.checks import templates

ROOT = Path(__file__).resolve().parents[2]
# Django, allauth and error handling ask for these by names of their own.
OVERRIDES = ("account/", "allauth/", "mfa/", "django/", "400", "403", "404", "500")


def test_no_template_is_unused():
    assert templates.unused_templates(ROOT, OVERRIDES) == []


def test_every_visible_word_goes_through_gettext():
    assert templates.untranslated_templates(ROOT) == []


def test_planted_unused_template_is_found(tmp_path):
    (tmp_path / "templates" / "room").mkdir(parents=True)
    (tmp_path / "templates" / "room" / "lost.html").write_text("")
    assert templates.unused_templates(tmp_path, OVERRIDES) == ["room/lost.html"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<h1>Hello there</h1>", ["Hello there"]),
        ('<h1>{% translate "Hello" %}</h1> {{ name }} &nbsp; 23 {# a note #}', []),
        ('<nav aria-label="Pages"></nav>', ["Pages"]),
        ("{% blocktranslate %}Hello{% endblocktranslate %}", []),
    ],
)
def test_planted_bare_words_are_found(text, found):
    assert templates.untranslated(text) == found


def test_planted_undefined_variable_fails_a_test():
    template = engines["django"].from_string("{{ nobody.knows }}")
    with pytest.raises(AssertionError, match=r"undefined template variable: nobody\.knows"):
        template.render({})
