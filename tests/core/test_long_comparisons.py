"""Comparing long texts that say the same words over and over: what would otherwise take minutes."""

import pytest

from core.worddiff import compare


@pytest.mark.parametrize(
    ("old", "new"),
    [("a " * 4000, "a b " * 2000), ("a\n" * 4000, "a\nb\n" * 2000)],
    ids=["words", "lines"],
)
def test_long_repetitive_texts_are_compared_in_full(old, new):
    pieces = compare(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "inserted") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "deleted") == new
