"""The pages: who may open them, what they show, what they do."""

from datetime import date
from urllib.parse import urlencode
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import RoleKind
from accounts.sections import data_collectors
from core.versions import details_of, version_of
from demonstrators import selectors
from demonstrators.enums import SiteState
from demonstrators.models import Demonstrator, Site
from demonstrators.services import SITE_DETAILS, seen_of
from projects.models import Project
from tests.accounts.factories import person_with
from tests.projects.factories import ProjectFactory

from .factories import CoachPostFactory, DemonstratorFactory, SiteFactory, coach_of, moved

pytestmark = pytest.mark.django_db

READ = ["detail", "sites", "sites-export", "moves-export"]
COACH = ["record", "site-add", "plan"]
STAFF = ["edit", "post-add"]
SITE_READ = ["site"]
SITE_COACH = ["site-edit", "site-record"]


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def demonstrator():
    return DemonstratorFactory()


@pytest.fixture
def coach(demonstrator):
    return coach_of(demonstrator, preferred_name="Sam")


@pytest.fixture
def site(demonstrator):
    return SiteFactory(demonstrator=demonstrator, name="Practice by the sea")


@pytest.fixture
def coached(client, coach):
    client.force_login(coach)
    return client


def person(kind, demonstrator):
    if kind == "coach":
        return coach_of(demonstrator)
    if kind == "host":
        return person_with(RoleKind.PARTNER_CONTACT, demonstrator.project.host)
    if kind == "stranger":
        return coach_of(DemonstratorFactory())
    return person_with(kind)


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("coach", (200, 200, 403)),
        ("host", (200, 403, 403)),
        ("stranger", (404, 404, 404)),
        (RoleKind.PROGRAMME_STAFF, (200, 200, 200)),
        (RoleKind.LEADERSHIP, (200, 403, 403)),
    ],
)
def test_pages_open_to_those_who_may(kind, codes, demonstrator, site, client):
    read, coach, staff = codes
    moved(site, coach_of(demonstrator), ("approach", date(2022, 5, 3)))
    post = CoachPostFactory(demonstrator=demonstrator)
    client.force_login(person(kind, demonstrator))
    found = {}
    for names, wanted in [(READ, read), (COACH, coach), (STAFF, staff)]:
        found |= {name: (client.get(demonstrator.url(name)).status_code, wanted) for name in names}
    for names, wanted in [(SITE_READ, read), (SITE_COACH, coach)]:
        found |= {name: (client.get(site.url(name)).status_code, wanted) for name in names}
    found["undo"] = (client.get(site.moves.get().undo_url).status_code, coach)
    for address in (post.edit_url, post.status_url):
        found[address] = (client.get(address).status_code, staff)
    assert {name: got for name, (got, _wanted) in found.items()} == {
        name: wanted for name, (_got, wanted) in found.items()
    }


@pytest.mark.parametrize(
    "kind", ["coach", "host", "stranger", RoleKind.PROGRAMME_STAFF, RoleKind.LEADERSHIP]
)
def test_lists_agree_with_the_rule(kind, demonstrator, site):
    user = person(kind, demonstrator)
    for one in Demonstrator.objects.all():
        rule = user.has_perm("demonstrators.view_demonstrator", one)
        assert Demonstrator.objects.visible_to(user).filter(pk=one.pk).exists() == rule
    rule = user.has_perm("demonstrators.view_demonstrator", site)
    assert Site.objects.visible_to(user).filter(pk=site.pk).exists() == rule


def test_visitor_is_asked_to_sign_in_and_somebody_without_a_role_refused(
    client, demonstrator, somebody
):
    assert client.get(demonstrator.get_absolute_url()).status_code == 302
    client.force_login(somebody)
    assert client.get("/demonstrators/").status_code == 403
    assert client.get(demonstrator.get_absolute_url()).status_code == 404


def test_list_shows_the_share_and_only_own_ones(coached, demonstrator, site):
    other = DemonstratorFactory()
    page = coached.get("/demonstrators/").content.decode()
    assert "0 of 1 general practices take part" in page
    assert other.project.title not in page


def test_page_shows_picture_table_and_what_changed_last(coached, coach, demonstrator, site):
    moved(site, coach, ("approach", date(2022, 5, 3)), ("implement", date(2022, 6, 7)))
    CoachPostFactory(demonstrator=demonstrator)
    page = coached.get(demonstrator.get_absolute_url()).content.decode()
    assert "1 of 1 general practice takes part, 1 more than in May" in page
    assert "<svg" in page
    assert "from “Approached” to “Implementing”" in page
    assert "Tuesday 7 June 2022, recorded by Sam" in page


