"""A Redis cache that lets the portal go on while Redis is away."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError, TimeoutError

logger = logging.getLogger(__name__)


def _forgiving(method: Callable[..., Any], absent: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def wrapped(self: RedisCache, *args: Any, **kwargs: Any) -> Any:
        try:
            return method(self, *args, **kwargs)
        except (ConnectionError, TimeoutError):
            logger.warning("cache.unreachable operation=%s", method.__name__)
            return absent(*args, **kwargs)

    return wrapped


class ForgivingRedisCache(RedisCache):
    """Answers as an empty cache would while Redis cannot be reached.

    Only speed and rate limits hang on the cache; a council's submission must not.
    """

    get = _forgiving(RedisCache.get, lambda key, default=None, version=None: default)
    set = _forgiving(RedisCache.set, lambda *args, **kwargs: None)
    add = _forgiving(RedisCache.add, lambda *args, **kwargs: True)
    delete = _forgiving(RedisCache.delete, lambda *args, **kwargs: False)
    touch = _forgiving(RedisCache.touch, lambda *args, **kwargs: False)
    incr = _forgiving(RedisCache.incr, lambda key, delta=1, version=None: delta)
    get_many = _forgiving(RedisCache.get_many, lambda *args, **kwargs: {})
    set_many = _forgiving(RedisCache.set_many, lambda data, *args, **kwargs: list(data))
    delete_many = _forgiving(RedisCache.delete_many, lambda *args, **kwargs: None)
    has_key = _forgiving(RedisCache.has_key, lambda *args, **kwargs: False)
