"""The theory of change: its graph, its limits, its page, and two who work on it at once."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.versions import ChangedMeanwhile
from projects.enums import TheoryKind
from projects.history import history_of
from projects.models import TheoryLink, TheoryPart
from projects.theory import draw, has_cycle, layers
from projects.theory_services import TheoryRefused, links_version, move, set_links
from tests.projects.factories import ProjectFactory, TheoryPartFactory

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"projects:{name}", args=args)


@pytest.fixture
def project(staff):
    return ProjectFactory(title="Time off", lead=staff)


@pytest.fixture
def part(project):
    def made(kind, text="", **more):
        return TheoryPartFactory(project=project, kind=kind, text=text or str(kind.label), **more)

    return made


@pytest.fixture
def lead(staff, now):
    def led(source, *targets, seen=None):
        set_links(obj=source, targets=targets, seen=seen, by=staff, now=now)

    return led


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([], False),
        ([(1, 2), (2, 3), (1, 3)], False),
        ([(1, 2), (2, 1)], True),
        ([(1, 2), (2, 3), (3, 4), (4, 2)], True),
        ([(1, 1)], True),
    ],
)
def test_a_circle_is_found_wherever_it_begins(pairs, expected):
    assert has_cycle(pairs) is expected


def test_layers_go_from_activities_to_goals_with_supports_beside_what_they_support(part, lead):
    act, first, then, goal = (
        part(TheoryKind.ACTIVITY),
        part(TheoryKind.OUTCOME, "First"),
        part(TheoryKind.OUTCOME, "Then"),
        part(TheoryKind.GOAL),
    )
    support = part(TheoryKind.ASSUMPTION)
    lead(act, first)
    lead(first, then)
    lead(then, goal)
    lead(support, then)
    pairs = list(TheoryLink.objects.values_list("source_id", "target_id"))
    found = [{one.pk for one in column} for column in layers([*TheoryPart.objects.all()], pairs)]
    assert found == [{act.pk}, {first.pk, support.pk}, {then.pk}, {goal.pk}]


def test_drawing_of_one_box_without_arrows_holds_its_words(part):
    assert ">Only goal<" in draw([part(TheoryKind.GOAL, "Only goal")], [], "theory-1")


def test_links_that_make_a_circle_are_refused_and_none_is_kept(part, lead):
    one, two, three = (part(TheoryKind.OUTCOME, str(number)) for number in range(3))
    lead(one, two)
    lead(two, three)
    with pytest.raises(TheoryRefused):
        lead(three, one)
    assert TheoryLink.objects.count() == 2


@pytest.mark.parametrize("kind", [TheoryKind.ACTIVITY, TheoryKind.ENABLER])
def test_a_link_that_the_kind_cannot_have_is_refused(kind, part, lead):
    with pytest.raises(TheoryRefused):
        lead(part(TheoryKind.GOAL), part(kind))


def test_a_link_to_another_project_is_refused(part, lead):
    with pytest.raises(TheoryRefused):
        lead(part(TheoryKind.ACTIVITY), TheoryPartFactory(kind=TheoryKind.OUTCOME))


def test_links_saved_from_an_old_page_are_refused(part, lead):
    act, one, two = (
        part(TheoryKind.ACTIVITY),
        part(TheoryKind.OUTCOME, "One"),
        part(TheoryKind.OUTCOME, "Two"),
    )
    seen = links_version(act)
    lead(act, one, seen=seen)
    with pytest.raises(ChangedMeanwhile):
        lead(act, two, seen=seen)
    lead(act, one, seen=seen)  # The same again, as by a double click.
    assert list(act.leads_to.values_list("target_id", flat=True)) == [one.pk]


def test_history_says_what_was_linked_and_moved(project, part, lead, staff, now):
    act, goal = part(TheoryKind.ACTIVITY, "Meet"), part(TheoryKind.GOAL, "Rest")
    part(TheoryKind.ACTIVITY, "Talk", place=1)
    lead(act, goal)
    move(obj=act, up=False, by=staff, now=now)
    said = [(event.text, event.reason) for event in history_of(project, 10)]
    assert ("Theory of change: said anew what “Meet” leads to", "Rest") in said
    assert ("Theory of change: moved “Meet” in its list", "") in said


def test_a_part_moves_within_its_kind_and_stops_at_the_ends(part, staff, now):
    texts = ["a", "b", "c"]
    parts = [part(TheoryKind.OUTCOME, text, place=place) for place, text in enumerate(texts)]
    part(TheoryKind.GOAL, "goal")
    for up, expected in [(True, "bac"), (True, "bac"), (False, "abc"), (False, "acb")]:
        move(obj=parts[1], up=up, by=staff, now=now)
        rows = TheoryPart.objects.filter(kind=TheoryKind.OUTCOME)
        assert "".join(one.text for one in rows) == expected


def test_fifth_goal_is_refused_in_words_and_a_double_click_adds_one(project, staff_client):
    for number in range(4):
        data = {"kind": "goal", "text": f"Goal {number}", "once_key": uuid4()}
        for _ in range(2):
            assert staff_client.post(url("theory-add", project.pk), data).status_code == 302
    data = {"kind": "goal", "text": "Goal 5", "once_key": uuid4()}
    page = staff_client.post(url("theory-add", project.pk), data)
    assert "There are 4 long-term goals already" in page.content.decode()
    assert list(TheoryPart.objects.values_list("place", flat=True)) == [0, 1, 2, 3]


def test_kind_of_a_part_stays_whatever_a_browser_sends(project, part, staff_client):
    act = part(TheoryKind.ACTIVITY, "Meet")
    address = url("theory-edit", project.pk, act.pk)
    seen = staff_client.get(address).context["form"].initial["seen"]
    data = {"kind": "goal", "text": "Meet often", "once_key": uuid4(), "seen": seen}
    assert staff_client.post(address, data).status_code == 302
    act.refresh_from_db()
    assert (act.kind, act.text) == (TheoryKind.ACTIVITY, "Meet often")


def test_page_shows_drawing_and_list_and_is_worked_by_plain_forms(project, part, staff_client):
    act, goal = part(TheoryKind.ACTIVITY, "Meet"), part(TheoryKind.GOAL, "Rest for all")
    address = url("theory-links", project.pk, act.pk)
    page = staff_client.get(address)
    assert "Rest for all (Long-term goal)" in page.content.decode()
    seen = page.context["form"].initial["seen"]
    staff_client.post(address, {"targets": [goal.pk], "seen": seen})
    assert TheoryLink.objects.filter(source=act, target=goal).count() == 1
    text = staff_client.get(url("theory", project.pk)).content.decode()
    assert text.count("<svg role") == 1
    assert "<li>Rest for all</li>" in text
    staff_client.post(url("theory-move", project.pk, act.pk), {"way": "up"})
    staff_client.post(url("theory-remove", project.pk, goal.pk))
    assert TheoryLink.objects.count() == 0


def test_circle_is_said_beside_the_boxes(project, part, lead, staff_client):
    one, two = part(TheoryKind.OUTCOME, "One"), part(TheoryKind.OUTCOME, "Two")
    lead(one, two)
    page = staff_client.post(
        url("theory-links", project.pk, two.pk), {"targets": [one.pk], "seen": links_version(two)}
    )
    assert list(page.context["form"].errors) == ["targets"]
    assert "go round in a circle" in page.content.decode()


def test_page_costs_the_same_queries_for_1_and_for_30_parts(project, part, lead, staff_client):
    counts = []
    for more in [1, 29]:
        for _ in range(more):
            lead(part(TheoryKind.ACTIVITY), part(TheoryKind.OUTCOME))
        with CaptureQueriesContext(connection) as caught:
            staff_client.get(url("theory", project.pk))
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 8
