"""Who may do what with groups, meetings and their logs.

Whoever *runs* a group plans its meetings, keeps its members and writes its logs: the coordinator
of that group, and the team behind its kind of group. Whoever *reviews* accepts or returns logs.
"""

from typing import Any

import rules

from accounts.enums import RoleKind
from accounts.rules import (
    holds_in,
    is_engagement_lead,
    is_leadership,
    is_networks_team,
    is_programme_team,
    is_signed_in,
    is_staff_member,
    sees_programme,
)

from .enums import GroupKind
from .querysets import GROUP_ROLES
from .registry import group_runners, log_reviewers

TEAMS = {
    GroupKind.LOCAL_NETWORK: is_networks_team,
    GroupKind.COORDINATORS: is_networks_team,
    GroupKind.ASSEMBLY: is_programme_team,
    GroupKind.ADVISORY: is_engagement_lead,
}


def group_of(obj: Any) -> Any:
    """The group that a group, member, meeting, action or log belongs to; ``None`` for ``None``."""
    if obj is None or hasattr(obj, "remind_days_ahead"):
        return obj
    return obj.group if hasattr(obj, "group_id") else obj.meeting.group


def is_reviewed(group: Any) -> bool:
    """Whether logs of this kind of group are read and accepted by somebody else."""
    return group.kind == GroupKind.LOCAL_NETWORK or group.kind in log_reviewers


@rules.predicate
def may_know_group(user: Any, obj: Any) -> bool:
    return sees_programme(user) or holds_in(user, GROUP_ROLES, group_of(obj))


@rules.predicate
def runs_group(user: Any, obj: Any) -> bool:
    group = group_of(obj)
    if group is None:
        return False
    if holds_in(user, {RoleKind.NETWORK_COORDINATOR}, group):
        return True
    return TEAMS[GroupKind(group.kind)](user) or any(runs(user, group) for runs in group_runners)


@rules.predicate
def log_is_reviewed(user: Any, log: Any) -> bool:
    return log is not None and is_reviewed(group_of(log))


@rules.predicate
def reviews_log(user: Any, log: Any) -> bool:
    if log is None:
        return False
    kind = group_of(log).kind
    if kind == GroupKind.LOCAL_NETWORK and is_networks_team(user):
        return True
    return kind in log_reviewers and log_reviewers.get(kind)(user, log)


@rules.predicate
def owns_action(user: Any, action: Any) -> bool:
    owner = getattr(action, "owner", None)
    return bool(
        owner and owner.person_id and owner.person_id == user.pk and may_know_group(user, action)
    )


rules.add_perm("meetings.view_own_meetings", is_signed_in)
rules.add_perm("meetings.view_group", may_know_group)
rules.add_perm("meetings.view_meeting", may_know_group)
# Names of members are for those who arrange meetings; leaders see numbers.
rules.add_perm("meetings.view_members", runs_group | is_staff_member)
rules.add_perm("meetings.manage_group", runs_group)
rules.add_perm("meetings.change_member", runs_group)
rules.add_perm("meetings.change_meeting", runs_group)
rules.add_perm("meetings.write_log", runs_group)
rules.add_perm("meetings.view_log", runs_group | is_staff_member | is_leadership)
rules.add_perm("meetings.submit_log", runs_group & log_is_reviewed)
rules.add_perm("meetings.finish_log", runs_group & ~log_is_reviewed)
rules.add_perm("meetings.review_log", reviews_log)
rules.add_perm("meetings.update_action", runs_group | owns_action)
