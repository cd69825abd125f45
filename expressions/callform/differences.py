"""What changed between two forms of a call, in sentences for those who write."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .document import Document, questions_in

TEXT_NAMES = {
    "title": gettext_lazy("title"),
    "summary": gettext_lazy("in a few words"),
    "offer": gettext_lazy("what we offer"),
    "ask": gettext_lazy("what we ask of you"),
    "looking_for": gettext_lazy("who we look for"),
    "guidance": gettext_lazy("before you begin"),
}
IN_WELSH = ("text_cy", "help_cy")


def differences(old: Document, new: Document) -> list[str]:
    """The changes from ``old`` to ``new``, one sentence each, in the language of the moment."""
    return [*_texts(old, new), *_sections(old, new), *_questions(old, new)]


def _texts(old: Document, new: Document) -> Iterator[str]:
    for name, words in TEXT_NAMES.items():
        if old["texts"].get(name) != new["texts"].get(name):
            yield _("The text “%(name)s” was changed.") % {"name": words}


def _sections(old: Document, new: Document) -> Iterator[str]:
    before = {one["key"]: one for one in old["sections"]}
    after = {one["key"]: one for one in new["sections"]}
    for key, section in after.items():
        was = before.get(key)
        if was is None:
            yield _("New section: “%(title)s”.") % {"title": section["title"]}
        elif was["title"] != section["title"]:
            yield _("The section “%(old)s” is now called “%(new)s”.") % {
                "old": was["title"],
                "new": section["title"],
            }
        elif any(was[name] != section[name] for name in ("introduction", "title_cy")) or (
            was["introduction_cy"] != section["introduction_cy"]
        ):
            yield _("The words at the head of the section “%(title)s” were changed.") % {
                "title": section["title"]
            }
    for key, section in before.items():
        if key not in after:
            yield _("The section “%(title)s” was taken out.") % {"title": section["title"]}
    if [one for one in before if one in after] != [one for one in after if one in before]:
        yield _("The sections are in another order.")


def _questions(old: Document, new: Document) -> Iterator[str]:
    before = {one["key"]: one for one in questions_in(old)}
    after = {one["key"]: one for one in questions_in(new)}
    for key, question in after.items():
        if key not in before:
            yield _("New question: “%(text)s”.") % {"text": question["text"]}
        elif before[key] != question:
            yield from _question(before[key], question)
    for key, question in before.items():
        if key not in after:
            yield _("No longer asked: “%(text)s”. Answers to it are kept.") % {
                "text": question["text"]
            }
    if _places(old, after) != _places(new, before):
        yield _("Some questions stand in another place.")


def _places(form: Document, among: dict[str, Document]) -> list[tuple[str, list[str]]]:
    """Of the questions in ``among``, which stand together in which order."""
    found = [
        (section["key"], [one["key"] for one in section["questions"] if one["key"] in among])
        for section in form["sections"]
    ]
    return sorted(place for place in found if place[1])


def _question(was: Document, now: Document) -> Iterator[str]:
    name = {"text": now["text"]}
    if was["text"] != now["text"]:
        yield _("“%(old)s” now reads “%(new)s”.") % {"old": was["text"], "new": now["text"]}
    if was["help"] != now["help"] or was["easy_read"] != now["easy_read"]:
        yield _("“%(text)s”: the help was changed.") % name
    if any(was[field] != now[field] for field in IN_WELSH):
        yield _("“%(text)s”: the Welsh was changed.") % name
    if was["word_limit"] != now["word_limit"]:
        yield _limit(now)
    if was["choices"] != now["choices"]:
        yield _("“%(text)s”: the choices were changed.") % name
    if (was["is_required"], was["required_from_model"]) != (
        now["is_required"],
        now["required_from_model"],
    ):
        yield _need(now)
    if was["condition"] != now["condition"]:
        if now["condition"] is None:
            yield _("“%(text)s” is now asked of everybody.") % name
        else:
            yield _("“%(text)s” is now asked after other answers.") % name


def _limit(question: Document) -> str:
    limit = question["word_limit"]
    if limit is None:
        return _("“%(text)s”: there is no word limit any more.") % {"text": question["text"]}
    return ngettext(
        "“%(text)s”: the most is now %(limit)s word.",
        "“%(text)s”: the most is now %(limit)s words.",
        limit,
    ) % {"text": question["text"], "limit": limit}


def _need(question: Document) -> str:
    name = {"text": question["text"]}
    if question["required_from_model"]:
        return _("“%(text)s” now needs an answer at some delivery models only.") % name
    if question["is_required"]:
        return _("“%(text)s” now needs an answer.") % name
    return _("“%(text)s” can now be left empty.") % name
