"""How old one must be, by rule of thumb, to read a text with ease.

Flesch-Kincaid grade (Kincaid et al. 1975) plus five years: words a sentence and syllables a word.
A hint for writers of English and no verdict: "organisation" is long and well known.
"""

import re

FEWEST_WORDS = 5
WANTED_MOST = 12
_SENTENCES = re.compile(r"[.!?:]+\s|\n+")
_WORDS = re.compile(r"[A-Za-z’']+")
_VOWELS = re.compile(r"[aeiouy]+")


def reading_age(text: str) -> int | None:
    """The age in years, 5 at least; ``None`` for a text of less than five words."""
    words = _WORDS.findall(text)
    if len(words) < FEWEST_WORDS:
        return None
    sentences = sum(1 for one in _SENTENCES.split(text) if _WORDS.search(one)) or 1
    syllables = sum(_syllables(word.lower()) for word in words)
    grade = 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59
    return max(5, round(grade + 5))


def _syllables(word: str) -> int:
    found = len(_VOWELS.findall(word))
    silent = word.endswith("e") and not word.endswith("le") and found > 1
    return max(1, found - silent)
