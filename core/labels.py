"""The words of choices, looked up once for each language instead of once for each row.

``get_FOO_display`` builds a dict of all choices and translates its label on every call: on a list
of fifty rows that is most of the page's time.
"""

from collections.abc import Mapping
from functools import cache

from django.db.models import Choices
from django.utils.translation import get_language


def labels(choices: type[Choices]) -> Mapping[str, str]:
    """``{value: label}`` of ``choices`` in the language of the page; do not change it."""
    return _labels(choices, get_language())


@cache
def _labels(choices: type[Choices], language: str | None) -> Mapping[str, str]:
    return {value: str(label) for value, label in choices.choices if value is not None}
