"""Markdown that people write, as HTML that is safe to show.

Two walls: markdown-it with HTML off turns tags in the text into text, and nh3 lets only a short
list of tags and addresses through.
"""

import re

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_BLOCKS = {"blockquote", "h2", "h3", "h4", "hr", "li", "ol", "p", "pre", "ul"}
_TABLES = {"table", "tbody", "td", "th", "thead", "tr"}
TAGS = _BLOCKS | _TABLES | {"a", "br", "code", "del", "em", "s", "strong"}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto", "tel"}

# Bounded, so that no text makes them look again and again: links of 300 letters and more stay.
_LINK = re.compile(r"(?<!\\)\[([^\[\]\n]{1,300})\]\((\S{1,300}?)\)")
_STRONG = re.compile(r"(?<!\\)(\*\*|__)(\S(?:.{0,300}?\S)?)\1")
# Before a heading and a quotation.
_MARKS = re.compile(r"^(?:#{1,6} +|> ?)", re.MULTILINE)

# What would be a mark, in words that are to be read as they were typed; and such a mark escaped.
_MARKUP = re.compile(r"([\\`*_\[\]<>#|~])")
_ESCAPED = re.compile(r"\\([\\`*_\[\]<>#|~])")

_parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(
    ["table", "strikethrough"]
)


def plain_text(text: str) -> str:
    """Markdown as it reads without its marks: links as words with their address behind them."""
    found = _LINK.sub(lambda link: link[2] if link[1] == link[2] else f"{link[1]}: {link[2]}", text)
    return _ESCAPED.sub(r"\1", _MARKS.sub("", _STRONG.sub(r"\2", found)))


def as_typed(text: object) -> str:
    """Words that somebody typed, for a place in Markdown where they must stay words: a name like
    ``[Sign in](https://...)`` becomes no link."""
    return _MARKUP.sub(r"\\\1", str(text))


def render_markdown(text: str | None) -> SafeString:
    """Safe HTML for Markdown ``text``.

    A page has one first heading of its own, so headings begin at level 2 and end at level 4.
    Pictures are left out. The result belongs in an element of class ``impact-prose``.
    """
    if not text:
        return SafeString("")
    tokens = _parser.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 1, 4)}"
    html = _parser.renderer.render(tokens, _parser.options, {})
    clean = nh3.clean(
        html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener noreferrer"
    )
    return mark_safe(clean)  # noqa: S308 - nh3 cleaned it in the line above
