"""Guides and the library for everybody; feedback for staff."""

import csv
import io
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.enums import RoleKind
from core.transitions import TransitionNotAllowed, transitions_of
from guides import transitions
from guides.enums import GuideState, Helped, ResourceKind, ResourceStatus
from guides.models import Guide, SignOff, UseFeedback
from guides.selectors import todo_for
from tests.accounts.factories import person_with
from tests.guides.factories import (
    ConsiderationFactory,
    GuideFactory,
    GuideVersionFactory,
    ResourceFactory,
    UseFeedbackFactory,
    WorkforcePriorityFactory,
    published_guide,
)
from tests.partners.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


def answer(**changes):
    return {
        "used_for": "In our team meeting",
        "helped": "yes",
        "nation": "wales",
        "role": "carer",
        "once_key": str(uuid.uuid4()),
        **changes,
    }


def rows_of(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_published_guides_are_for_everybody_and_others_are_not_found(client):
    guide, hidden = published_guide(title="Out"), GuideFactory(title="Not out")
    text = client.get("/guides/").content.decode()
    assert ("Out" in text, "Not out" in text) == (True, False)
    assert client.get(f"/guides/{guide.slug}/").status_code == 200
    assert client.get(f"/guides/{hidden.slug}/").status_code == 404
    assert client.get(f"/guides/{hidden.slug}/feedback/").status_code == 404


def test_an_empty_list_says_what_will_be_there(client):
    assert "No guide is out yet" in client.get("/guides/").content.decode()


def test_a_guide_shows_its_considerations_as_text_that_opens(client):
    guide = published_guide()
    ConsiderationFactory(version=guide.versions.get())
    text = client.get(f"/guides/{guide.slug}/").content.decode()
    assert "<details" in text
    assert "Think of <strong>who</strong>." in text


def test_a_guide_shows_the_published_version_while_the_next_is_written(client):
    guide = published_guide()
    Guide.objects.filter(pk=guide.pk).update(state=GuideState.DRAFTING)
    GuideVersionFactory(guide=guide, number=2, question="A new question?")
    text = client.get(f"/guides/{guide.slug}/").content.decode()
    assert ("What helps?" in text, "A new question?" in text) == (True, False)


def test_feedback_is_kept_without_a_name_and_once(client):
    guide = published_guide()
    sent = answer()
    for _click in range(2):
        response = client.post(f"/guides/{guide.slug}/feedback/", sent)
        assert response.url == f"/guides/{guide.slug}/"
    feedback = UseFeedback.objects.get()
    assert (feedback.guide, feedback.used_for, feedback.nation, feedback.role) == (
        guide,
        "In our team meeting",
        "wales",
        "carer",
    )
    assert "Thank you." in client.get(response.url).content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"used_for": ""}, "How have you used the guide: enter an answer"),
        ({"used_for": "word " * 301}, "1 word too long"),
        ({"helped": ""}, "Did it help: choose an answer"),
        ({"homepage_address": "http://spam.example"}, "We could not take this form"),
    ],
)
def test_bad_feedback_is_refused_in_words_and_keeps_what_was_typed(client, changes, words):
    guide = published_guide()
    page = client.post(f"/guides/{guide.slug}/feedback/", answer(**changes)).content.decode()
    assert words in page
    assert page.count(" checked") >= 2
    assert not UseFeedback.objects.exists()


@pytest.mark.parametrize("bad", [{"nation": "france"}, {"role": "king"}, {"once_key": "x"}])
def test_answers_that_are_not_offered_are_refused(client, bad):
    guide = published_guide()
    client.post(f"/guides/{guide.slug}/feedback/", answer(**bad))
    assert not UseFeedback.objects.exists()


def test_staff_and_leadership_see_feedback_and_nobody_else(client, somebody):
    guide = published_guide()
    UseFeedbackFactory(guide=guide, used_for="With <b>everybody</b>")
    root = f"/staff/guides/{guide.slug}/"
    for page in ["/staff/guides/", root, f"{root}feedback.csv"]:
        assert client.get(page).status_code == 302, page
    client.force_login(somebody)
    for page in ["/staff/guides/", root, f"{root}feedback.csv"]:
        assert client.get(page).status_code == 403, page
    for kind in [RoleKind.PROGRAMME_STAFF, RoleKind.LEADERSHIP]:
        client.force_login(person_with(kind))
        assert client.get("/staff/guides/").status_code == 200
        assert "With &lt;b&gt;everybody" in client.get(root).content.decode()
        assert client.get(f"{root}feedback.csv").status_code == 200


def test_a_guide_that_is_not_out_is_not_found_by_people_without_a_role(client, somebody):
    guide = GuideFactory()
    client.force_login(somebody)
    assert client.get(f"/staff/guides/{guide.slug}/").status_code == 404


def test_the_list_of_guides_agrees_with_the_rule(staff, somebody):
    published_guide()
    GuideFactory()
    for person in [staff, somebody]:
        listed = set(Guide.objects.visible_to(person))
        assert listed == {
            guide for guide in Guide.objects.all() if person.has_perm("guides.view_guide", guide)
        }


def test_feedback_is_filtered_and_exported_alike(staff_client):
    guide = published_guide()
    UseFeedbackFactory(guide=guide, nation="wales", role="carer", helped=Helped.NO)
    UseFeedbackFactory(guide=guide, nation="england", used_for="=1+1")
    UseFeedbackFactory(used_for="Of another guide")
    root = f"/staff/guides/{guide.slug}/"
    assert "1 result" in staff_client.get(f"{root}?nation=wales").content.decode()
    assert [row["nation"] for row in rows_of(staff_client.get(f"{root}feedback.csv"))] == [
        "England",
        "Wales",
    ]
    [row] = rows_of(staff_client.get(f"{root}feedback.csv?nation=england"))
    assert row["how they used it"] == "'=1+1"


