"""A status, and how a project is going, as coloured words; drawn once for each language."""

from functools import cache

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.labels import labels
from core.templatetags.ui import tag

from .enums import OPEN_STATES, ProjectState, Rag

STATUS_COLOURS = {
    ProjectState.PROPOSED: "neutral",
    ProjectState.SETTING_UP: "info",
    ProjectState.LIVE: "good",
    ProjectState.COMPLETING: "teal",
    ProjectState.CLOSED: "neutral",
    ProjectState.STOPPED: "bad",
}
RAG_COLOURS = {Rag.GREEN: "good", Rag.AMBER: "warning", Rag.RED: "bad"}


def status(state: str) -> SafeString:
    """The status in a word: ``{{ project.state|status }}``."""
    return _statuses(get_language())[state]


def going(rag: str, state: str) -> SafeString | str:
    """How it is going; nothing is said of a project that is over:
    ``{{ project.rag|going:project.state }}``."""
    if state not in OPEN_STATES:
        return "–"
    return _goings(get_language())[rag]


def going_words(rag: str, state: str) -> str:
    """The same as plain text, for files."""
    if state not in OPEN_STATES:
        return ""
    return str(labels(Rag)[rag]) if rag else _("Not said yet")


@cache
def _statuses(language: str | None) -> dict[str, SafeString]:
    words = labels(ProjectState)
    return {state.value: tag(words[state], colour) for state, colour in STATUS_COLOURS.items()}


@cache
def _goings(language: str | None) -> dict[str, SafeString | str]:
    words = labels(Rag)
    said = {rag.value: tag(words[rag], colour) for rag, colour in RAG_COLOURS.items()}
    return {"": _("Not said yet"), **said}
