"""Groups of people who meet: local networks, assemblies, the advisory group, coordinators."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Invitation
from core.enums import Nation
from core.models import PortalModel, StateModel

from .enums import (
    ActionState,
    GroupKind,
    LogState,
    MeetingState,
    Perspective,
    Presence,
    Speech,
)
from .querysets import (
    ActionQuerySet,
    GroupQuerySet,
    LogQuerySet,
    MeetingQuerySet,
    MemberQuerySet,
)

MOST_DAYS_AHEAD = 14


class Group(PortalModel):
    """A group that meets. What it is for stands in the room that made it."""

    kind = models.CharField(_("kind"), max_length=20, choices=GroupKind.choices)
    name = models.CharField(_("name"), max_length=200)
    nation = models.CharField(_("nation"), max_length=20, choices=Nation.choices, blank=True)
    remind_days_ahead = models.PositiveSmallIntegerField(
        _("days before a meeting on which to remind people"), default=3
    )

    objects = GroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("group")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                name="group_reminds_within_a_fortnight",
                condition=models.Q(
                    remind_days_ahead__gte=1, remind_days_ahead__lte=MOST_DAYS_AHEAD
                ),
            ),
        ]

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
    # Until it is accepted there is no account; from then on its person is the member's.
    invitation = models.OneToOneField(
        Invitation, on_delete=models.SET_NULL, null=True, blank=True, related_name="member"
    )

    objects = MemberQuerySet.as_manager()

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
    invited_at = models.DateTimeField(_("members were invited"), null=True, blank=True)
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


class Attendance(PortalModel):
    """Whether one member came to one meeting."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendances")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="attendances")
    presence = models.CharField(_("came or not"), max_length=20, choices=Presence.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "member"], name="attendance_once")
        ]

    def __str__(self) -> str:
        return str(self.get_presence_display())


class GuestCount(PortalModel):
    """How many came to one meeting who are not members, by the group they come from."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="guest_counts")
    perspective = models.CharField(_("came as"), max_length=20, choices=Perspective.choices)
    number = models.PositiveSmallIntegerField(_("how many"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "perspective"], name="guests_counted_once"),
            models.CheckConstraint(name="guests_at_least_one", condition=models.Q(number__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.get_perspective_display()}: {self.number}"


class MeetingLog(StateModel):
    """What a meeting brought: the return that the coordinator sends after it."""

    meeting = models.OneToOneField(Meeting, on_delete=models.CASCADE, related_name="log")
    shared = models.TextField(_("what people shared"), blank=True)
    helped = models.TextField(_("what helped people take part"), blank=True)
    state = models.CharField(
        _("state"), max_length=20, choices=LogState.choices, default=LogState.DRAFT
    )
    submitted_at = models.DateTimeField(_("sent"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)

    objects = LogQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting log")
        constraints = [
            models.CheckConstraint(
                name="log_sent_has_time",
                condition=models.Q(state=LogState.DRAFT) | models.Q(submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="log_accepted_has_time",
                condition=models.Q(state=LogState.ACCEPTED, accepted_at__isnull=False)
                | (~models.Q(state=LogState.ACCEPTED) & models.Q(accepted_at__isnull=True)),
            ),
        ]
        indexes = [models.Index(fields=["submitted_at", "id"], name="log_by_sending")]

    def __str__(self) -> str:
        return str(_("Log of %(meeting)s") % {"meeting": self.meeting})

    @property
    def is_open(self) -> bool:
        """Whether its words may still be changed."""
        return self.state in {LogState.DRAFT, LogState.RETURNED}


class LogItem(PortalModel):
    """One short text of a log, once in each log, so that a double click adds it once."""

    text = models.CharField(_("in a few words"), max_length=500)

    class Meta:
        abstract = True
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text


class LogTheme(LogItem):
    """Something that people talked about."""

    log = models.ForeignKey(MeetingLog, on_delete=models.CASCADE, related_name="themes")

    class Meta(LogItem.Meta):
        constraints = [models.UniqueConstraint(fields=["log", "text"], name="theme_once")]


class LogSuggestion(LogItem):
    """A practical solution that came up."""

    log = models.ForeignKey(MeetingLog, on_delete=models.CASCADE, related_name="suggestions")
    perspective = models.CharField(
        _("who suggested it"), max_length=20, choices=Perspective.choices, blank=True
    )

    class Meta(LogItem.Meta):
        constraints = [models.UniqueConstraint(fields=["log", "text"], name="suggestion_once")]


class LogQuote(LogItem):
    """Somebody's own words, which they allow us to use. Without their consent there is no row."""

    log = models.ForeignKey(MeetingLog, on_delete=models.CASCADE, related_name="quotes")
    perspective = models.CharField(
        _("who said it"), max_length=20, choices=Perspective.choices, blank=True
    )
    has_consent = models.BooleanField(_("they agreed to be quoted"), default=False)

    class Meta(LogItem.Meta):
        constraints = [
            models.UniqueConstraint(fields=["log", "text"], name="quote_once"),
            models.CheckConstraint(name="quote_has_consent", condition=models.Q(has_consent=True)),
        ]


class LogMessage(PortalModel):
    """A question about a log, or its answer. Rows are only ever added."""

    log = models.ForeignKey(MeetingLog, on_delete=models.CASCADE, related_name="talk")
    speech = models.CharField(max_length=10, choices=Speech.choices)
    text = models.TextField(_("text"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return str(self.get_speech_display())


class Action(StateModel):
    """Something that a group means to do, and what became of it."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="actions")
    meeting = models.ForeignKey(
        Meeting, on_delete=models.SET_NULL, null=True, blank=True, related_name="actions"
    )
    text = models.CharField(_("what is to be done"), max_length=500)
    owner = models.ForeignKey(
        Member,
        verbose_name=_("who will do it"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="actions",
    )
    due_on = models.DateField(_("by when"), null=True, blank=True)
    outcome = models.TextField(_("what became of it"), blank=True)
    state = models.CharField(
        _("state"), max_length=20, choices=ActionState.choices, default=ActionState.OPEN
    )

    objects = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("action")
        ordering = [models.F("due_on").asc(nulls_last=True), "id"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "text"], name="action_once_a_meeting"),
            models.CheckConstraint(
                name="action_given_up_says_why",
                condition=~models.Q(state__in=[ActionState.CHANGED, ActionState.DROPPED])
                | ~models.Q(outcome=""),
            ),
        ]
        indexes = [models.Index(fields=["group", "state", "due_on"], name="action_waiting")]

    def __str__(self) -> str:
        return self.text
