"""The pages of this room: groups and members, meetings, logs, actions."""

from .actions import ActionUpdate
from .groups import (
    GroupPage,
    MemberAdd,
    MemberChange,
    MemberInvite,
    MemberLeave,
    ReminderSetting,
)
from .items import ItemAdd, ItemChange, ItemRemove
from .logs import LogAnswer, LogAttendance, LogCheck, LogPage, LogReopen, LogShared, LogTakeBack
from .meetings import (
    MeetingAdd,
    MeetingCancel,
    MeetingChange,
    MeetingInvite,
    MeetingPage,
    MeetingReinstate,
)

__all__ = [
    "ActionUpdate",
    "GroupPage",
    "ItemAdd",
    "ItemChange",
    "ItemRemove",
    "LogAnswer",
    "LogAttendance",
    "LogCheck",
    "LogPage",
    "LogReopen",
    "LogShared",
    "LogTakeBack",
    "MeetingAdd",
    "MeetingCancel",
    "MeetingChange",
    "MeetingInvite",
    "MeetingPage",
    "MeetingReinstate",
    "MemberAdd",
    "MemberChange",
    "MemberInvite",
    "MemberLeave",
    "ReminderSetting",
]
