"""How answers stand in e-mails, and states on the staff's pages."""

from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from core.labels import labels
from core.templatetags.ui import tag
from expressions.enums import ExpressionState

register = template.Library()

STATE_COLOURS = {
    ExpressionState.SUBMITTED: "info",
    ExpressionState.ELIGIBLE: "good",
    ExpressionState.INELIGIBLE: "bad",
    ExpressionState.OFFERED: "good",
    ExpressionState.RESERVE: "info",
    ExpressionState.DECLINED: "bad",
    ExpressionState.ACCEPTED: "good",
}


@register.filter
def quoted(text: str) -> str:
    """Each line as a quotation, so that nothing in an answer is taken for a heading of ours."""
    return "\n".join(f"> {line}" for line in text.splitlines())


@register.filter
def expression_state(state: str) -> SafeString:
    """The state of an expression in a word: ``{{ expression.state|expression_state }}``."""
    return _states(get_language())[state]


@cache
def _states(language: str | None) -> dict[str, SafeString]:
    words = labels(ExpressionState)
    return {
        state.value: tag(words[state], STATE_COLOURS.get(state, "neutral"))
        for state in ExpressionState
    }


@register.simple_tag
def file_limits() -> dict[str, Any]:
    """What may be uploaded, and whether it is scanned: ``{% file_limits as limits %}``."""
    return {
        "most": settings.ANSWER_FILES_A_QUESTION,
        "size": filesizeformat(settings.ANSWER_FILE_BYTES),
        "scanned": bool(settings.CLAMAV_ADDRESS),
    }
