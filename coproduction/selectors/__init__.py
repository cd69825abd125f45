"""What the charter's pages show, and what waits for a person here."""

from .charter import (
    Change,
    ClauseHistory,
    ClauseRow,
    Matrix,
    Section,
    VersionEntry,
    agreement_matrix,
    changes_between,
    charter_page,
    clause_history,
    current_version,
    places_of,
    versions_of,
)
from .proposals import (
    RuleCheck,
    ThreeWay,
    check_rule,
    clause_is_gone,
    is_based_on_older_words,
    place_now,
    proposal_page,
    three_way,
)
from .waiting import person_data, todo_for

__all__ = [
    "Change",
    "ClauseHistory",
    "ClauseRow",
    "Matrix",
    "RuleCheck",
    "Section",
    "ThreeWay",
    "VersionEntry",
    "agreement_matrix",
    "changes_between",
    "charter_page",
    "check_rule",
    "clause_history",
    "clause_is_gone",
    "current_version",
    "is_based_on_older_words",
    "person_data",
    "place_now",
    "places_of",
    "proposal_page",
    "three_way",
    "todo_for",
    "versions_of",
]
