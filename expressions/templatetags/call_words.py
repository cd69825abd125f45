"""What a call says in the language of the page, its moments, and what changed in it."""

from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.markdown import render_markdown
from expressions.models import Expression
from expressions.selectors.building import changes_since

register = template.Library()

WELSH = "cy"
# The language in which staff write a call, where it has no Welsh.
WRITTEN = "en-GB"


@register.filter
def zone(moment: datetime | None) -> str:
    """Which of its two times London has at ``moment``, in words."""
    if moment is None:
        return ""
    summer = timezone.localtime(moment).dst()
    return _("British Summer Time") if summer else _("Greenwich Mean Time")


@register.simple_tag
def written() -> SafeString:
    """The attribute ``lang`` of a part that staff wrote in English; nothing on English pages."""
    return format_html(' lang="{}"', WRITTEN) if get_language() == WELSH else SafeString("")


def in_language(item: Any, name: str) -> tuple[str, str]:
    """The text ``name`` of a section, question or choice, and its language where it differs."""
    get = (
        item.get if isinstance(item, dict) else lambda key, default="": getattr(item, key, default)
    )
    text = get(name, "")
    if get_language() != WELSH or not text:
        return text, ""
    welsh = get(f"{name}_cy", "")
    return (welsh, "") if welsh else (text, WRITTEN)


@register.simple_tag
def wording(item: Any, name: str) -> SafeString:
    """``{% wording question "text" %}``: in Welsh where there is Welsh, else marked as English."""
    text, language = in_language(item, name)
    if language:
        return format_html('<span lang="{}">{}</span>', language, text)
    return format_html("{}", text)


@register.simple_tag
def wording_block(item: Any, name: str) -> SafeString:
    """As ``wording``, for text in Markdown."""
    text, language = in_language(item, name)
    attribute = format_html(' lang="{}"', language) if language else ""
    return format_html('<div class="impact-prose"{}>{}</div>', attribute, render_markdown(text))


@register.inclusion_tag("expressions/building/changed.html")
def call_changed(expression: Expression) -> dict[str, Any]:
    """What changed in the call since its writers last said that they had read it. It asks for
    one query, and only then."""
    call = expression.call
    news = expression.call_version < call.version and expression.is_editable
    return {
        "expression": expression,
        "call": call,
        "versions": changes_since(call, expression.call_version) if news else [],
    }
