"""Show the demonstration's sign-ins by role."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from impact_portal.programme.frame import Programme

from .load_programme import DEMONSTRATION_PASSWORD


class Command(BaseCommand):
    help = "Show who can sign in to the demonstration, and how."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("Only the demonstration has sign-ins that may be shown.")
        names = [entry["key"] for entry in Programme.data("people")]
        people = User.objects.filter(email__in=[f"{name}@example.org" for name in names])
        for person in people.order_by("id"):
            self.stdout.write(f"  {person.preferred_name:<34} {person.email}")
        self.stdout.write(f"  The password of all of them: {DEMONSTRATION_PASSWORD}")
