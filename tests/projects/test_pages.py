"""The pages of projects: what they show, save, refuse and hide."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleKind
from core.transitions import transitions_of
from projects.enums import ProjectState
from projects.kinds import KINDS
from projects.models import Contribution, Learning, Milestone, Outcome, Project, Update
from projects.panels import Panel, panels
from projects.services import set_rag
from projects.transitions import publish
from tests.accounts.factories import person_with
from tests.partners.factories import OrganisationFactory
from tests.projects.factories import (
    ContributionFactory,
    LearningFactory,
    MilestoneFactory,
    OutcomeFactory,
    ProjectFactory,
    TopicFactory,
    UpdateFactory,
)

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"projects:{name}", args=args)


def html(response):
    return response.content.decode()


@pytest.fixture
def project(staff):
    return ProjectFactory(title="Time off", lead=staff, host=OrganisationFactory(), is_public=True)


@pytest.fixture
def reader(client):
    """A browser of the Leadership Team, who read and change nothing."""
    client.force_login(person_with(RoleKind.LEADERSHIP))
    return client


# --- One project ---------------------------------------------------------------------------


def _fill(project, staff, count):
    for number in range(count):
        MilestoneFactory(project=project, due_on=timezone.localdate() - timedelta(days=number))
        publish(obj=UpdateFactory(project=project), by=staff, now=timezone.now())
        LearningFactory(project=project)
        OutcomeFactory(project=project)
        ContributionFactory(project=project, partner=OrganisationFactory())
        project.topics.add(TopicFactory())


def test_page_costs_the_same_queries_for_1_and_for_10_parts(project, staff, staff_client):
    counts = []
    # What a process asks only once, such as for content types, is no cost of the page.
    staff_client.get(url("detail", project.pk))
    for more in [1, 9]:
        _fill(project, staff, more)
        with CaptureQueriesContext(connection) as caught:
            staff_client.get(url("detail", project.pk))
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 15


def test_readers_see_the_page_without_ways_to_change_it(project, staff, reader):
    _fill(project, staff, 1)
    page = html(reader.get(url("detail", project.pk)))
    assert "Time off" in page
    assert "Change the status" not in page
    assert "Write an update" not in page
    assert 'method="post" action="/staff' not in page


def test_host_sees_its_project_without_the_teams_words(project, staff, client):
    UpdateFactory(project=project, title="Secret draft")
    client.force_login(person_with(RoleKind.PARTNER_CONTACT, project.host))
    page = html(client.get(url("detail", project.pk)))
    assert "Time off" in page
    assert "Secret draft" not in page
    assert "What happened" not in page


def _pages_of(project):
    part = MilestoneFactory(project=project)
    update = UpdateFactory(project=project)
    plain = ["detail", "edit", "status", "rag", "history"]
    return [
        *(url(name, project.pk) for name in plain),
        url("milestones-add", project.pk),
        url("milestones-edit", project.pk, part.pk),
        url("milestones-remove", project.pk, part.pk),
        url("update", project.pk, update.pk),
        url("updates-edit", project.pk, update.pk),
        url("update-take-down", project.pk, update.pk),
    ]


def test_host_of_another_project_finds_none_of_its_pages(project, client):
    client.force_login(
        person_with(RoleKind.PARTNER_CONTACT, ProjectFactory(host=OrganisationFactory()).host)
    )
    assert {client.get(address).status_code for address in _pages_of(project)} == {404}
    assert client.get(url("list")).status_code == 403


def test_visitor_is_asked_to_sign_in(project, client):
    for address in [*_pages_of(project), url("list"), url("add"), url("contributions")]:
        response = client.get(address)
        assert response.status_code == 302
        assert response["Location"].startswith("/account/login/?next=/staff/projects/")


CHANGING = ["edit", "status", "rag", "milestones-add", "updates-add", "learning-add"]


def test_readers_may_not_open_what_changes_a_project(project, reader):
    codes = [reader.get(url(name, project.pk)).status_code for name in CHANGING]
    assert codes == [403] * len(CHANGING)
    assert reader.get(url("add")).status_code == 403
    assert reader.get(url("own-contribution-add")).status_code == 403


def test_part_is_not_found_through_another_project(project, staff_client):
    other = MilestoneFactory()
    assert staff_client.get(url("milestones-edit", project.pk, other.pk)).status_code == 404


# --- Adding and changing -------------------------------------------------------------------


def _facts(**more):
    return {
        "title": "Falls",
        "summary": "Carers ask it.",
        "nations": ["wales"],
        "once_key": uuid4(),
        **more,
    }


def test_project_is_added_once_by_a_double_click(staff_client):
    data = _facts()
    first, second = (staff_client.post(url("add-model", "guide"), data) for _ in range(2))
    project = Project.objects.get()
    assert first["Location"] == second["Location"] == project.get_absolute_url()
    assert (project.title, project.state, project.nations) == ("Falls", "proposed", ["wales"])
    assert html(staff_client.get(url("add-model", "guide"))).count("Add the project") == 1


def test_model_is_chosen_first_and_only_one_of_the_four(staff_client):
    assert staff_client.post(url("add"), {"model": "guide"}).url == url("add-model", "guide")
    page = staff_client.post(url("add"), {"model": "talk"})
    assert list(page.context["form"].errors) == ["model"]
    assert staff_client.get(url("add-model", "talk")).status_code == 404


@pytest.mark.parametrize(
    ("model", "needs"),
    [
        ("network", {"topics"}),
        ("demonstrator", {"host", "starts_on"}),
        ("facilitator", {"host", "starts_on", "ends_on"}),
        ("guide", {"summary"}),
    ],
)
def test_each_model_asks_for_what_it_needs_in_its_own_words(model, needs, staff_client):
    page = staff_client.post(url("add-model", model), _facts(summary=""))
    assert set(page.context["form"].errors) == needs
    assert str(KINDS[model].labels["title"]) in html(page)


def test_new_project_begins_with_the_usual_milestones_only_if_so_asked(staff_client):
    staff_client.post(url("add-model", "guide"), _facts(usual_milestones="on"))
    staff_client.post(url("add-model", "guide"), _facts())
    counts = [project.milestones.count() for project in Project.objects.order_by("id")]
    assert counts == [len(KINDS["guide"].milestones), 0]


def test_page_says_each_step_in_the_words_of_its_model(project, staff_client):
    page = html(staff_client.get(url("detail", project.pk)))
    assert "Local networks meet four times in six months." in page


def test_reasons_for_how_it_goes_are_listed_newest_first(project, staff, staff_client, now):
    for rag, reason in [("green", "All well."), ("red", "The host left.")]:
        set_rag(obj=project, rag=rag, reason=reason, by=staff, now=now)
    page = html(staff_client.get(url("rag", project.pk)))
    assert page.index("The host left.") < page.index("All well.")


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "a\0b"}, "title"),
        ({"nations": []}, "nations"),
        ({"nations": ["france"]}, "nations"),
        ({"topics": ["99"]}, "topics"),
        ({"lead": "999999"}, "lead"),
        ({"starts_on_day": "31", "starts_on_month": "2", "starts_on_year": "2022"}, "starts_on"),
        ({"starts_on": "2022-05-02", "ends_on": "2022-05-01"}, "ends_on"),
        ({"once_key": "x"}, "once_key"),
    ],
)
def test_project_with_bad_facts_is_not_added_and_says_where(bad, field, staff_client):
    response = staff_client.post(url("add-model", "guide"), _facts(**bad))
    assert list(response.context["form"].errors) == [field]
    assert "<title>Error: " in html(response)
    assert not Project.objects.exists()


def _loaded_form(client, address):
    form = client.get(address).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value is not None}


def test_details_are_changed_and_the_second_editor_is_told(project, staff_client):
    address = url("edit", project.pk)
    data = _loaded_form(staff_client, address)
    saved = staff_client.post(address, {**data, "title": "Time off for all"})
    assert saved["Location"] == project.get_absolute_url()
    late = staff_client.post(address, {**data, "title": "Something else"})
    assert "Somebody else changed these details" in html(late)
    assert "Something else" in html(late)
    assert Project.objects.get().title == "Time off for all"
    again = {name: late.context["form"][name].value() for name in data}
    assert staff_client.post(address, again)["Location"] == project.get_absolute_url()
    assert Project.objects.get().title == "Something else"


def test_status_is_changed_with_a_reason(project, staff_client):
    address = url("status", project.pk)
    for shown in (staff_client.get(address), staff_client.post(address, {})):
        offered = shown.context["form"].fields["step"].widget.choices
        assert [name for name, _label in offered] == ["set_up", "stop"]
        assert html(shown).count('type="radio"') == 2
    sent = {"seen": "proposed", "step": "set_up", "reason": "Agreed."}
    response = staff_client.post(address, sent, follow=True)
    assert "The status is now “Setting up”." in html(response)
    assert transitions_of(project).get().reason == "Agreed."


def test_status_that_somebody_else_has_changed_is_told_and_what_was_typed_stays(
    project, staff_client
):
    address = url("status", project.pk)
    sent = {"seen": "proposed", "step": "set_up", "reason": "Agreed."}
    staff_client.post(address, sent)
    stop = {"seen": "proposed", "step": "stop", "reason": "The host has left."}
    page = staff_client.post(address, stop)
    assert "Somebody else has changed the status to “Setting up”" in html(page)
    assert "The host has left." in html(page)
    assert transitions_of(project).count() == 1
    again = page.context["form"]
    assert again["seen"].value() == "setting_up"
    staff_client.post(address, stop | {"seen": again["seen"].value()})
    assert [step.target for step in transitions_of(project)] == ["setting_up", "stopped"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"step": "set_up", "reason": " "}, "Why: enter an answer"),
        ({"reason": "Agreed."}, "What happens now: choose an answer"),
        ({"step": "close", "reason": "Done."}, "“Close” cannot be done now."),
        ({"step": "explode", "reason": "Why not."}, "Select a valid choice"),
    ],
)
def test_status_that_cannot_be_is_refused_in_words(data, words, project, staff_client):
    sent = {"seen": "proposed"} | data
    assert words in html(staff_client.post(url("status", project.pk), sent))
    assert Project.objects.get().state == ProjectState.PROPOSED


def test_closed_project_offers_no_status(staff_client):
    project = ProjectFactory(state=ProjectState.CLOSED)
    page = html(staff_client.get(url("status", project.pk)))
    assert "Nothing comes after that" in page
    assert "</fieldset>" not in page


def test_how_it_goes_is_said_with_a_reason(project, staff_client):
    address = url("rag", project.pk)
    assert "Why: enter an answer" in html(staff_client.post(address, {"rag": "red"}))
    seen = staff_client.get(address).context["form"].initial["seen"]
    staff_client.post(address, {"rag": "red", "reason": "The site has paused.", "seen": seen})
    project.refresh_from_db()
    assert (project.rag, project.rag_changes.get().reason) == ("red", "The site has paused.")
    page = html(staff_client.get(url("history", project.pk)))
    assert "The site has paused." in page


PARTS = [
    ("milestones", Milestone, MilestoneFactory, {"title": "Meet", "stage": "engaging"}),
    ("updates", Update, UpdateFactory, {"title": "News", "text": "New", "audience": "public"}),
    ("learning", Learning, LearningFactory, {"kind": "helped", "text": "Tea"}),
    ("outcomes", Outcome, OutcomeFactory, {"text": "More say"}),
    (
        "contributions",
        Contribution,
        ContributionFactory,
        {"title": "Panel", "kind": "event", "text": "We spoke"},
    ),
]


@pytest.mark.parametrize("case", PARTS, ids=[name for name, *_rest in PARTS])
def test_part_is_added_once_changed_and_removed(case, project, staff_client):
    name, model, _factory, data = case
    address, data = url(f"{name}-add", project.pk), {**data, "once_key": uuid4()}
    assert staff_client.get(address).status_code == 200
    for _ in range(2):
        assert staff_client.post(address, data).status_code == 302
    part = model.objects.get()
    assert part.project == project
    word = "text" if name in ("learning", "outcomes") else "title"
    edit = url(f"{name}-edit", project.pk, part.pk)
    seen = staff_client.get(edit).context["form"]["seen"].value()
    for _ in range(2):
        sent = staff_client.post(edit, {**data, word: "Other words", "seen": seen})
        assert sent.status_code == 302
    late = staff_client.post(edit, {**data, word: "Late words", "seen": seen})
    assert "Somebody else changed these details" in html(late)
    assert late.context["form"]["seen"].value() != seen
    part.refresh_from_db()
    assert getattr(part, word) == "Other words"
    assert "Other words" in html(staff_client.get(url("detail", project.pk)))
    remove = url(f"{name}-remove", project.pk, part.pk)
    assert "Other words" in html(staff_client.get(remove))
    staff_client.post(remove)
    assert not model.objects.exists()


@pytest.mark.parametrize("case", PARTS, ids=[name for name, *_rest in PARTS])
def test_part_without_words_or_key_is_not_added(case, project, staff_client):
    name, model, _factory, data = case
    for wrong in [{"once_key": uuid4()}, data]:
        response = staff_client.post(url(f"{name}-add", project.pk), wrong)
        assert response.context["form"].errors
    assert not model.objects.exists()


@pytest.mark.parametrize("case", PARTS, ids=[name for name, *_rest in PARTS])
def test_part_is_not_changed_by_readers(case, project, reader):
    name, model, factory, data = case
    part = factory(project=project)
    codes = [
        reader.post(url(f"{name}-add", project.pk), data).status_code,
        reader.post(url(f"{name}-edit", project.pk, part.pk), data).status_code,
        reader.post(url(f"{name}-remove", project.pk, part.pk)).status_code,
    ]
    assert codes == [403, 403, 403]
    assert model.objects.count() == 1


def test_milestone_is_marked_done_and_opened_again(project, staff_client):
    milestone = MilestoneFactory(project=project)
    address = url("milestone-mark", project.pk, milestone.pk)
    staff_client.post(address, {"done": "yes"})
    milestone.refresh_from_db()
    assert milestone.done_on == timezone.localdate()
    staff_client.post(address, {"done": "no"})
    milestone.refresh_from_db()
    assert milestone.done_on is None
    assert staff_client.get(address).status_code == 405


def test_own_contribution_is_added_changed_and_removed(staff_client):
    data = {"title": "Panel", "kind": "event", "text": "We *spoke*", "once_key": uuid4()}
    for _ in range(2):
        staff_client.post(url("own-contribution-add"), data)
    contribution = Contribution.objects.get(project=None)
    assert "<em>spoke</em>" in html(staff_client.get(url("contributions")))
    edit = url("own-contribution-edit", contribution.pk)
    seen = staff_client.get(edit).context["form"]["seen"].value()
    staff_client.post(edit, {**data, "title": "Panels", "seen": seen})
    assert Contribution.objects.get().title == "Panels"
    remove = url("own-contribution-remove", contribution.pk)
    assert "Panels" in html(staff_client.get(remove))
    assert staff_client.post(remove)["Location"] == url("contributions")
    assert not Contribution.objects.exists()


# --- Updates -------------------------------------------------------------------------------


def test_preview_shows_the_update_and_saves_nothing(project, staff_client):
    data = {
        "title": "News",
        "text": "**Bold** <script>alert(1)</script>",
        "audience": "public",
        "once_key": uuid4(),
        "preview": "yes",
    }
    page = html(staff_client.post(url("updates-add", project.pk), data))
    assert "<strong>Bold</strong>" in page
    assert "<script>alert" not in page
    assert "It is not saved yet." in page
    assert not Update.objects.exists()


def test_update_is_written_published_and_read_by_everybody(project, staff, staff_client, client):
    data = {"title": "News", "text": "**Good** news", "audience": "public", "once_key": uuid4()}
    saved = staff_client.post(url("updates-add", project.pk), data)
    update = Update.objects.get()
    assert (saved["Location"], update.written_by) == (update.get_absolute_url(), staff)
    public = url("public-detail", project.slug)
    assert "News" not in html(client.get(public)).replace("News of this project", "")
    for _ in range(2):
        response = staff_client.post(url("update-publish", project.pk, update.pk), follow=True)
    assert "Everybody can read it" in html(response)
    assert "<strong>Good</strong> news" in html(client.get(public))


@pytest.mark.parametrize(
    ("audience", "is_public", "words"),
    [
        ("internal", True, "published for the team"),
        ("public", False, "no public page yet"),
    ],
)
def test_publishing_says_who_can_read_it(audience, is_public, words, staff_client):
    update = UpdateFactory(audience=audience, project=ProjectFactory(is_public=is_public))
    address = url("update-publish", update.project.pk, update.pk)
    assert words in html(staff_client.post(address, follow=True))


def test_update_is_not_published_by_readers(project, reader):
    update = UpdateFactory(project=project)
    assert reader.post(url("update-publish", project.pk, update.pk)).status_code == 403
    assert Update.objects.get().is_draft


def test_published_update_is_taken_down_before_it_is_changed(project, staff, staff_client):
    update = publish(obj=UpdateFactory(project=project), by=staff, now=timezone.now())
    edit = staff_client.post(
        url("updates-edit", project.pk, update.pk),
        {"title": "X", "text": "X", "audience": "public", "once_key": uuid4()},
    )
    assert "Take it down first" in html(edit)
    removed = staff_client.post(url("updates-remove", project.pk, update.pk), follow=True)
    assert "Take it down first" in html(removed)
    down = url("update-take-down", project.pk, update.pk)
    assert "Why: enter an answer" in html(staff_client.post(down, {"reason": ""}))
    staff_client.post(down, {"reason": "A wrong date."})
    update.refresh_from_db()
    assert update.is_draft


# --- Everybody -----------------------------------------------------------------------------


def test_public_page_shows_published_updates_for_everybody_alone(project, staff, client):
    for title, audience, published in [
        ("For all", "public", True),
        ("For the team", "internal", True),
        ("Not ready", "public", False),
    ]:
        update = UpdateFactory(project=project, title=title, audience=audience)
        if published:
            publish(obj=update, by=staff, now=timezone.now())
    MilestoneFactory(project=project, title="Inner milestone")
    page = html(client.get(url("public-detail", project.slug)))
    shown = ["For all", "For the team", "Not ready", "Inner milestone", str(staff)]
    assert [words in page for words in shown] == [True, False, False, False, False]


def test_project_without_a_public_page_is_not_found_even_by_staff(staff_client):
    project = ProjectFactory(is_public=False)
    assert staff_client.get(url("public-detail", project.slug)).status_code == 404


def test_public_pages_are_small(project, client):
    for address in [url("public-list"), url("public-detail", project.slug)]:
        assert len(client.get(address).content) < 60_000


# --- Panels --------------------------------------------------------------------------------


def test_panel_of_another_room_stands_on_the_pages_it_applies_to(project, staff_client, settings):
    panel = Panel(
        name="Sites",
        applies_to=lambda project, user: project.title == "Time off",
        template="projects/email/milestone_late_subject.txt",
        context=lambda project, user, now: {"about": {"title": f"{user} at {now:%Y}"}},
    )
    panels.add("tests.sites", panel)
    try:
        page = html(staff_client.get(url("detail", project.pk)))
        other = html(staff_client.get(url("detail", ProjectFactory().pk)))
    finally:
        panels._entries.pop("tests.sites")
    assert 'id="tests-sites"' in page
    assert "Late: Person" in page
    assert "tests-sites" not in other
