"""The house itself: settings, root URLs, home pages; composes the rooms, imported by none."""

from .celery import app as celery_app

__all__ = ["celery_app"]
