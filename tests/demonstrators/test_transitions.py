"""The one door for sites and posts: each step allowed, refused, taken twice, undone."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.enums import RoleKind
from core.transitions import ReasonRequired, TransitionNotAllowed, transitions_of
from demonstrators.enums import PostState, SiteState
from demonstrators.models import SiteMove
from demonstrators.transitions import (
    POST_FUNCTIONS,
    SITE_FUNCTIONS,
    SITE_STEPS,
    DateRefused,
    NotTheLastMove,
    implement,
    undo,
)
from tests.accounts.factories import person_with

from .factories import CoachPostFactory, DemonstratorFactory, SiteFactory, coach_of, moved

pytestmark = pytest.mark.django_db

TO = {step.target: name for name, step in SITE_STEPS.items()}
# From each state, the states that a coach can record.
OPEN = {
    "not_approached": {"approached", "engaged", "implementing", "embedded", "declined"},
    "approached": {"engaged", "implementing", "embedded", "paused", "declined"},
    "engaged": {"implementing", "embedded", "paused", "declined"},
    "implementing": {"embedded", "paused", "declined"},
    "embedded": {"implementing", "paused", "declined"},
    "paused": {"approached", "engaged", "implementing", "embedded", "declined"},
    "declined": {"approached", "engaged", "implementing", "embedded"},
}


@pytest.fixture
def site():
    return SiteFactory()


@pytest.fixture
def coach(site):
    return coach_of(site.demonstrator)


def site_in(state, demonstrator, coach):
    site = SiteFactory(demonstrator=demonstrator)
    if state == "paused":
        site = moved(site, coach, ("approach", date(2022, 1, 1)))
    if state != "not_approached":
        site = moved(site, coach, (TO[state], date(2022, 1, 1)))
    return site


@pytest.mark.parametrize("source", OPEN)
def test_each_state_leads_to_its_own_states_and_no_others(source, coach, site, now):
    reached = set()
    for target, name in TO.items():
        one = site_in(source, site.demonstrator, coach)
        try:
            with transaction.atomic():
                reached.add(SITE_FUNCTIONS[name](obj=one, by=coach, now=now, reason="x").state)
        except TransitionNotAllowed:
            assert target not in OPEN[source]
    assert reached == OPEN[source]


def test_move_keeps_day_reason_and_who_and_the_transition_beside_it(site, coach, now):
    moved(site, coach, ("approach", date(2022, 5, 3)))
    day = date(2022, 7, 20)
    after = implement(obj=site, by=coach, now=now, reason=" First referrals ", happened_on=day)
    assert (after.state, after.since) == (SiteState.IMPLEMENTING, day)
    move = after.moves.get(target=SiteState.IMPLEMENTING)
    assert (move.source, move.happened_on, move.recorded_on) == (
        SiteState.APPROACHED,
        day,
        date(2022, 7, 26),
    )
    assert (move.reason, move.recorded_by) == ("First referrals", coach)
    last = transitions_of(site).last()
    assert (last.source, last.target, last.by, last.reason) == (
        "approached",
        "implementing",
        coach,
        "First referrals",
    )


def test_move_without_a_reason_is_refused_and_nothing_changes(site, coach, now):
    with pytest.raises(ReasonRequired):
        implement(obj=site, by=coach, now=now, reason=" ")
    site.refresh_from_db()
    assert (site.state, site.moves.count()) == (SiteState.NOT_APPROACHED, 0)


def test_move_in_the_future_is_refused(site, coach, now):
    tomorrow = now.date() + timedelta(days=1)
    with pytest.raises(DateRefused):
        implement(obj=site, by=coach, now=now, reason="x", happened_on=tomorrow)
    assert site.moves.count() == 0


def test_move_before_the_last_one_is_refused_and_on_the_same_day_taken(site, coach, now):
    moved(site, coach, ("approach", date(2022, 5, 3)))
    with pytest.raises(DateRefused, match="Tuesday 3 May 2022"):
        implement(obj=site, by=coach, now=now, reason="x", happened_on=date(2022, 5, 2))
    after = implement(obj=site, by=coach, now=now, reason="x", happened_on=date(2022, 5, 3))
    assert after.since == date(2022, 5, 3)


def test_somebody_elses_coach_and_the_host_cannot_move_a_site(site, now):
    stranger = coach_of(DemonstratorFactory())
    host = person_with(RoleKind.PARTNER_CONTACT, site.demonstrator.project.host)
    for person in [stranger, host, person_with(RoleKind.LEADERSHIP)]:
        with pytest.raises(PermissionDenied):
            implement(obj=site, by=person, now=now, reason="x")
    assert site.moves.count() == 0


@pytest.mark.parametrize("kind", [RoleKind.PROGRAMME_STAFF, RoleKind.PROGRAMME_MANAGER])
def test_programme_team_can_move_a_site(kind, site, now):
    assert implement(obj=site, by=person_with(kind), now=now, reason="x").takes_part


def test_facilitator_of_the_project_can_move_a_site(site, now):
    facilitator = person_with(RoleKind.FACILITATOR, site.demonstrator.project)
    assert implement(obj=site, by=facilitator, now=now, reason="x").takes_part


def test_undo_goes_back_to_where_it_was_and_keeps_the_row(site, coach, now):
    moved(site, coach, ("approach", date(2022, 5, 3)), ("implement", date(2022, 6, 1)))
    after = undo(obj=site.moves.last(), by=coach, now=now, reason="Wrong practice")
    assert (after.state, after.since) == (SiteState.APPROACHED, date(2022, 5, 3))
    move = site.moves.last()
    assert (move.undone_at, move.undone_by, move.undo_reason) == (now, coach, "Wrong practice")
    assert transitions_of(site).last().step == "undo"


def test_undo_of_the_first_move_makes_the_site_not_approached(site, coach, now):
    moved(site, coach, ("approach", date(2022, 5, 3)))
    after = undo(obj=site.moves.get(), by=coach, now=now, reason="Wrong practice")
    assert (after.state, after.since) == (SiteState.NOT_APPROACHED, None)


def test_second_undo_of_the_same_move_changes_nothing(site, coach, now):
    moved(site, coach, ("approach", date(2022, 5, 3)), ("implement", date(2022, 6, 1)))
    move = site.moves.last()
    undo(obj=move, by=coach, now=now, reason="Wrong practice")
    assert undo(obj=move, by=coach, now=now, reason="Again").state == SiteState.APPROACHED
    assert transitions_of(site).count() == 3


def test_undo_of_an_earlier_move_is_refused(site, coach, now):
    moved(site, coach, ("approach", date(2022, 5, 3)), ("implement", date(2022, 6, 1)))
    with pytest.raises(NotTheLastMove):
        undo(obj=site.moves.first(), by=coach, now=now, reason="x")


def test_undo_needs_a_reason_and_the_permission(site, coach, now):
    moved(site, coach, ("approach", date(2022, 5, 3)))
    with pytest.raises(ReasonRequired):
        undo(obj=site.moves.get(), by=coach, now=now, reason="")
    with pytest.raises(PermissionDenied):
        undo(obj=site.moves.get(), by=person_with(RoleKind.LEADERSHIP), now=now, reason="x")
    assert site.moves.standing().count() == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"happened_on": date(2022, 7, 27)},
        {"target": SiteState.NOT_APPROACHED},
        {"reason": ""},
        {"undo_reason": "said without a date"},
    ],
)
def test_database_refuses_a_move_that_cannot_be(fault, site):
    fields = {
        "source": SiteState.NOT_APPROACHED,
        "target": SiteState.APPROACHED,
        "happened_on": date(2022, 7, 26),
        "recorded_on": date(2022, 7, 26),
        "reason": "x",
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        SiteMove.objects.create(site=site, **{**fields, **fault})


@pytest.mark.parametrize(
    ("source", "step", "target"),
    [
        (PostState.PLANNED, "publish", PostState.PUBLISHED),
        (PostState.PLANNED, "fill", PostState.FILLED),
        (PostState.PUBLISHED, "fill", PostState.FILLED),
        (PostState.PUBLISHED, "reopen", PostState.PLANNED),
        (PostState.FILLED, "reopen", PostState.PLANNED),
        (PostState.PUBLISHED, "publish", PostState.PUBLISHED),
    ],
)
def test_post_takes_its_steps_and_a_second_click_changes_nothing(source, step, target, staff, now):
    post = CoachPostFactory(state=source, advert_url="https://example.org/post")
    for _click in range(2):
        assert POST_FUNCTIONS[step](obj=post, by=staff, now=now).state == target


def test_post_is_not_published_without_an_advertisement(staff, now):
    with pytest.raises(TransitionNotAllowed):
        POST_FUNCTIONS["publish"](obj=CoachPostFactory(), by=staff, now=now)


def test_filled_post_cannot_be_published(staff, now):
    with pytest.raises(TransitionNotAllowed):
        POST_FUNCTIONS["publish"](obj=CoachPostFactory(state="filled"), by=staff, now=now)


def test_coach_cannot_change_posts(now):
    post = CoachPostFactory()
    with pytest.raises(PermissionDenied):
        POST_FUNCTIONS["fill"](obj=post, by=coach_of(post.demonstrator), now=now)
