"""What the rooms above tell this room of their kinds of group."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse

from core.registry import Registry

# By kind of group: the address of the page that is home to such a group.
group_homes: Registry[Callable[[Any], str]] = Registry("homes of groups")

# Further people who may plan a group's meetings, keep its members and write its logs:
# (user, group) -> bool, each to look at the group's kind itself.
group_runners: Registry[Callable[[Any, Any], bool]] = Registry("who runs a group")

# Further people who accept or return logs, by kind of group. A kind that is not here, and is no
# local network, has no return step: its logs are final when they are finished.
log_reviewers: Registry[Callable[[Any, Any], bool]] = Registry("who reviews a kind of group's logs")

# By kind of group: the address of the page on which a log is accepted or returned.
review_pages: Registry[Callable[[Any], str]] = Registry("pages for reviewing logs")


def home_of(group: Any) -> str:
    """The address of the page about ``group``."""
    if group.kind in group_homes:
        return group_homes.get(group.kind)(group)
    return reverse("meetings:group", args=[group.pk])


def review_page_of(log: Any) -> str:
    """The address at which ``log`` is reviewed; where there is none, that of the log itself."""
    kind = log.meeting.group.kind
    if kind in review_pages:
        return review_pages.get(kind)(log)
    return reverse("meetings:log", args=[log.meeting_id])
