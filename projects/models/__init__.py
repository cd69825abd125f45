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
    Update,
)
from .topics import EvidenceGap, GapAsk, GapReply, Topic, TopicOrigin, TopicScore

__all__ = [
    "Contribution",
    "EvidenceGap",
    "GapAsk",
    "GapReply",
    "Learning",
    "Milestone",
    "Objective",
    "Outcome",
    "Phase",
    "Project",
    "ProjectNation",
    "RagChange",
    "Topic",
    "TopicOrigin",
    "TopicScore",
    "Update",
]
