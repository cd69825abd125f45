"""As in production, without TLS, and with the bare views beside the portal's own addresses."""

from impact_portal.settings.base import *  # noqa: F403

SECRET_KEY = "benchmarks-only"
DEBUG = False
DEMONSTRATION = False
ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
STAFF_SECOND_FACTOR_REQUIRED = False
ROOT_URLCONF = "benchmarks.urls"
LOG_LEVEL = "WARNING"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith("whitenoise")]  # noqa: F405
TEMPLATES[0]["DIRS"] = [*TEMPLATES[0]["DIRS"], BASE_DIR / "benchmarks" / "templates"]  # noqa: F405
