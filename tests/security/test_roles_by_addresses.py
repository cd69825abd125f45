"""Each kind of person at each address, by GET and by POST: opened by those in the table alone.

The addresses come from the URLconf; the objects belong to the first of two organisations, local
networks, Demonstrators and groups (``world.py``). An address that the table does not name is open
to nobody, so that a new one needs a row here.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import rules
from django.db import transaction
from django.db.models import QuerySet
from django.template.backends.django import Template
from django.test import Client

from core.access import ObjectView, PublicView
from tests.security.world import World, load_world

pytestmark = pytest.mark.django_db

EVERYBODY = "everybody"
SIGNED_IN = "signed in"
TEAM = "staff manager"
STAFF = f"{TEAM} networks_lead engagement_lead"
PROGRAMME = f"{STAFF} leadership"
HOSTS = f"{PROGRAMME} coach host"
CHARTER = f"{PROGRAMME} advisory_member advisory_colleague"
MEMBERS = "advisory_member advisory_colleague"
LOCAL = f"{PROGRAMME} coordinator network_member"
RUNS_LOCAL = "networks_lead coordinator"
TOPIC_FORMS = (
    "projects:topic-suggest projects:topic-edit projects:topic-step projects:topic-score"
    " projects:topic-origin-add projects:topic-origin-remove projects:gap-open projects:gap-ask"
    " projects:gap-reply-for-others projects:gap-close"
)
DECIDES = (
    "expressions:deciding expressions:proposal expressions:wordings expressions:wording"
    " expressions:release expressions:reserve expressions:decision expressions:make-project"
    " expressions:letter-again expressions:offer"
)
PARTS = ["milestones", "updates", "learning", "outcomes", "contributions", "risks", "theory"]
WORK_FORMS = (
    "projects:risk-step projects:theory-links projects:image-add projects:image-edit"
    " projects:image-remove projects:file-add projects:file-remove projects:role-add"
    " projects:add-model"
    " projects:role-end"
)

# Who may open what, by method; a name that ends in * stands for all that begin so.
MAY_OPEN = {
    "GET": {
        EVERYBODY: "home health health-ready mywork:feed pages:* accounts:invitation"
        " demonstrators:vacancies"
        " expressions:calls expressions:call expressions:feed guides:index guides:guide"
        " guides:give-feedback guides:library guides:library-csv guides:priorities"
        " notifications:unsubscribe projects:topic-thread projects:gap-reply"
        " projects:public-list projects:public-detail projects:public-image surveys:index"
        " surveys:start surveys:page"
        " surveys:saved surveys:check surveys:thanks",
        SIGNED_IN: "accounts:account accounts:details accounts:access-needs accounts:my-data"
        " changes mywork:index mywork:calendar mywork:link search:results search:kind networks:home"
        " expressions:start expressions:mine expressions:assessing"
        " notifications:preferences"
        " partners:mine partners:add partners:join-requests partners:join",
        "manager": "people:list people:invite-role people:invite people:role-end"
        f" expressions:open-seal expressions:plan-choose {DECIDES}",
        "engagement_lead": "coproduction:rule coproduction:decide",
        "partner": "projects:gap-asked expressions:tasks expressions:section expressions:check"
        " expressions:send expressions:sent expressions:withdraw expressions:copy"
        " expressions:here expressions:letter"
        " expressions:earlier expressions:carry expressions:signed-in expressions:file"
        " expressions:file-progress reports:run"
        " reports:run-progress reports:download",
        "assessor": "expressions:assessing-call expressions:declare expressions:score"
        " expressions:late-conflict",
        "advisory_member": "coproduction:draft coproduction:edit_draft coproduction:settle"
        " coproduction:withdraw",
        MEMBERS: "coproduction:suggest coproduction:suggest_at_clause",
        RUNS_LOCAL: "meetings:member-add meetings:reminders meetings:meeting-add meetings:member"
        " meetings:member-invite meetings:member-leave meetings:meeting-change"
        " meetings:meeting-invite meetings:meeting-cancel meetings:log-*",
        f"{RUNS_LOCAL} network_member": "meetings:action",
        TEAM: "demonstrators:set-up demonstrators:edit demonstrators:post-add"
        " demonstrators:post-edit demonstrators:post-status expressions:build-*"
        " expressions:enter expressions:enter-new expressions:enter-for"
        " expressions:ineligible guides:step"
        " expressions:assessment expressions:assessors expressions:assessor-remove"
        " expressions:assign expressions:longlist expressions:conflicts"
        " expressions:conflict-clear expressions:moderate expressions:decision-record"
        " expressions:plan expressions:plans expressions:plan-add expressions:plan-edit"
        " expressions:plan-named expressions:plan-export expressions:plans-compare"
        " expressions:gaps expressions:gaps-outreach expressions:gaps-outreach-csv"
        " notifications:ledger notifications:to-settle notifications:coming"
        " notifications:message partners:duplicates partners:merge partners:merge-choose"
        " partners:imports partners:import-template projects:add projects:own-contribution-add"
        " projects:own-contribution-edit projects:own-contribution-remove projects:edit"
        " projects:status projects:rag projects:update-take-down surveys:step "
        + f"{TOPIC_FORMS} {WORK_FORMS} "
        + " ".join(
            f"projects:{part}-{verb}" for part in PARTS for verb in ["add", "edit", "remove"]
        ),
        f"{TEAM} coach": "demonstrators:record demonstrators:plan demonstrators:site-add"
        " demonstrators:site-edit demonstrators:site-record demonstrators:site-undo",
        f"{TEAM} partner": "partners:change partners:identifier-add partners:identifier-remove",
        f"{TEAM} partner asks_to_join": "partners:join-request",
        "networks_lead": "networks-staff:return",
        "staff": "partners:import partners:import-report projects:view-edit projects:view-remove",
        STAFF: "partners:outreach-add partners:outreach-edit partners:outreach-remove"
        " core:gallery networks-staff:returns networks-staff:returns-csv projects:several",
        PROGRAMME: "overview:page overview:export overview:rows overview:rows-export"
        " history:page networks:network networks:network-csv expressions:staff-list"
        " expressions:export expressions:staff-page expressions:staff-calls"
        " expressions:staff-call expressions:scores-export guides:list guides:feedback"
        " guides:feedback-csv partners:register partners:export partners:history"
        " partners:outreach partners:outreach-csv projects:list projects:export"
        " projects:views projects:view-add"
        " projects:topics projects:topics-export projects:topic projects:topic-history"
        " projects:late-milestones projects:drafts projects:contributions"
        " projects:contributions-export projects:history projects:update reports:list"
        " projects:timeline projects:milestones-export projects:risks projects:risks-export"
        " projects:risks-due projects:image projects:people"
        " reports:ask surveys:list surveys:results surveys:question surveys:tables"
        " surveys:codebook",
        f"{PROGRAMME} coordinator": "meetings:log",
        f"{PROGRAMME} partner": "partners:organisation",
        CHARTER: "coproduction:charter coproduction:compare coproduction:agreements"
        " coproduction:agreements_csv coproduction:proposals coproduction:proposals_csv"
        " coproduction:version coproduction:clause coproduction:proposal",
        f"{CHARTER} other_advisory": "coproduction:index",
        HOSTS: "demonstrators:detail demonstrators:moves-export demonstrators:sites"
        " demonstrators:sites-export demonstrators:site projects:detail projects:theory"
        " projects:files projects:file",
        f"{HOSTS} other_coach partner other_partner": "demonstrators:list",
        LOCAL: "meetings:group meetings:meeting networks:local",
    },
    "POST": {
        EVERYBODY: "accounts:invitation guides:give-feedback notifications:unsubscribe"
        " projects:gap-reply"
        " surveys:start surveys:page surveys:check",
        SIGNED_IN: "accounts:details accounts:access-needs mywork:link mywork:link-stop"
        " expressions:start"
        " notifications:preferences partners:add partners:join",
        "manager": "people:invite-role people:invite people:role-end people:withdraw"
        f" expressions:open-seal expressions:plan-choose {DECIDES}",
        "engagement_lead": "coproduction:rule coproduction:decide",
        "partner": "projects:gap-asked expressions:section expressions:answer expressions:send"
        " expressions:withdraw expressions:copy expressions:call-seen expressions:restore"
        " expressions:carry expressions:letter",
        "assessor": "expressions:declare expressions:score expressions:score-save"
        " expressions:late-conflict",
        "advisory_member": "coproduction:edit_draft coproduction:settle coproduction:send_draft"
        " coproduction:share_draft coproduction:put_away coproduction:take_out"
        " coproduction:begin_from_now coproduction:withdraw",
        MEMBERS: "coproduction:agree coproduction:take_back coproduction:suggest"
        " coproduction:suggest_at_clause coproduction:position",
        f"{MEMBERS} engagement_lead": "coproduction:comment",
        RUNS_LOCAL: "meetings:member-add meetings:reminders meetings:meeting-add meetings:member"
        " meetings:member-invite meetings:member-leave meetings:meeting-*  meetings:log-*",
        f"{RUNS_LOCAL} network_member": "meetings:action",
        TEAM: "demonstrators:set-up demonstrators:edit demonstrators:post-add"
        " demonstrators:post-edit demonstrators:post-status expressions:build-*"
        " expressions:enter-new expressions:enter-for"
        " expressions:eligible expressions:ineligible guides:step notifications:step projects:add"
        " expressions:assessment-begin expressions:assessors expressions:assessor-remove"
        " expressions:assign expressions:assign-chosen expressions:longlist"
        " expressions:conflicts expressions:conflict-clear expressions:moderate"
        " expressions:finish-early expressions:decision-record partners:merge partners:imports"
        " expressions:plan-add expressions:plan-edit expressions:plan-named"
        " expressions:plan-again expressions:plan-copy"
        " projects:own-contribution-add projects:own-contribution-edit"
        " projects:own-contribution-remove projects:edit projects:status projects:rag"
        " projects:theory-move projects:milestone-mark projects:update-publish"
        " projects:update-take-down"
        " surveys:step "
        + f"{TOPIC_FORMS} {WORK_FORMS} "
        + " ".join(
            f"projects:{part}-{verb}" for part in PARTS for verb in ["add", "edit", "remove"]
        ),
        f"{TEAM} coach": "demonstrators:plan demonstrators:plan-remove demonstrators:site-add"
        " demonstrators:site-edit demonstrators:site-record demonstrators:site-undo",
        f"{TEAM} partner": "partners:change partners:identifier-add partners:identifier-remove",
        # Who asks sees where it stands; deciding is refused by the transition (a test below).
        f"{TEAM} partner asks_to_join": "partners:join-request",
        "networks_lead": "networks-staff:return networks-staff:return-accept",
        "staff": "partners:import partners:import-cancel projects:view-edit projects:view-remove",
        STAFF: "partners:outreach-add partners:outreach-edit partners:outreach-remove"
        " partners:outreach-done projects:several",
        PROGRAMME: "reports:ask partners:excel partners:outreach-excel projects:view-add",
    },
}


# So that two workers share the walk.
SHARES = 4


@pytest.fixture
def world(settings, tmp_path) -> World:
    settings.MEDIA_ROOT = str(tmp_path)
    return load_world()


@contextmanager
def refusals_unlogged() -> Iterator[None]:
    """Thousands of refusals need no line each."""
    log = logging.getLogger("django.request")
    before, log.disabled = log.disabled, True
    try:
        yield
    finally:
        log.disabled = before


def openers(world: World, method: str, name: str) -> set[str]:
    """The roles that the table lets open ``name``."""
    for who, names in MAY_OPEN[method].items():
        for one in names.split():
            if one == name or (one.endswith("*") and name.startswith(one[:-1])):
                if who == EVERYBODY:
                    return set(world.people)
                if who == SIGNED_IN:
                    return set(world.people) - {"visitor"}
                return set(who.split())
    return set()


def opens(client: Client, method: str, address: str) -> bool:
    """Whether ``client`` gets in; whatever the request changes is taken back."""
    with transaction.atomic():
        response = client.generic(
            method, address, "", content_type="application/x-www-form-urlencoded"
        )
        response.getvalue() if response.streaming else None
        transaction.set_rollback(True)
    assert response.status_code < 500, f"{method} {address}"
    to_sign_in = response.status_code == 302 and "/account/login/" in response["Location"]
    return not to_sign_in and response.status_code not in {401, 403, 404, 405}


def methods(view: type) -> list[str]:
    posts = hasattr(view, "post") and "post" in view.http_method_names
    gets = "get" in view.http_method_names and (hasattr(view, "get") or not posts)
    return [*(["GET"] if gets else []), *(["POST"] if posts else [])]


def is_for_all(name: str, view: type) -> bool:
    """Whether a visitor and somebody without a role are enough to walk it."""
    return issubclass(view, PublicView) or name in MAY_OPEN["GET"][SIGNED_IN].split()


def wrong_cells(world: World, addresses: list[tuple[str, str, type]]) -> list[str]:
    """Where what really opens to whom differs from the table."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    with refusals_unlogged():
        for role, person in world.people.items():
            client = Client()
            if person:
                client.force_login(person)
            for name, address, view in addresses:
                if is_for_all(name, view) and role not in {"visitor", "nobody"}:
                    continue
                for method in methods(view):
                    if opens(client, method, address):
                        found[method, name].add(role)
    wrong = []
    for name, _address, view in addresses:
        for method in methods(view):
            expected = openers(world, method, name)
            if is_for_all(name, view):
                expected &= {"visitor", "nobody"}
            assert expected, f"no row for {method} {name}"
            too_many, too_few = found[method, name] - expected, expected - found[method, name]
            wrong += [f"{method} {name} opens to {role}" for role in sorted(too_many)]
            wrong += [f"{method} {name} is shut to {role}" for role in sorted(too_few)]
    return wrong