def test_page_without_sites_says_how_to_begin(coached, demonstrator):
    page = coached.get(demonstrator.get_absolute_url()).content.decode()
    assert "Add the first general practice" in page


def test_pages_take_as_many_queries_at_thirty_sites_as_at_one(coached, coach, demonstrator):
    addresses = [demonstrator.get_absolute_url(), demonstrator.url("sites")]
    addresses.append(demonstrator.url("record"))
    counts = []
    for more in (1, 29):
        for _site in range(more):
            one = SiteFactory(demonstrator=demonstrator)
            moved(one, coach, ("approach", date(2022, 5, 3)), ("implement", date(2022, 6, 7)))
        found = []
        for address in addresses:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                coached.get(address)
            found.append(len(queries))
        counts.append(found)
    assert counts[0] == counts[1]
    assert counts[1][0] <= 15
    assert max(counts[1][1:]) <= 8


def test_site_page_takes_as_many_queries_at_thirty_moves_as_at_one(coached, coach, site):
    counts = []
    for steps in (["approach"], ["pause", "approach"] * 15):
        for step in steps:
            moved(site, coach, (step, date(2022, 5, 3)))
        with CaptureQueriesContext(connection) as queries:
            assert coached.get(site.get_absolute_url()).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= 15


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["A one", "B two", "C three"]),
        ({"state": "approached"}, ["A one", "B two"]),
        ({"area": "Larne"}, ["B two"]),
        ({"q": "three carrick"}, ["C three"]),
        ({"quiet": "on"}, ["A one"]),
        ({"state": "embedded"}, []),
    ],
)
def test_sites_are_filtered_on_the_page_and_in_the_file(query, names, coached, coach, demonstrator):
    for name, area, day in [
        ("A one", "Ballymena", date(2022, 6, 1)),
        ("B two", "Larne", date(2022, 7, 1)),
        ("C three", "Carrickfergus", None),
    ]:
        one = SiteFactory(demonstrator=demonstrator, name=name, area=area)
        if day:
            moved(one, coach, ("approach", day))
    response = coached.get(demonstrator.url("sites"), query)
    assert [row.name for row in response.context["page"].rows] == names
    file = coached.get(f"{demonstrator.url('sites-export')}?{urlencode(query)}")
    lines = file.getvalue().decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == names


def test_file_of_sites_gives_each_its_status_and_last_reason(coached, coach, demonstrator, site):
    moved(site, coach, ("implement", date(2022, 6, 7)))
    text = coached.get(demonstrator.url("sites-export")).getvalue().decode("utf-8-sig")
    assert text.splitlines() == [
        "Name,Area,People served,Status,Since,Takes part,Last reason",
        "Practice by the sea,Larne,100,Implementing,2022-06-07,yes,A reason",
    ]


def test_file_of_changes_holds_the_undone_ones(coached, coach, demonstrator, site):
    moved(site, coach, ("implement", date(2022, 6, 7)))
    coached.post(site.moves.get().undo_url, {"reason": "Wrong practice"})
    text = coached.get(demonstrator.url("moves-export")).getvalue().decode("utf-8-sig")
    assert text.splitlines()[1] == (
        "Practice by the sea,Larne,Not approached,Implementing,2022-06-07,A reason,"
        "2022-06-07,Sam,2022-07-26,Wrong practice"
    )


def test_search_finds_the_site_to_record(coached, demonstrator, site):
    SiteFactory(demonstrator=demonstrator, name="Another")
    response = coached.get(demonstrator.url("record"), {"q": "sea"})
    assert [line["url"] for line in response.context["choices"]] == [site.record_url]
    assert "None found" in coached.get(demonstrator.url("record"), {"q": "zzz"}).content.decode()


def answers(site, **changed):
    values = {
        "step": "implement",
        "happened_on_day": "20",
        "happened_on_month": "7",
        "happened_on_year": "2022",
        "reason": "First referrals",
        "seen": str(seen_of(site)),
        "once_key": str(uuid4()),
    }
    return {**values, **changed}


def test_form_offers_the_next_states_and_today(coached, coach, site):
    moved(site, coach, ("approach", date(2022, 5, 3)))
    form = coached.get(site.record_url).context["form"]
    offered = [value for value, _label in form.fields["step"].widget.choices]
    assert offered == ["engage", "implement", "embed", "pause", "decline"]
    assert form.initial["happened_on"] == date(2022, 7, 26)


