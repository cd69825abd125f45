"""The pages that a call's staff page links to. Each part of the room adds its lines here."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .enums import CallState
from .models import Call

ALWAYS = frozenset(CallState)
PUBLISHED = ALWAYS - {CallState.DRAFT}
JUDGED = frozenset({CallState.ASSESSING, CallState.DECIDING, CallState.DECIDED})
DECIDED = frozenset({CallState.DECIDING, CallState.DECIDED, CallState.ARCHIVED})


@dataclass(frozen=True)
class CallPage:
    """One link: shown to those with ``permission`` on the call while it is in one of ``states``.

    ``argument`` names the field of the call that the address takes: its slug or its key.
    """

    label: str | Promise
    url_name: str
    permission: str
    states: frozenset[CallState] = ALWAYS
    argument: str = "slug"

    def url(self, call: Call) -> str:
        return reverse(self.url_name, args=[getattr(call, self.argument)])


PAGES: tuple[CallPage, ...] = (
    CallPage(
        _("Facts"),
        "expressions:build-facts",
        "expressions.build_call",
        frozenset({CallState.DRAFT}),
    ),
    CallPage(
        _("Opening and closing"),
        "expressions:build-dates",
        "expressions.build_call",
        frozenset({CallState.DRAFT}),
    ),
    CallPage(
        _("Sections and questions"),
        "expressions:build-form",
        "expressions.build_call",
        frozenset({CallState.DRAFT}),
    ),
    CallPage(
        _("Change texts or questions"),
        "expressions:build-form",
        "expressions.build_call",
        frozenset({CallState.OPEN}),
    ),
    CallPage(
        _("Give more time"),
        "expressions:build-closing",
        "expressions.open_call",
        frozenset({CallState.OPEN}),
    ),
    CallPage(
        _("Criteria, places and the mix"), "expressions:build-judging", "expressions.build_call"
    ),
    CallPage(
        _("Day by which scores are wanted"),
        "expressions:build-assess-by",
        "expressions.build_call",
        frozenset({CallState.OPEN, CallState.CLOSED, CallState.ASSESSING}),
    ),
    CallPage(_("Assessment"), "expressions:assessment", "expressions.run_assessment", JUDGED, "pk"),
    CallPage(_("Plans of the mix"), "expressions:plans", "expressions.plan_mix", JUDGED, "pk"),
    CallPage(_("Gap board"), "expressions:gaps", "expressions.view_gaps", PUBLISHED, "pk"),
    CallPage(_("Decisions"), "expressions:deciding", "expressions.decide_call", DECIDED, "pk"),
    CallPage(
        _("Letters and their wording"),
        "expressions:wordings",
        "expressions.decide_call",
        JUDGED,
        "pk",
    ),
    CallPage(
        _("Check and release the letters"),
        "expressions:release",
        "expressions.decide_call",
        frozenset({CallState.DECIDING}),
        "pk",
    ),
    CallPage(
        _("Call up a reserve"),
        "expressions:reserve",
        "expressions.decide_call",
        frozenset({CallState.DECIDED}),
        "pk",
    ),
    CallPage(
        _("Record of decisions"),
        "expressions:decision-record",
        "expressions.read_decision_record",
        DECIDED,
        "pk",
    ),
)


def pages_for(user: Any, call: Call) -> list[tuple[str | Promise, str]]:
    """(label, address) of the pages that ``user`` may open now from the page of ``call``."""
    return [
        (page.label, page.url(call))
        for page in PAGES
        if call.state in page.states and user.has_perm(page.permission, call)
    ]
