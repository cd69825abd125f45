"""The test settings with the example room."""

from impact_portal.settings.test import *  # noqa: F403
from impact_portal.settings.test import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.notifications.example_room"]
# These tests run at whatever hour it is.
REMINDERS_FROM, REMINDERS_UNTIL, REMINDERS_A_DAY = 0, 24, 1_000
