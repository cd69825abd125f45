"""Tests: the real PostgreSQL and Redis that ``make test`` starts, and strict about everything."""

from tests.support.guards import LoudInvalid

from .base import *
from .base import CELERY_BROKER_TRANSPORT_OPTIONS, DATABASES, MIDDLEWARE, TEMPLATES

SECRET_KEY = "tests-only"  # noqa: S105
DEBUG = False
DEMONSTRATION = False
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Journeys give their worker an SMTP sink; all other tests keep mail in memory.
if EMAIL_BACKEND.endswith("filebased.EmailBackend"):
    EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Tests of the second factor switch it on.
STAFF_SECOND_FACTOR_REQUIRED = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DATABASES["default"]["CONN_MAX_AGE"] = 0
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file and not memory, as when the portal runs: connections that share memory lock one
    # another's tables at once, without the patience that a file gives them.
    DATABASES["default"]["TEST"] = {"NAME": f"{DATABASES['default']['NAME']}-test"}
CELERY_TASK_ALWAYS_EAGER = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    **CELERY_BROKER_TRANSPORT_OPTIONS,
    "global_keyprefix": "impact-tests-",
}
# Django's own test server serves static files straight from their sources.
MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith("whitenoise")]
MIDDLEWARE[:0] = [
    "tests.support.visited.VisitedMiddleware",
    "tests.support.guards.GetNeverWritesMiddleware",
]
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = LoudInvalid("%s")
# Rate limits have tests of their own, which switch them on.
ACCOUNT_RATE_LIMITS = False
