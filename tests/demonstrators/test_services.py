"""Writes: two clicks, two coaches, two people who edit."""

from datetime import date
from uuid import uuid4

import pytest

from core.audit import entries_of
from core.versions import ChangedMeanwhile, details_of, version_of
from demonstrators import services
from demonstrators.enums import SiteState
from demonstrators.models import Demonstrator, PlanPoint, Site
from demonstrators.transitions import undo

from .factories import CoachPostFactory, DemonstratorFactory, SiteFactory, coach_of, moved

pytestmark = pytest.mark.django_db

VALUES = {"name": "Practice by the sea", "area": "Larne", "population": 400}


@pytest.fixture
def site():
    return SiteFactory()


@pytest.fixture
def coach(site):
    return coach_of(site.demonstrator, preferred_name="Sam")


def recorded(site, by, now, **changed):
    values = {
        "step": "implement",
        "happened_on": date(2022, 7, 20),
        "reason": "First referrals",
        "seen": services.seen_of(site),
        "once_key": uuid4(),
    }
    return services.record_move(obj=site, by=by, now=now, **{**values, **changed})


def test_second_click_makes_no_second_move(site, coach, now):
    key = uuid4()
    for _click in range(2):
        after = recorded(site, coach, now, once_key=key, seen=0)
        assert after.state == SiteState.IMPLEMENTING
    assert site.moves.count() == 1


def test_second_coach_hears_who_moved_the_site_meanwhile(site, coach, now):
    seen = services.seen_of(site)
    recorded(site, coach, now, step="engage", seen=seen)
    with pytest.raises(services.MovedMeanwhile, match="Sam recorded “Engaged”") as problem:
        recorded(site, coach, now, seen=seen)
    assert site.moves.count() == 1
    assert recorded(site, coach, now, seen=problem.value.seen).state == SiteState.IMPLEMENTING


def test_coach_hears_of_an_undo_meanwhile(site, coach, now):
    moved(site, coach, ("approach", date(2022, 5, 3)))
    seen = services.seen_of(site)
    undo(obj=site.moves.get(), by=coach, now=now, reason="Wrong")
    with pytest.raises(services.MovedMeanwhile, match="undid the last change") as problem:
        recorded(site, coach, now, seen=seen)
    assert problem.value.seen == 0


def test_site_is_added_once_and_its_name_once(site, coach, now):
    key = uuid4()
    home = site.demonstrator
    for _click in range(2):
        services.add_site(demonstrator=home, values=VALUES, once_key=key, by=coach, now=now)
    assert Site.objects.filter(name=VALUES["name"]).count() == 1
    again = {**VALUES, "name": VALUES["name"].upper()}
    with pytest.raises(services.NameTaken):
        services.add_site(demonstrator=home, values=again, once_key=uuid4(), by=coach, now=now)


def test_name_may_be_used_again_in_another_demonstrator(site, coach, now):
    other = DemonstratorFactory()
    values = {**VALUES, "name": site.name}
    made = services.add_site(demonstrator=other, values=values, once_key=uuid4(), by=coach, now=now)
    assert made.demonstrator == other


def test_change_of_a_site_is_in_the_audit_and_a_stale_one_is_refused(site, coach, now):
    seen = version_of(details_of(site, services.SITE_DETAILS))
    services.change_site(obj=site, values=VALUES, seen=seen, by=coach, now=now)
    [entry] = entries_of(site)
    assert entry.changes["population"] == ["100", "400"]
    other = {**VALUES, "population": 7}
    with pytest.raises(ChangedMeanwhile) as problem:
        services.change_site(obj=site, values=other, seen=seen, by=coach, now=now)
    after = services.change_site(obj=site, values=other, seen=problem.value.seen, by=coach, now=now)
    assert after.population == 7


def test_same_change_twice_is_kept_once(site, coach, now):
    seen = version_of(details_of(site, services.SITE_DETAILS))
    for _click in range(2):
        services.change_site(obj=site, values=VALUES, seen=seen, by=coach, now=now)
    assert entries_of(site).count() == 1


def test_change_of_a_name_to_a_taken_one_is_refused(site, coach, now):
    other = SiteFactory(demonstrator=site.demonstrator)
    seen = version_of(details_of(site, services.SITE_DETAILS))
    values = {**VALUES, "name": other.name}
    with pytest.raises(services.NameTaken):
        services.change_site(obj=site, values=values, seen=seen, by=coach, now=now)


def test_month_of_the_plan_is_replaced_and_taken_out_with_audit(site, coach, now):
    home = site.demonstrator
    for count in (20, 20, 22):
        services.plan_month(
            demonstrator=home, month=date(2022, 9, 15), sites_planned=count, by=coach, now=now
        )
    point = PlanPoint.objects.get()
    assert (point.month, point.sites_planned) == (date(2022, 9, 1), 22)
    services.unplan_month(obj=point, by=coach, now=now)
    changes = [entry.changes["plan 2022-09"] for entry in entries_of(home)]
    assert changes == [["", "20"], ["20", "22"], ["22", ""]]


def test_demonstrator_is_set_up_once(staff, now):
    project = DemonstratorFactory.build().project
    project.host.save()
    project.save()
    values = {
        "place": "Fife",
        "site_singular": "day centre",
        "site_plural": "day centres",
        "people_words": "people",
    }
    made = [
        services.create_demonstrator(project=project, values=values, by=staff, now=now)
        for _click in range(2)
    ]
    assert made[0] == made[1] == Demonstrator.objects.get(project=project)


def test_post_is_added_once_and_changed_with_audit(staff, now):
    post = CoachPostFactory.build(demonstrator=DemonstratorFactory())
    values = {name: getattr(post, name) for name in services.POST_DETAILS}
    key = uuid4()
    for _click in range(2):
        made = services.add_post(
            demonstrator=post.demonstrator, values=values, once_key=key, by=staff, now=now
        )
    assert post.demonstrator.posts.count() == 1
    seen = version_of(details_of(made, services.POST_DETAILS))
    after = services.change_post(
        obj=made, values={**values, "title": "Second coach"}, seen=seen, by=staff, now=now
    )
    assert after.title == "Second coach"
    assert [entry.action for entry in entries_of(made)] == ["created", "changed"]
