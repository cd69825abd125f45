"""Who may do what with networks. What concerns a group stands in ``meetings.rules``."""

from typing import Any

import rules

from accounts.enums import RoleKind
from accounts.rules import (
    is_signed_in,
    is_staff_member,
    role_kinds,
    sees_programme,
)
from meetings.rules import may_know_group


@rules.predicate
def has_networks(user: Any) -> bool:
    """Whether there is a page of networks for ``user``; asks the database nothing of its own."""
    own = {RoleKind.NETWORK_COORDINATOR, RoleKind.NETWORK_MEMBER}
    return sees_programme(user) or bool(role_kinds(user) & own)


@rules.predicate
def may_know_local_network(user: Any, local_network: Any) -> bool:
    return local_network is not None and may_know_group(user, local_network.group)


rules.add_perm("networks.use_networks", is_signed_in)
rules.add_perm("networks.have_networks", has_networks)
rules.add_perm("networks.view_network", sees_programme)
rules.add_perm("networks.view_local_network", may_know_local_network)
rules.add_perm("networks.list_returns", is_staff_member)
