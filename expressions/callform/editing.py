"""Changes of a form. Each function changes the document that it is given."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from core.versions import ChangedMeanwhile, version_of

from .document import (
    Document,
    blank_question,
    blank_section,
    find_question,
    find_section,
    free_key,
    questions_in,
    section_holding,
)

Edit = Callable[[Document], None]


class GoneMeanwhile(Exception):
    """What was to be changed is not in the form any more. ``str()`` is fit to be shown."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody has taken this out of the form, or moved it, while you had it open.")
        )


def seen_of(item: Document) -> str:
    """The version of a section's own words, or of a question."""
    return version_of({name: value for name, value in item.items() if name != "questions"})


def order_of(form: Document) -> str:
    """The version of the order in which all stands."""
    return version_of(
        {
            "order": [
                [section["key"], [one["key"] for one in section["questions"]]]
                for section in form["sections"]
            ]
        }
    )


def add_section(values: Mapping[str, Any]) -> Edit:
    """A section at the end; one with the same title that is still empty is taken for it."""

    def edit(form: Document) -> None:
        for section in form["sections"]:
            if section["title"] == values["title"] and not section["questions"]:
                return
        taken = {section["key"] for section in form["sections"]}
        key = free_key(f"new-{len(taken) + 1}", taken)
        form["sections"].append(blank_section(**values, key=key))

    return edit


def change_section(key: str, values: Mapping[str, Any], seen: str) -> Edit:
    """New words of a section. The edit raises ``ChangedMeanwhile`` and ``GoneMeanwhile``."""

    def edit(form: Document) -> None:
        _change(find_section(form, key), values, seen)

    return edit


def _change(item: Document | None, values: Mapping[str, Any], seen: str) -> None:
    if item is None:
        raise GoneMeanwhile
    if all(item[name] == value for name, value in values.items()):
        return
    if seen_of(item) != seen:
        raise ChangedMeanwhile(seen_of(item))
    item.update(values)


def remove_section(key: str) -> Edit:
    """Take a section out with its questions; one that is gone already stays gone."""

    def edit(form: Document) -> None:
        form["sections"] = [one for one in form["sections"] if one["key"] != key]

    return edit


def add_question(section: str, values: Mapping[str, Any], taken: set[str]) -> Edit:
    """A question at the end of ``section``; the very same one there already is taken for it.

    ``taken``: keys that a new question may not have, those of questions no longer asked.
    """

    def edit(form: Document) -> None:
        found = find_section(form, section)
        if found is None:
            raise GoneMeanwhile
        for one in found["questions"]:
            if all(one[name] == value for name, value in values.items()):
                return
        used = taken | {one["key"] for one in questions_in(form)}
        key = free_key(str(values["text"]), used)
        found["questions"].append(blank_question(**values, key=key))

    return edit


def change_question(key: str, values: Mapping[str, Any], seen: str) -> Edit:
    """New words or settings of a question. Errors as ``change_section``."""

    def edit(form: Document) -> None:
        _change(find_question(form, key), values, seen)

    return edit


def remove_question(key: str) -> Edit:
    """Take a question out; one that is gone already stays gone."""

    def edit(form: Document) -> None:
        section = section_holding(form, key)
        if section:
            section["questions"] = [one for one in section["questions"] if one["key"] != key]

    return edit


def move_section(key: str, to: int, seen: str) -> Edit:
    """Put a section at place ``to``, counted from 0. There already, it stays."""

    def edit(form: Document) -> None:
        section = find_section(form, key)
        if section is None:
            raise GoneMeanwhile
        if form["sections"].index(section) == to:
            return
        _check_order(form, seen)
        form["sections"].remove(section)
        form["sections"].insert(to, section)

    return edit


def move_question(key: str, into: str, to: int, seen: str) -> Edit:
    """Put a question at place ``to`` of the section ``into``. There already, it stays."""

    def edit(form: Document) -> None:
        source, target = section_holding(form, key), find_section(form, into)
        question = find_question(form, key)
        if source is None or target is None or question is None:
            raise GoneMeanwhile
        if source is target and source["questions"].index(question) == to:
            return
        _check_order(form, seen)
        source["questions"].remove(question)
        target["questions"].insert(to, question)

    return edit


def _check_order(form: Document, seen: str) -> None:
    if order_of(form) != seen:
        raise ChangedMeanwhile(
            order_of(form),
            _(
                "Somebody else changed the order while you had this page open. "
                "Nothing was moved. Look at the order below, and move it again if you still want."
            ),
        )


def change_texts(values: Mapping[str, Any], seen: str) -> Edit:
    """New texts of the call. The edit raises ``ChangedMeanwhile``."""

    def edit(form: Document) -> None:
        _change(form["texts"], values, seen)

    return edit