def test_recording_says_what_happened_and_the_new_share(coached, coach, demonstrator, site):
    moved(site, coach, ("approach", date(2022, 5, 3)))
    response = coached.post(site.record_url, answers(site), follow=True)
    assert response.redirect_chain == [(demonstrator.get_absolute_url(), 302)]
    assert [str(message) for message in response.context["messages"]] == [
        "Practice by the sea is “Implementing” since Wednesday 20 July 2022. "
        "1 of 1 general practice takes part."
    ]
    site.refresh_from_db()
    assert (site.state, site.since) == (SiteState.IMPLEMENTING, date(2022, 7, 20))


def test_double_click_makes_one_move(coached, site):
    sent = answers(site)
    for _click in range(2):
        assert coached.post(site.record_url, sent).status_code == 302
    assert site.moves.count() == 1


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"step": ""}, "Where does it stand now: choose an answer"),
        ({"step": "fly"}, "Where does it stand now: "),
        ({"reason": " "}, "What led to it: enter an answer"),
        ({"happened_on_day": "27"}, "The date must be today or earlier."),
        ({"happened_on_day": "31", "happened_on_month": "2"}, "Enter a real date"),
        ({"happened_on_month": "4"}, "The date must not be before the last change"),
        ({"step": "approach"}, "cannot be done now"),
    ],
)
def test_bad_input_is_said_and_what_was_typed_kept(changed, error, coached, coach, site):
    moved(site, coach, ("approach", date(2022, 5, 3)))
    response = coached.post(site.record_url, answers(site, **changed))
    page = response.content.decode()
    assert error in page
    assert "<title>Error:" in page.replace("\n", "")
    assert changed.get("reason", "First referrals") in page
    assert site.moves.count() == 1


def test_second_coach_sees_the_move_loses_nothing_and_can_save(coached, coach, site):
    moved(site, coach, ("approach", date(2022, 5, 3)))
    sent = answers(site, reason="Words of the second coach")
    moved(site, coach, ("engage", date(2022, 7, 1)))
    response = coached.post(site.record_url, sent)
    page = response.content.decode()
    assert "Sam recorded “Engaged” on Friday 1 July 2022, after you opened this page." in page
    assert "Words of the second coach" in page
    form = response.context["form"]
    assert form["seen"].value() == str(seen_of(site))
    assert 'value="implement"' in page
    coached.post(site.record_url, {**sent, "seen": form["seen"].value()})
    site.refresh_from_db()
    assert site.state == SiteState.IMPLEMENTING


def test_undo_says_where_it_is_again(coached, coach, site):
    moved(site, coach, ("approach", date(2022, 5, 3)), ("implement", date(2022, 6, 7)))
    address = site.moves.last().undo_url
    assert "enter an answer" in coached.post(address, {"reason": ""}).content.decode()
    response = coached.post(address, {"reason": "Wrong practice"}, follow=True)
    page = response.content.decode()
    assert "Practice by the sea is “Approached” again. 0 of 1 general practice take part." in page
    assert "Undone on 26 July 2022: Wrong practice" in page
    assert coached.post(address, {"reason": "Again"}).status_code == 302


def test_undo_of_an_earlier_move_is_refused_in_words(coached, coach, site):
    moved(site, coach, ("approach", date(2022, 5, 3)), ("implement", date(2022, 6, 7)))
    response = coached.post(site.moves.first().undo_url, {"reason": "x"})
    assert "Another change came after this one" in response.content.decode()


def test_site_is_added_and_its_name_taken_only_once(coached, demonstrator, site):
    sent = {"name": "New one", "area": "Larne", "population": "", "once_key": str(uuid4())}
    response = coached.post(demonstrator.url("site-add"), sent, follow=True)
    assert "New one is added. 0 of 2 general practices take part." in response.content.decode()
    assert coached.post(demonstrator.url("site-add"), sent).status_code == 302
    again = coached.post(demonstrator.url("site-add"), {**sent, "once_key": str(uuid4())})
    assert "There is a site of this name already" in again.content.decode()
    assert demonstrator.sites.count() == 2


@pytest.mark.parametrize("population", ["-1", "many", "99999999999999999999"])
def test_number_of_people_must_be_one(population, coached, demonstrator):
    sent = {"name": "New one", "area": "Larne", "population": population}
    assert coached.post(demonstrator.url("site-add"), sent).status_code == 200
    assert demonstrator.sites.count() == 0


def test_site_is_changed_and_a_stale_form_keeps_its_words(coached, site):
    sent = {"name": "By the sea", "area": "Larne", "population": "7"}
    seen = version_of(details_of(site, SITE_DETAILS))
    assert coached.post(site.url("site-edit"), {**sent, "seen": seen}).status_code == 302
    late = {**sent, "area": "Whitehead", "seen": seen}
    response = coached.post(site.url("site-edit"), late)
    assert "Somebody else changed these details" in response.content.decode()
    fresh = response.context["form"]["seen"].value()
    assert coached.post(site.url("site-edit"), {**late, "seen": fresh}).status_code == 302
    page = coached.get(site.get_absolute_url()).content.decode()
    assert "area from “Larne” to “Whitehead”" in page


