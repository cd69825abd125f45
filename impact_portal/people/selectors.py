"""What the pages about people show."""

from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.models import Invitation, Role, User
from projects.enums import OPEN_STATES
from projects.models import Project


def people(now: datetime) -> QuerySet[User]:
    """Everybody with an account, with the roles that they hold now as ``roles_now``."""
    roles = (
        Role.objects.active_on(timezone.localdate(now))
        .prefetch_related("scope")
        .order_by("kind", "id")
    )
    return User.objects.filter(is_active=True).prefetch_related(
        Prefetch("roles", queryset=roles, to_attr="roles_now")
    )


def roles_to_end(now: datetime) -> QuerySet[Role]:
    """Roles that hold today or will hold: those whose end can still be set."""
    today = timezone.localdate(now)
    going_on = Role.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today))
    return going_on.select_related("person").prefetch_related("scope")


def projects_led(person: User) -> int:
    """How many projects that are not over ``person`` leads."""
    return Project.objects.filter(lead=person, state__in=OPEN_STATES).count()


def open_invitations(now: datetime) -> list[Invitation]:
    """Invitations that can still be accepted, the newest first."""
    waiting = Invitation.objects.filter(accepted_at=None, expires_at__gt=now)
    return list(waiting.prefetch_related("scope").order_by("-id")[:50])
