"""Load the real programme; a second run changes nothing."""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from impact_portal.programme.frame import DATA, Programme

# The order in which the parts need one another. Each is impact_portal/programme/<part>.py.
PARTS = [
    "people",
    "partners",
    "projects",
    "meetings",
    "networks",
    "demonstrators",
    "coproduction",
    "surveys",
    "guides",
    "expressions",
    "pilot",
    "decided",
    "deciding",
    "outreach",
    "topics",
]

DEMONSTRATION_PASSWORD = "having-a-life-2022"  # noqa: S105 - printed by make run, on purpose


class Command(BaseCommand):
    help = "Load the programme of the centre. Running it again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        programme = Programme(
            now=timezone.now(),
            password=DEMONSTRATION_PASSWORD if settings.DEMONSTRATION else None,
        )
        for part in PARTS:
            if not (DATA.parent / f"{part}.py").exists():
                continue
            before = programme.made
            with transaction.atomic():
                import_module(f"impact_portal.programme.{part}").load(programme)
            self.stdout.write(f"  {part}: {programme.made - before or 'nothing'} new")
