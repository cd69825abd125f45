"""Joining two people's changes to one text, where they do not touch each other."""

import re
from dataclasses import dataclass

from core.worddiff import matcher_of


@dataclass(frozen=True, order=True)
class _Edit:
    """Words ``start`` to ``end`` of the base text become ``words``."""

    start: int
    end: int
    words: tuple[str, ...]


def merge(base: str, mine: str, theirs: str) -> str | None:
    """The text with both changes to ``base``; ``None`` where they touch the same words.

    Line ends are made alike.
    """
    words = _words(base)
    edits = sorted({*_edits(words, _words(mine)), *_edits(words, _words(theirs))})
    merged: list[str] = []
    place = 0
    for number, edit in enumerate(edits):
        if number and edit.start <= edits[number - 1].end:
            return None
        merged += words[place : edit.start]
        merged += edit.words
        place = edit.end
    return "".join(merged + words[place:])


def _words(text: str) -> list[str]:
    return re.findall(r"\s+|\S+", text.replace("\r\n", "\n").replace("\r", "\n"))


def _edits(base: list[str], new: list[str]) -> list[_Edit]:
    return [
        _Edit(start, end, tuple(new[new_start:new_end]))
        for kind, start, end, new_start, new_end in matcher_of(base, new).get_opcodes()
        if kind != "equal"
    ]