def test_lists_cost_the_same_for_one_row_and_for_thirty(
    staff_client, django_assert_max_num_queries
):
    guide = published_guide()

    def add(count):
        for _ in range(count):
            UseFeedbackFactory(guide=guide)
            GuideFactory()
            ResourceFactory(owner=OrganisationFactory(), priority=WorkforcePriorityFactory())

    add(1)
    pages = [
        reverse("guides:library"),
        reverse("guides:list"),
        reverse("guides:feedback", args=[guide.slug]),
        reverse("guides:priorities"),
    ]
    costs = {}
    for page in pages:
        staff_client.get(page)
        with django_assert_max_num_queries(10) as used:
            staff_client.get(page)
        costs[page] = len(used)
    add(29)
    for page in pages:
        with django_assert_max_num_queries(costs[page]):
            staff_client.get(page)


def test_the_library_is_filtered_and_leaves_out_what_was_withdrawn(client):
    owner = OrganisationFactory(name="Skills for All")
    ResourceFactory(title="A tool", kind=ResourceKind.TOOL, owner=owner, nation="wales")
    ResourceFactory(title="A guide", summary="About wages")
    ResourceFactory(title="Gone", status=ResourceStatus.WITHDRAWN)

    def titles(query):
        text = client.get(f"/library/{query}").content.decode()
        return [title for title in ["A tool", "A guide", "Gone"] if title in text]

    assert titles("") == ["A tool", "A guide"]
    assert titles("?kind=tool") == ["A tool"]
    assert titles("?q=WAGES") == ["A guide"]
    assert titles(f"?owner={owner.pk}") == ["A tool"]
    assert titles("?nation=wales") == ["A tool"]
    assert titles("?status=withdrawn") == ["A tool", "A guide"]
    assert [row["title"] for row in rows_of(client.get("/library.csv?kind=tool"))] == ["A tool"]
    assert "Nothing found" in client.get("/library/?q=nowhere").content.decode()


def test_the_library_goes_on_by_key(client):
    for _ in range(30):
        ResourceFactory()
    text = client.get("/library/").content.decode()
    assert "30 results" in text
    assert "cursor=" in text


def test_the_grid_shows_each_body_beside_each_priority(client, now):
    priority, other = WorkforcePriorityFactory(), WorkforcePriorityFactory()
    body = OrganisationFactory(name="ADASS")
    SignOff.objects.create(priority=priority, body=body, agreed_on=now.date())
    SignOff.objects.create(priority=other, body=body)
    text = client.get("/workforce-priorities/").content.decode()
    assert text.count("ADASS") == 1
    assert text.count("Agreed on 26 July 2022") == 1
    assert text.count("No date known") == 1


def test_no_priorities_give_an_empty_page(client):
    assert "No priorities yet" in client.get("/workforce-priorities/").content.decode()


WAY = ["scope", "draft", "review", "publish", "look_again", "redraft"]


def test_a_guide_goes_its_way_step_by_step_by_the_programme_team(staff_client):
    guide = GuideFactory()
    GuideVersionFactory(guide=guide)
    for step in WAY:
        address = f"/staff/guides/{guide.slug}/steps/{step}/"
        assert staff_client.get(address).status_code == 200
        for _click in range(2):
            assert staff_client.post(address).status_code == 302
    guide.refresh_from_db()
    assert guide.state == GuideState.DRAFTING
    assert guide.versions.get().published_at is not None
    assert [row.step for row in transitions_of(guide)] == WAY


@pytest.mark.parametrize("step", WAY)
def test_a_step_out_of_turn_is_refused(step, staff, now):
    state = GuideState.SCOPING if step == "scope" else GuideState.QUESTION
    wrong = {"scope": GuideState.PUBLISHED}.get(step, state)
    with pytest.raises(TransitionNotAllowed):
        transitions.STEPS[step](obj=GuideFactory(state=wrong), by=staff, now=now)


def test_a_step_out_of_turn_says_so_on_its_page(staff_client):
    guide = GuideFactory()
    page = staff_client.post(f"/staff/guides/{guide.slug}/steps/publish/")
    assert "cannot be done now" in page.content.decode()
    assert staff_client.post(f"/staff/guides/{guide.slug}/steps/burn/").status_code == 404
    assert staff_client.get(f"/staff/guides/{guide.slug}/steps/burn/").status_code == 404


def test_leadership_takes_no_steps(client):
    guide = GuideFactory()
    client.force_login(person_with(RoleKind.LEADERSHIP))
    address = f"/staff/guides/{guide.slug}/steps/scope/"
    assert (client.get(address).status_code, client.post(address).status_code) == (403, 403)


def test_staff_are_told_of_guides_to_be_looked_at_again(
    now, staff, somebody, django_assert_num_queries
):
    due = published_guide(review_on=now.date() - timedelta(days=1))
    published_guide(review_on=now.date() + timedelta(days=1))
    staff.current_roles  # noqa: B018 - read once a request
    somebody.current_roles  # noqa: B018
    with django_assert_num_queries(1):
        [todo] = todo_for(staff, now)
    assert (todo.url, todo.is_late) == (f"/staff/guides/{due.slug}/", True)
    with django_assert_num_queries(0):
        assert todo_for(somebody, now) == []
