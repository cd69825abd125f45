"""Who is writing where, lightly: ids in the cache for a short while, nothing in the database.

With Redis away each process knows what it has seen itself, and nobody is kept from writing.
"""

import logging
from collections.abc import Iterable

from django.core.cache import cache, caches

logger = logging.getLogger(__name__)

# A page says each 20 seconds that it is still open.
HERE_FOR = 45


def _key(expression_id: int, person_id: int) -> str:
    return f"here:{expression_id}:{person_id}"


def note_presence(expression_id: int, person_id: int, section_order: int) -> None:
    """Note that somebody has a section open. Never an error."""
    key = _key(expression_id, person_id)
    for store in (caches["process"], cache):
        try:
            store.set(key, section_order, HERE_FOR)
        except Exception as problem:
            logger.warning("presence.not_noted error=%s", type(problem).__name__)


def where_are(expression_id: int, person_ids: Iterable[int]) -> dict[int, int]:
    """Section order by person id, of those who have one open. Never an error."""
    keys = {_key(expression_id, person): person for person in person_ids}
    found: dict[str, int] = {}
    for store in (caches["process"], cache):
        try:
            found |= store.get_many(keys)
        except Exception as problem:
            logger.warning("presence.unknown error=%s", type(problem).__name__)
    return {keys[key]: int(order) for key, order in found.items()}
