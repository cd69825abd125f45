"""Who may do what with guides. Published ones, and the library, are for everybody."""

from typing import Any

import rules

from accounts.rules import is_leadership, is_programme_team, is_staff_member


@rules.predicate
def is_public(user: Any, guide: Any) -> bool:
    return guide is not None and guide.versions.filter(published_at__isnull=False).exists()


rules.add_perm("guides.view_guide", is_public | is_staff_member | is_leadership)
rules.add_perm("guides.view_feedback", is_staff_member | is_leadership)
rules.add_perm("guides.manage_guide", is_programme_team)
