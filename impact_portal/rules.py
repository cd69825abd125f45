"""Who may open the pages that compose the rooms."""

import rules

from accounts.rules import is_programme_manager, sees_programme

rules.add_perm("reports.make_programme_overview", sees_programme)
rules.add_perm("impact_portal.view_people", is_programme_manager)
