"""Is the process alive, and are the servers that it needs there?"""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from redis import Redis
from redis.exceptions import RedisError

from .access import PublicView


class AliveView(PublicView):
    """Answers as long as the process does."""

    public_because = "load balancers ask without signing in; it tells nothing"

    def get(self, request: HttpRequest) -> JsonResponse:
        return JsonResponse({"status": "alive"})


class ReadyView(PublicView):
    """Whether the database answers (else 503) and, beside it, whether the broker does.

    Without the broker the portal still takes submissions, so it stays ready.
    """

    public_because = "load balancers ask without signing in; it tells two words"

    def get(self, request: HttpRequest) -> JsonResponse:
        database, broker = _database_answers(), _broker_answers()
        return JsonResponse(
            {"database": database, "broker": broker}, status=200 if database else 503
        )


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _broker_answers() -> bool:
    try:
        # Both: a broker that hangs takes the connection and never answers.
        with Redis.from_url(
            settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2
        ) as broker:
            return bool(broker.ping())
    except RedisError:
        return False
