"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from . import navigation


def portal(request: HttpRequest) -> dict[str, Any]:
    """The navigation, and what the demonstration must say of itself on every page.

    An error page may be made before the person is known; it has no navigation then.
    """
    known = hasattr(request, "user")
    return {
        "navigation": navigation.links(request) if known else [],
        "second_factor_off": settings.DEMONSTRATION and not settings.STAFF_SECOND_FACTOR_REQUIRED,
    }
