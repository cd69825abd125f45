"""Who may do what with surveys. Answering an open one needs no permission at all."""

import rules

from accounts.rules import is_leadership, is_programme_team, is_staff_member

rules.add_perm("surveys.view_results", is_staff_member | is_leadership)
rules.add_perm("surveys.manage_survey", is_programme_team)
