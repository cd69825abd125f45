"""People, what they need, the roles they hold and in which scope."""

from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core.models import PortalModel

from .enums import SCOPED_KINDS, Format, PaymentChoice, RoleKind
from .querysets import RoleQuerySet


class UserManager(BaseUserManager["User"]):
    """Makes people by e-mail address; there are no user names."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_superuser=True, **fields)


def _formats_default() -> list[str]:
    return [Format.STANDARD]


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in. What they may do is looked up from their roles, never from here."""

    email = models.EmailField(_("e-mail address"), unique=True)
    preferred_name = models.CharField(_("the name you like to be called"), max_length=120)
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    preferred_formats = models.JSONField(_("preferred formats"), default=_formats_default)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)
    is_example = models.BooleanField(default=False, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["preferred_name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_any_case")]

    def __str__(self) -> str:
        return self.preferred_name or str(_("Someone"))

    def get_full_name(self) -> str:
        return self.preferred_name

    def get_short_name(self) -> str:
        return self.preferred_name

    @property
    def format_labels(self) -> list[str]:
        return [str(Format(value).label) for value in self.preferred_formats]

    @cached_property
    def current_roles(self) -> list["Role"]:
        """The roles that this person holds today; read once for each request."""
        if self.pk is None:
            return []
        return list(self.roles.active_on(timezone.localdate()))


class Role(PortalModel):
    """That a person is something, in a scope, from one day to another (both included)."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="roles")
    kind = models.CharField(_("role"), max_length=30, choices=RoleKind.choices)
    scope_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, null=True, blank=True)
    scope_id = models.PositiveBigIntegerField(null=True, blank=True)
    scope = GenericForeignKey("scope_type", "scope_id")
    starts_on = models.DateField(_("starts on"), default=timezone.localdate)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)

    objects = RoleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="role_scope_is_a_pair",
                condition=models.Q(scope_type__isnull=True, scope_id__isnull=True)
                | models.Q(scope_type__isnull=False, scope_id__isnull=False),
            ),
            models.CheckConstraint(
                name="role_scoped_as_its_kind_asks",
                condition=models.Q(kind__in=sorted(SCOPED_KINDS), scope_id__isnull=False)
                | (~models.Q(kind__in=sorted(SCOPED_KINDS)) & models.Q(scope_id__isnull=True)),
            ),
            models.CheckConstraint(
                name="role_ends_after_it_starts",
                condition=models.Q(ends_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
            ),
            # Two, since no null equals another, and SQLite cannot be told otherwise.
            models.UniqueConstraint(
                fields=["person", "kind", "scope_type", "scope_id"],
                name="role_open_once",
                condition=models.Q(ends_on__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["person", "kind"],
                name="role_without_scope_open_once",
                condition=models.Q(ends_on__isnull=True, scope_id__isnull=True),
            ),
        ]
        indexes = [models.Index(fields=["scope_type", "scope_id", "kind"], name="role_of_scope")]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class AccessNeeds(PortalModel):
    """What a person needs to take part, and how they wish to be paid.

    Close to special-category data: only the person, and those whose job is to arrange it, may
    see it; each look at it by another is in the audit trail; it goes at ``keep_until``.
    """

    person = models.OneToOneField(User, on_delete=models.CASCADE, related_name="access_needs")
    needs = models.TextField(
        _("what helps you take part"),
        blank=True,
        help_text=_("For example: breaks, a hearing loop, step-free rooms, a quiet space."),
    )
    payment = models.CharField(
        _("payment for your time"), max_length=20, choices=PaymentChoice.choices, blank=True
    )
    keep_until = models.DateField(_("kept until"))

    class Meta:
        verbose_name = _("access needs")
        verbose_name_plural = _("access needs")

    def __str__(self) -> str:
        return str(_("Access needs"))


class Invitation(PortalModel):
    """An invitation to hold a role. Only the token's hash is kept; it works once, for a week."""

    email = models.EmailField(_("e-mail address"))
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    kind = models.CharField(_("role"), max_length=30, choices=RoleKind.choices)
    scope_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, null=True, blank=True)
    scope_id = models.PositiveBigIntegerField(null=True, blank=True)
    scope = GenericForeignKey("scope_type", "scope_id")
    invited_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, related_name="invitations_made"
    )
    expires_at = models.DateTimeField(_("works until"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="invitations_accepted"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="invitation_scope_is_a_pair",
                condition=models.Q(scope_type__isnull=True, scope_id__isnull=True)
                | models.Q(scope_type__isnull=False, scope_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())
