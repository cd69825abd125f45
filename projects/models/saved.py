"""Views of the list of projects that somebody keeps."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import PortalModel

from ..querysets import SavedViewQuerySet

LONGEST_QUERY = 2_000


class SavedView(PortalModel):
    """Filters, columns and order of the staff list under a name; for its owner or for all staff.

    ``query`` is what stands in the address, in a fixed order.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views"
    )
    name = models.CharField(_("name of the view"), max_length=80)
    query = models.CharField(max_length=LONGEST_QUERY, blank=True)
    is_shared = models.BooleanField(_("show it to all who see the programme"), default=False)
    opens_first = models.BooleanField(_("open the list with it"), default=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_view_named_once"),
            models.UniqueConstraint(
                fields=["owner"],
                name="saved_view_one_opens_first",
                condition=models.Q(opens_first=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["name"], name="saved_view_shared", condition=models.Q(is_shared=True)
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """The list as this view shows it."""
        return f"{reverse('projects:list')}?view={self.pk}{'&' if self.query else ''}{self.query}"
