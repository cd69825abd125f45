"""The Celery app; its settings stand in ``impact_portal.settings.base``."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "impact_portal.settings.development")

app = Celery("impact_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
