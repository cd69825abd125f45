"""The test settings with the slow room."""

from impact_portal.settings.test import *  # noqa: F403
from impact_portal.settings.test import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.reports.slow_room"]
