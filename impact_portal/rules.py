"""Who may open the pages that compose the rooms."""

from typing import Any

import rules

from accounts.models import User
from accounts.rules import is_programme_manager, is_the_person, sees_programme


@rules.predicate
def reads_history_of(user: Any, obj: Any) -> bool:
    """Who sees the programme reads who changed what; of a person only those who run the list of
    people, and that person."""
    if isinstance(obj, User):
        return is_programme_manager(user) or is_the_person(user, obj)
    return sees_programme(user)


rules.add_perm("impact_portal.view_history", reads_history_of)
rules.add_perm("reports.make_programme_overview", sees_programme)
rules.add_perm("impact_portal.view_people", is_programme_manager)