@pytest.fixture
def _without_words(monkeypatch):
    """Who gets in is decided before a page is written: writing 60,000 of them proves nothing more.

    That each page can be written is proved by the test that opens it, and by
    ``test_no_query_string_makes_an_answer_of_5xx``.
    """
    monkeypatch.setattr(Template, "render", lambda template, context=None, request=None: "")


@pytest.mark.usefixtures("_without_words")
@pytest.mark.parametrize("share", range(SHARES))
def test_each_address_opens_to_those_in_the_table_and_to_nobody_else(world, share):
    assert wrong_cells(world, list(world.addresses())[share::SHARES]) == []


# One page in each corner of the house, each with no second lock behind the first.
REMOVED = [
    "coproduction:charter",
    "coproduction:agree",
    "coproduction:proposals",
    "demonstrators:set-up",
    "demonstrators:list",
    "expressions:assessors",
    "expressions:deciding",
    "expressions:staff-page",
    "expressions:tasks",
    "guides:feedback",
    "history:page",
    "meetings:member-add",
    "meetings:meeting",
    "networks:local",
    "notifications:ledger",
    "partners:change",
    "partners:register",
    "people:role-end",
    "projects:status",
    "surveys:results",
]


def test_each_of_twenty_removed_checks_is_found(world, monkeypatch):
    """What guards a page is its permission and, for one object, which objects it looks among."""
    assert len(REMOVED) == 20
    rules.add_perm("planted.open", rules.always_allow)
    missed = []
    for name, address, view in world.addresses():
        if name not in REMOVED:
            continue
        with monkeypatch.context() as planted:
            planted.setattr(view, "permission", "planted.open")
            if issubclass(view, ObjectView):
                planted.setattr(view, "visible", everything_of(view.visible))
            if not wrong_cells(world, [(name, address, view)]):
                missed.append(name)
    rules.remove_perm("planted.open")
    assert missed == []


def everything_of(visible: Callable[[Any], QuerySet]) -> Callable[[Any], QuerySet]:
    """``visible`` with what it hides from the person put back."""
    return lambda view: visible(view).model._base_manager.all()


def test_who_asks_to_join_cannot_let_themselves_in(world):
    client = Client()
    client.force_login(world.people["asks_to_join"])
    pk = world.argument("partners:join-request", "pk")
    with refusals_unlogged():
        response = client.post(f"/organisations/requests/{pk}/", {"decision": "accept"})
    assert response.status_code == 403
    assert not world.people["asks_to_join"].roles.exists()
