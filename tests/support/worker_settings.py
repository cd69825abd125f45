"""Settings of the worker in journeys: those of the tests, and no night.

Reminders wait for the morning; a journey that is run in the evening must not.
"""

from impact_portal.settings.test import *  # noqa: F403 - settings build on settings

REMINDERS_FROM, REMINDERS_UNTIL, REMINDERS_A_DAY = 0, 24, 1_000
