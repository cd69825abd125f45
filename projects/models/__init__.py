"""The programme: its phases, objectives, topics, and projects of four delivery models."""

from .projects import (
    Contribution,
    Learning,
    Milestone,
    Objective,
    Outcome,
    Phase,
    Project,
    ProjectNation,
    RagChange,
    Tag,
    Update,
)
from .saved import LONGEST_QUERY, SavedView
from .topics import EvidenceGap, GapAsk, GapReply, Topic, TopicOrigin, TopicScore
from .work import MilestoneSlip, ProjectFile, Risk, TheoryLink, TheoryPart, UpdateImage

__all__ = [
    "LONGEST_QUERY",
    "Contribution",
    "EvidenceGap",
    "GapAsk",
    "GapReply",
    "Learning",
    "Milestone",
    "MilestoneSlip",
    "Objective",
    "Outcome",
    "Phase",
    "Project",
    "ProjectFile",
    "ProjectNation",
    "RagChange",
    "Risk",
    "SavedView",
    "Tag",
    "TheoryLink",
    "TheoryPart",
    "Topic",
    "TopicOrigin",
    "TopicScore",
    "Update",
    "UpdateImage",
]
