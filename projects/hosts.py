"""What organisations do with us in projects: they host them, and we give to their work."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.links import addresses
from partners.history import HistoryLine, HistoryProvider
from partners.models import Organisation

from .models import Contribution, Project


def lines(organisation: Organisation, user: Any) -> list[HistoryLine]:
    """The projects that it hosts, and contributions to its work, as ``user`` may see them.

    Two queries.
    """
    url = addresses("projects:detail")
    projects = Project.objects.visible_to(user).filter(host=organisation)
    given = Contribution.objects.visible_to(user).filter(partner=organisation)
    found = [
        HistoryLine(
            on=one.starts_on,
            text=_("Hosts the project “%(title)s”") % {"title": one.title},
            url=url(one.pk),
            detail=f"{one.get_model_display()}, {one.get_state_display()}",
        )
        for one in projects.order_by("-id")[:100]
    ]
    found += [
        HistoryLine(
            on=one.happened_on,
            text=_("We contributed: “%(title)s”") % {"title": one.title},
            detail=str(one.get_kind_display()),
        )
        for one in given.order_by("-id")[:100]
    ]
    return found


def organisations(user: Any) -> QuerySet:
    """The hosts of projects that ``user`` may see."""
    return Project.objects.visible_to(user).filter(host__isnull=False).values("host")


HOSTED = HistoryProvider(
    name=gettext_lazy("Hosts a project"), lines=lines, organisations=organisations
)
