"""What changed between two texts: first paragraph by paragraph, then word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

# Beyond this many pairs of words, ones that come again and again are no longer looked for first:
# comparing every one of them with every other would take minutes.
MANY_PAIRS = 90_000

Kind = Literal["same", "inserted", "deleted"]


@dataclass(frozen=True)
class Piece:
    """A run of text that stayed, came or went."""

    kind: Kind
    text: str


def matcher_of(old: list[str], new: list[str]) -> SequenceMatcher[str]:
    """A matcher of two lists of words, exact for texts of common length and quick for long ones."""
    return SequenceMatcher(None, old, new, autojunk=len(old) * len(new) > MANY_PAIRS)


def compare(old: str, new: str) -> list[Piece]:
    """The pieces that make ``new`` out of ``old``, in reading order.

    Joined without the inserted ones they are ``old``, without the deleted ones ``new``, save that
    line ends are made alike.
    """
    old_blocks, new_blocks = _blocks(old), _blocks(new)
    matcher = matcher_of(old_blocks, new_blocks)
    pieces: list[Piece] = []
    for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        before, after = ("".join(old_blocks[old_from:old_to]), "".join(new_blocks[new_from:new_to]))
        if kind == "equal":
            pieces.append(Piece("same", before))
        else:
            pieces.extend(_compare_words(before, after))
    return _merged(pieces)


def changes(old: str, new: str) -> list[Piece]:
    """Only what was inserted and deleted, for a list in words above the comparison."""
    return [piece for piece in compare(old, new) if piece.kind != "same" and piece.text.strip()]


def render_comparison(old: str, new: str) -> SafeString:
    """The comparison as HTML: ``ins`` and ``del``, each with hidden words for screen readers."""
    return format_html_join("", "{}", ((_render(piece),) for piece in compare(old, new)))


def _render(piece: Piece) -> str | SafeString:
    if piece.kind == "same":
        return piece.text
    tag, begins, ends = {
        "inserted": ("ins", _("inserted:"), _("end of inserted text")),
        "deleted": ("del", _("deleted:"), _("end of deleted text")),
    }[piece.kind]
    return format_html(
        '<{0}><span class="govuk-visually-hidden">{1} </span>{2}'
        '<span class="govuk-visually-hidden"> {3}</span></{0}>',
        tag,
        begins,
        piece.text,
        ends,
    )


def _blocks(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").splitlines(keepends=True)


def _compare_words(old: str, new: str) -> Iterator[Piece]:
    old_words, new_words = re.findall(r"\s+|\S+", old), re.findall(r"\s+|\S+", new)
    for same, old_from, old_to, new_from, new_to in _runs(old_words, new_words):
        before, after = "".join(old_words[old_from:old_to]), "".join(new_words[new_from:new_to])
        if same:
            yield Piece("same", before)
            continue
        if before:
            yield Piece("deleted", before)
        if after:
            yield Piece("inserted", after)


def _runs(old_words: list[str], new_words: list[str]) -> list[tuple[bool, int, int, int, int]]:
    """Runs that are the same or not; changes that only a space parts are one phrase."""
    opcodes = matcher_of(old_words, new_words).get_opcodes()
    runs: list[tuple[bool, int, int, int, int]] = []
    for place, (kind, old_from, old_to, new_from, new_to) in enumerate(opcodes):
        between = 0 < place < len(opcodes) - 1
        only_space = not "".join(old_words[old_from:old_to]).strip(" ")
        same = kind == "equal" and not (between and only_space)
        if runs and runs[-1][0] == same:
            runs[-1] = (same, runs[-1][1], old_to, runs[-1][3], new_to)
        else:
            runs.append((same, old_from, old_to, new_from, new_to))
    return runs


def _merged(pieces: list[Piece]) -> list[Piece]:
    merged: list[Piece] = []
    for piece in pieces:
        if merged and merged[-1].kind == piece.kind:
            merged[-1] = Piece(piece.kind, merged[-1].text + piece.text)
        else:
            merged.append(piece)
    return merged