def test_plan_is_written_and_taken_out(coached, demonstrator):
    sent = {"month": "9", "year": "2022", "sites_planned": "20"}
    page = coached.post(demonstrator.url("plan"), sent, follow=True).content.decode()
    assert "The plan for September 2022 is saved." in page
    point = demonstrator.plan_points.get()
    address = f"{demonstrator.url('plan')}{point.pk}/remove/"
    assert coached.get(address).status_code == 405
    for _click in range(2):
        assert coached.post(address).status_code == 302
    assert demonstrator.plan_points.count() == 0
    bad = coached.post(demonstrator.url("plan"), {**sent, "sites_planned": "-1"})
    assert bad.status_code == 200


def details(**changed):
    values = {
        "place": "Fife",
        "site_singular": "day centre",
        "site_plural": "day centres",
        "people_words": "people",
        "eligible_population": "1200",
        "plan": "",
        "chase_after_days": "14",
    }
    return {**values, **changed}


def test_staff_set_a_project_up_and_change_it(staff_client):
    project = ProjectFactory()
    address = f"/demonstrators/set-up/{project.slug}/"
    assert staff_client.get(address).status_code == 200
    response = staff_client.post(address, details(), follow=True)
    assert "add the day centres that could take part" in response.content.decode()
    one = Demonstrator.objects.get(project=project)
    assert staff_client.post(one.url("edit"), details(chase_after_days="0")).status_code == 200
    seen = staff_client.get(one.url("edit")).context["form"]["seen"].value()
    sent = details(place="Dunfermline", seen=seen)
    assert staff_client.post(one.url("edit"), sent).status_code == 302
    stale = staff_client.post(one.url("edit"), details(place="Elsewhere", seen=seen))
    assert "Somebody else changed these details" in stale.content.decode()
    one.refresh_from_db()
    assert one.place == "Dunfermline"


def test_vacancy_is_public_once_published_and_while_it_is_open(staff_client, client, demonstrator):
    sent = {"title": "Second coach", "about": "Work with practices.", "once_key": str(uuid4())}
    staff_client.post(demonstrator.url("post-add"), sent)
    post = demonstrator.posts.get()
    refused = staff_client.post(post.status_url, {"step": "publish"})
    assert "Add the web address of the advertisement first" in refused.content.decode()
    seen = staff_client.get(post.edit_url).context["form"]["seen"].value()
    advert = {**sent, "advert_url": "https://example.org/post", "seen": seen}
    assert staff_client.post(post.edit_url, advert).status_code == 302
    assert staff_client.post(post.edit_url, {**advert, "title": "X"}).status_code == 200
    client.logout()
    assert "No vacancies now" in client.get("/demonstrators/vacancies/").content.decode()
    client.force_login(person_with(RoleKind.PROGRAMME_MANAGER))
    assert client.post(post.status_url, {"step": "publish"}).status_code == 302
    client.logout()
    page = client.get("/demonstrators/vacancies/").content.decode()
    assert "Read the advertisement for Second coach" in page
    post.refresh_from_db()
    post.closes_on = date(2022, 7, 25)
    post.save()
    assert "No vacancies now" in client.get("/demonstrators/vacancies/").content.decode()


def test_panel_shows_the_reach_or_how_to_begin(demonstrator, site, staff, coach, now):
    project = Project.objects.get(pk=demonstrator.project_id)
    bare = ProjectFactory(model="facilitator")
    assert selectors.has_panel(project, coach)
    assert not selectors.has_panel(bare, coach)
    assert not selectors.has_panel(ProjectFactory(model="network"), staff)
    shown = selectors.project_panel(project, coach, now)
    assert (str(shown["chart"].title), shown["may_record"]) == (
        "0 of 1 general practice take part",
        True,
    )
    assert selectors.project_panel(bare, staff, now)["may_set_up"]


def test_own_data_lists_the_changes_that_a_person_recorded(coached, coach, site, somebody):
    moved(site, coach, ("approach", date(2022, 5, 3)))
    coached.post(site.moves.get().undo_url, {"reason": "Wrong practice"})
    held = data_collectors.get("demonstrators")(coach)
    assert [row["site"] for row in held["changes_recorded"]] == ["Practice by the sea"]
    assert [row["reason"] for row in held["changes_undone"]] == ["Wrong practice"]
    nothing = {"changes_recorded": [], "changes_undone": []}
    assert data_collectors.get("demonstrators")(somebody) == nothing
