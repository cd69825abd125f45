"""Markdown: what people may write, and what never comes through."""

from time import process_time

import pytest

from core.markdown import as_typed, plain_text, render_markdown
from core.templatetags.ui import markdown, prose

SCRIPTS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#10;script:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox)",
    "![x](javascript:alert(1))",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    '[x](https://example.org "onmouseover=alert(1)")',
    '[x](https://example.org" onmouseover="alert(1))',
    "`<script>`",
    "```\n<script>alert(1)</script>\n```",
    "<style>body{display:none}</style>",
    "<iframe src=//example.org></iframe>",
    "<p style='position:fixed'>x</p>",
    "<form action=//example.org><input name=a></form>",
    "<!--><script>alert(1)</script>-->",
    "<math><mtext></p><script>alert(1)</script>",
]
LIVE = [
    "<script",
    "<img",
    "<svg",
    "<style",
    "<iframe",
    "<form",
    "<input",
    "<math",
    'href="javascript',
    'href="data',
    'href="vb',
]


@pytest.mark.parametrize("payload", SCRIPTS)
def test_a_script_never_comes_through(payload):
    html = render_markdown(payload).lower()
    assert [piece for piece in LIVE if piece in html] == []
    assert not any(
        " on" in tag and "=" in tag.split(" on", 1)[1] for tag in _tags_without_titles(html)
    )


def _tags_without_titles(html):
    return [part.split(">", 1)[0].split(' title="')[0] for part in html.split("<")[1:]]


def test_what_people_write_becomes_html():
    assert render_markdown("Some **bold** and *soft* words") == (
        "<p>Some <strong>bold</strong> and <em>soft</em> words</p>\n"
    )


@pytest.mark.parametrize(("marks", "level"), [("#", 2), ("##", 3), ("###", 4), ("####", 4)])
def test_headings_begin_below_the_pages_own(marks, level):
    assert render_markdown(f"{marks} Title") == f"<h{level}>Title</h{level}>\n"


def test_a_link_outside_gives_no_opener():
    assert render_markdown("[IMPACT](https://example.org)") == (
        '<p><a href="https://example.org" rel="noopener noreferrer">IMPACT</a></p>\n'
    )


def test_a_line_end_is_kept():
    assert "one<br>\ntwo" in render_markdown("one\ntwo")


def test_a_table_is_a_table():
    assert "<td>1</td>" in render_markdown("| a |\n|---|\n| 1 |")


@pytest.mark.parametrize("nothing", ["", None])
def test_nothing_gives_nothing(nothing):
    assert render_markdown(nothing) == ""


def test_the_filters_wrap_running_text():
    assert markdown("x") == '<div class="impact-prose"><p>x</p>\n</div>'
    assert prose("<b>\n\nx") == '<div class="impact-prose"><p>&lt;b&gt;</p>\n\n<p>x</p></div>'
    assert prose(None) == '<div class="impact-prose"></div>'


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("[Read it](https://x.example/1/)", "Read it: https://x.example/1/"),
        ("[https://x.example/](https://x.example/)", "https://x.example/"),
        ("Your reference: **EOI-2023-0033**.", "Your reference: EOI-2023-0033."),
        ("## Your answers\n\n> What they wrote", "Your answers\n\nWhat they wrote"),
        ("2 * 3 ** 4 > 5 # six [x] (y)", "2 * 3 ** 4 > 5 # six [x] (y)"),
    ],
)
def test_plain_text_has_no_marks(written, read):
    assert plain_text(written) == read


def test_words_that_somebody_typed_stay_words():
    name = "[Confirm](https://evil.example/x) **now** <b> a_b #1 > ~~x~~ \\"
    marked = f"{as_typed(name)} asks to join."
    assert "<a" not in render_markdown(marked)
    assert "<strong>" not in render_markdown(marked)
    assert plain_text(marked) == f"{name} asks to join."


@pytest.mark.parametrize("piece", ["[", "[a](", "**a", "__a ", "[a"])
def test_plain_text_reads_a_text_of_marks_in_one_go(piece):
    began = process_time()
    plain_text(piece * 5_000)
    assert process_time() - began < 1
