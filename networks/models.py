"""Networks that work one issue through local networks in the nations."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.enums import Nation
from core.models import PortalModel
from meetings.models import Group
from projects.models import Project

from .querysets import LocalNetworkQuerySet, NetworkQuerySet


class Network(PortalModel):
    """One issue, and how the local networks that work it are meant to be made up."""

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="network")
    question = models.TextField(_("the issue that it works on"))
    members_min = models.PositiveSmallIntegerField(_("fewest members"), default=8)
    members_max = models.PositiveSmallIntegerField(_("most members"), default=10)
    meetings_planned = models.PositiveSmallIntegerField(_("number of meetings"), default=4)
    span_months = models.PositiveSmallIntegerField(_("months they span"), default=6)

    objects = NetworkQuerySet.as_manager()

    class Meta:
        verbose_name = _("network")
        ordering = ["project__title", "id"]
        constraints = [
            models.CheckConstraint(
                name="network_members_in_order",
                condition=models.Q(members_min__gte=1, members_max__gte=models.F("members_min")),
            ),
            models.CheckConstraint(
                name="network_meets_at_least_once",
                condition=models.Q(meetings_planned__gte=1, span_months__gte=1),
            ),
        ]

    def __str__(self) -> str:
        return str(self.project)


class LocalNetwork(PortalModel):
    """The group of a network in one nation."""

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="local_networks")
    group = models.OneToOneField(Group, on_delete=models.PROTECT, related_name="local_network")
    nation = models.CharField(_("nation"), max_length=20, choices=Nation.choices)
    # Needed only where a nation has more than one local network of the same network.
    name = models.CharField(_("name"), max_length=120, blank=True)

    objects = LocalNetworkQuerySet.as_manager()

    class Meta:
        verbose_name = _("local network")
        ordering = ["network", "nation", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["network", "nation", "name"], name="local_network_once_a_nation"
            ),
        ]

    def __str__(self) -> str:
        nation = str(self.get_nation_display())
        return f"{nation}: {self.name}" if self.name else nation
