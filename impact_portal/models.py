"""What belongs to no room: the secret address of a person's calendar."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import PortalModel


class CalendarLink(PortalModel):
    """The secret address under which a calendar program reads one person's calendar.

    Only the hash of its token is kept, so nobody can read the address out of the database.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_link"
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("calendar link")

    def __str__(self) -> str:
        return str(_("Calendar link"))
