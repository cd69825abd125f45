"""Who may look after the outbox."""

import rules

from accounts.rules import is_programme_team, is_signed_in

rules.add_perm("notifications.view_ledger", is_programme_team)
rules.add_perm("notifications.settle_message", is_programme_team)
rules.add_perm("notifications.choose_own_rhythm", is_signed_in)
