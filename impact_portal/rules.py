"""Who may open the pages that compose the rooms."""

import rules

from accounts.rules import is_programme_manager, sees_programme


@rules.predicate
def sees_whole_programme(user: object) -> bool:
    return sees_programme(user)


rules.add_perm("reports.make_programme_overview", sees_whole_programme)
rules.add_perm("impact_portal.view_people", is_programme_manager)
