"""Groups of people who meet: local networks, assemblies, the advisory group, coordinators."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.enums import Nation
from core.models import PortalModel, StateModel

from .enums import GroupKind, MeetingState, Perspective
from .querysets import GroupQuerySet, MeetingQuerySet


class Group(PortalModel):
    """A group that meets. What it is for stands in the room that made it."""

    kind = models.CharField(_("kind"), max_length=20, choices=GroupKind.choices)
    name = models.CharField(_("name"), max_length=200)
    nation = models.CharField(_("nation"), max_length=20, choices=Nation.choices, blank=True)

    objects = GroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("group")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Member(PortalModel):
    """Somebody in a group, with an account or without one."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="memberships",
    )
    name = models.CharField(_("name they like to be called"), max_length=120)
    perspective = models.CharField(
        _("comes as"), max_length=20, choices=Perspective.choices, blank=True
    )
    joined_on = models.DateField(_("joined on"), default=timezone.localdate)
    left_on = models.DateField(_("left on"), null=True, blank=True)

    class Meta:
        verbose_name = _("member")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                name="member_leaves_after_joining",
                condition=models.Q(left_on__isnull=True)
                | models.Q(left_on__gte=models.F("joined_on")),
            ),
            models.UniqueConstraint(
                fields=["group", "person"],
                name="member_once_at_a_time",
                condition=models.Q(left_on__isnull=True, person__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Meeting(StateModel):
    """One meeting of a group, planned or held."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="meetings")
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=200, blank=True)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    joining = models.TextField(_("how to join"), blank=True)
    state = models.CharField(
        _("state"), max_length=20, choices=MeetingState.choices, default=MeetingState.PLANNED
    )

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        ordering = ["starts_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["group", "number"], name="meeting_number_once"),
            models.CheckConstraint(
                name="meeting_ends_after_it_starts",
                condition=models.Q(ends_at__isnull=True)
                | models.Q(ends_at__gt=models.F("starts_at")),
            ),
        ]
        indexes = [models.Index(fields=["starts_at"], name="meeting_by_start")]

    def __str__(self) -> str:
        return self.title or str(_("Meeting %(number)s") % {"number": self.number})
