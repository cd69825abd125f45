"""The staff list as people make it theirs: columns, order, views that are kept, several at once."""

import csv
import io
from urllib.parse import urlencode

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from accounts.enums import RoleKind
from core.history import entries_of
from projects.columns import COLUMNS
from projects.enums import DeliveryModel, ProjectState
from projects.models import Project, SavedView
from projects.several import MOST
from projects.tags import set_tags
from tests.accounts.factories import UserFactory, person_with
from tests.partners.factories import OrganisationFactory
from tests.projects.factories import (
    MilestoneFactory,
    PhaseFactory,
    ProjectFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db

LIST = "/staff/projects/"
SEVERAL = "/staff/projects/several/"


def titles(page):
    return [row["title"] for row in page.context["page"].rows]


def rows_of(response):
    text = b"".join(response).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


# --- Columns, order, filters ---------------------------------------------------------------


def test_columns_that_are_chosen_are_shown_in_the_order_of_the_list(staff_client):
    project = ProjectFactory(title="Voices", phase=PhaseFactory(name="Delivery"))
    project.topics.add(TopicFactory(title="Choice"))
    set_tags(project=project, names=["rural", "carers"])
    page = staff_client.get(LIST, {"columns": ["tags", "phase", "topics", "nothing"]})
    assert page.context["listing"].labels == ["Topics", "Tags", "Phase"]
    assert page.context["page"].rows[0]["cells"] == ["Choice", "carers, rural", "Delivery"]


def test_filters_stay_when_columns_are_chosen_and_columns_when_filters_are(staff_client):
    ProjectFactory(title="x")
    page = staff_client.get(LIST, {"columns": ["tags"], "q": "x", "order": "title"})
    text = page.content.decode()
    assert '<input type="hidden" name="columns" value="tags">' in text
    assert '<input type="hidden" name="order" value="title">' in text
    assert '<input type="hidden" name="q" value="x">' in text
    shown = staff_client.get(LIST, {"columns": ["tags"], "all": "1"}).content.decode()
    assert 'href="/staff/projects/?all=1&amp;columns=tags"' in shown


def test_list_can_be_ordered_by_title_and_paged_in_that_order(staff_client):
    for title in ["B", "C", "A"]:
        ProjectFactory(title=title)
    assert titles(staff_client.get(LIST, {"order": "title"})) == ["A", "B", "C"]
    assert titles(staff_client.get(LIST, {"order": "newest"})) == ["A", "C", "B"]
    assert len(titles(staff_client.get(LIST, {"order": "by magic"}))) == 3


def test_tag_and_late_milestones_can_be_filtered_by(staff_client, now):
    tagged, late = ProjectFactory(title="Tagged"), ProjectFactory(title="Late")
    set_tags(project=tagged, names=["rural"])
    MilestoneFactory(project=late, due_on=now.date())
    tag = tagged.tags.get()
    assert titles(staff_client.get(LIST, {"tag": tag.pk})) == ["Tagged"]
    assert titles(staff_client.get(LIST, {"late": "on"})) == ["Late"]
    Project.objects.filter(pk=late.pk).update(state=ProjectState.CLOSED)
    assert staff_client.get(LIST, {"late": "on"}).context["page"].rows == []


def test_projects_without_a_lead_can_be_asked_for(staff_client, staff):
    ProjectFactory(title="Led", lead=staff)
    ProjectFactory(title="Nobody leads it", lead=None)
    page = staff_client.get(LIST, {"lead": "none"})
    assert titles(page) == ["Nobody leads it"]
    assert [one.words for one in page.context["listing"].chosen] == ["Nobody yet"]


def test_each_filter_is_named_and_can_be_taken_away_alone(staff_client):
    ProjectFactory(title="Wales alone", nations=["wales"], model=DeliveryModel.GUIDE)
    asked = {"nation": ["wales", "scotland"], "model": "guide", "columns": ["lead"]}
    page = staff_client.get(LIST, asked)
    chosen = page.context["listing"].chosen
    assert [(one.label, one.words) for one in chosen] == [
        ("Delivery model", "Ask IMPACT guide"),
        ("Nation", "Wales"),
        ("Nation", "Scotland"),
    ]
    without = staff_client.get(LIST + chosen[1].url)
    assert without.context["page"].rows == []
    assert without.context["listing"].columns == ["lead"]


@pytest.mark.postgresql
@pytest.mark.parametrize("text", ["caring", "neighbour", '"good neighbours"'])
def test_words_of_the_same_stem_are_found(text, staff_client):
    ProjectFactory(title="Who cares", summary="Good neighbours cared for each other.")
    ProjectFactory(title="Other", summary="Nothing of it.")
    assert titles(staff_client.get(LIST, {"q": text})) == ["Who cares"]


@pytest.mark.postgresql
def test_full_text_is_read_from_its_index():
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = Project.objects.with_words("caring").order_by().explain()
    assert "project_full_text" in plan


@pytest.mark.parametrize("columns", [[], list(COLUMNS)])
def test_list_costs_the_same_for_1_and_for_30_whatever_its_columns(columns, staff_client):
    counts = []
    for more in [1, 29]:
        for _each in range(more):
            project = ProjectFactory(lead=UserFactory(), host=OrganisationFactory())
            project.topics.add(TopicFactory())
            set_tags(project=project, names=["rural"])
        staff_client.get(LIST, {"columns": columns})
        with CaptureQueriesContext(connection) as caught:
            staff_client.get(LIST, {"columns": columns})
        counts.append(len(caught))
    assert counts[0] == counts[1] <= (11 if columns else 8)


# --- Files ---------------------------------------------------------------------------------


def test_files_hold_what_is_shown(staff_client, now):
    ProjectFactory(title="B", model=DeliveryModel.GUIDE, starts_on=now.date(), lead=None)
    ProjectFactory(title="A", model=DeliveryModel.GUIDE)
    ProjectFactory(title="C", model=DeliveryModel.NETWORK)
    asked = {"model": "guide", "columns": ["lead", "starts_on"], "order": "title"}
    lines = rows_of(staff_client.get(reverse("projects:export", args=["csv"]), asked))
    assert lines[0] == ["Title", "Delivery model", "Lead", "Starts on", "Example data"]
    assert [line[0] for line in lines[1:]] == ["A", "B"]
    assert lines[2][2:4] == ["", now.date().isoformat()]
    answer = staff_client.get(reverse("projects:export", args=["xlsx"]), asked)
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert [row[0].value for row in sheet.iter_rows()] == ["Title", "A", "B"]
    assert staff_client.get(reverse("projects:export", args=["exe"])).status_code == 404


# --- Views that are kept -------------------------------------------------------------------


def keep(client, query, name="Mine", **more):
    return client.post(f"{reverse('projects:view-add')}?{query}", {"name": name, **more})


def test_what_the_list_shows_is_kept_under_a_name_and_opened_again(staff_client, staff):
    ProjectFactory(title="Wales", nations=["wales"])
    ProjectFactory(title="Elsewhere", nations=["england"])
    answer = keep(staff_client, "nation=wales&columns=lead&cursor=x&select=1&evil=1")
    view = SavedView.objects.get()
    assert (view.owner, view.query) == (staff, "nation=wales&columns=lead")
    assert answer.url == view.address
    page = staff_client.get(view.address)
    assert titles(page) == ["Wales"]
    assert 'aria-current="page">Mine' in " ".join(page.content.decode().split())


def test_list_opens_with_the_view_that_opens_first_and_shows_all_when_asked(staff_client):
    ProjectFactory(title="Elsewhere", nations=["england"])
    keep(staff_client, "nation=wales", "One", opens_first="on")
    keep(staff_client, "nation=scotland", "Two", opens_first="on")
    assert SavedView.objects.get(opens_first=True).name == "Two"
    assert staff_client.get(LIST).url == SavedView.objects.get(name="Two").address
    assert titles(staff_client.get(LIST, {"all": "1"})) == ["Elsewhere"]


def test_shared_view_is_seen_by_others_and_changed_by_its_owner_alone(staff_client):
    keep(staff_client, "model=guide", "Guides", is_shared="on")
    keep(staff_client, "model=network", "Secret")
    shared, own = SavedView.objects.order_by("name")
    colleague = Client()
    colleague.force_login(person_with(RoleKind.LEADERSHIP))
    page = colleague.get(LIST).content.decode()
    assert "Guides" in page
    assert "Secret" not in page
    for view, status in [(shared, 403), (own, 404)]:
        for name in ["view-edit", "view-remove"]:
            url = reverse(f"projects:{name}", args=[view.pk])
            assert colleague.post(url, {"name": "Taken"}).status_code == status
    assert sorted(view.name for view in SavedView.objects.all()) == ["Guides", "Secret"]


def test_shared_view_of_another_can_be_kept_as_ones_own_first_view(staff_client):
    keep(staff_client, "model=guide&order=title", "Guides", is_shared="on")
    colleague = Client()
    colleague.force_login(person_with(RoleKind.LEADERSHIP))
    add = f"{reverse('projects:view-add')}?model=guide&order=title"
    listed = colleague.get(reverse("projects:views")).content.decode()
    assert f'href="{add.replace("&", "&amp;")}"' in listed
    form = colleague.get(add).content.decode()
    for words in ["What is kept", "Delivery model: Ask IMPACT guide", "By title"]:
        assert words in " ".join(form.split())
    colleague.post(add, {"name": "Mine", "opens_first": "on"})
    assert colleague.get(LIST).url == SavedView.objects.get(name="Mine").address


def test_a_name_is_kept_once_by_each_person(staff_client, staff):
    keep(staff_client, "model=guide")
    page = keep(staff_client, "model=network").content.decode()
    assert page.count("You have a view of this name. Choose another.") == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedView.objects.create(owner=staff, name="Mine")
    SavedView.objects.create(owner=UserFactory(), name="Mine")


def test_view_is_renamed_and_removed(staff_client):
    keep(staff_client, "model=guide")
    view = SavedView.objects.get()
    staff_client.post(reverse("projects:view-edit", args=[view.pk]), {"name": "Guides"})
    view.refresh_from_db()
    assert (view.name, view.query) == ("Guides", "model=guide")
    gone = reverse("projects:view-remove", args=[view.pk])
    assert "Guides" in staff_client.get(gone).content.decode()
    page = staff_client.post(gone, follow=True)
    assert "No views yet" in page.content.decode()
    assert SavedView.objects.count() == 0


def test_view_of_what_is_no_longer_there_says_so_and_shows_the_rest(staff_client, staff):
    ProjectFactory(title="Guide", model=DeliveryModel.GUIDE)
    view = SavedView.objects.create(owner=staff, name="Old", query="model=guide&topic=99999")
    page = staff_client.get(view.address)
    assert "not there any more: Topic" in page.content.decode()
    assert titles(page) == ["Guide"]


def test_list_of_views_costs_the_same_for_1_and_for_30(staff_client):
    counts = []
    for start, end in [(0, 1), (1, 30)]:
        for number in range(start, end):
            SavedView.objects.create(owner=UserFactory(), name=f"View {number}", is_shared=True)
        with CaptureQueriesContext(connection) as caught:
            staff_client.get(reverse("projects:views"))
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 8


# --- Several at once -----------------------------------------------------------------------


def look(client, projects, **given):
    data = {"pick": [one.pk for one in projects], "step": "preview", "back": "model=guide"}
    return client.post(SEVERAL, data | given)


def confirmed(page, **given):
    seen = {f"seen-{line.project.pk}": line.seen for line in page.context["lines"]}
    picks = [line.project.pk for line in page.context["lines"]]
    return {"pick": picks, "step": "confirm", "back": "model=guide", **seen, **given}


def tags_of(project):
    return sorted(tag.name for tag in project.tags.all())


def test_tag_is_added_after_a_look_and_a_second_click_changes_nothing(staff_client, staff):
    bare, has = ProjectFactory(title="Bare"), ProjectFactory(title="Has it")
    set_tags(project=has, names=["Rural"])
    page = look(staff_client, [bare, has], deed="add_tag", tag="rural")
    assert [(line.before, line.after, line.changes) for line in page.context["lines"]] == [
        ("No tags", "Rural", True),
        ("Rural", "Rural", False),
    ]
    assert tags_of(bare) == []
    data = confirmed(page, deed="add_tag", tag="rural")
    answers = [staff_client.post(SEVERAL, data) for _twice in range(2)]
    assert {answer.url for answer in answers} == {f"{LIST}?all=1&model=guide"}
    assert (tags_of(bare), tags_of(has)) == (["Rural"], ["Rural"])
    [entry] = entries_of(bare)
    assert (entry.by, entry.changes["tags"]) == (staff, ["", "Rural"])
    assert list(entries_of(has)) == []


def test_lead_and_phase_are_changed_and_a_tag_is_taken_away(staff_client, staff):
    project, phase = ProjectFactory(lead=None), PhaseFactory()
    set_tags(project=project, names=["a", "b"])
    for given in [
        {"deed": "lead", "lead": staff.pk},
        {"deed": "phase", "phase": phase.pk},
        {"deed": "take_tag", "tag": "A"},
    ]:
        page = look(staff_client, [project], **given)
        staff_client.post(SEVERAL, confirmed(page, **given))
    project.refresh_from_db()
    assert (project.lead, project.phase, tags_of(project)) == (staff, phase, ["b"])


def test_what_somebody_changed_since_the_look_is_left_and_named(staff_client, staff):
    quiet, busy = ProjectFactory(title="Quiet"), ProjectFactory(title="Busy")
    given = {"deed": "lead", "lead": staff.pk}
    data = confirmed(look(staff_client, [quiet, busy], **given), **given)
    other = person_with(RoleKind.PROGRAMME_STAFF)
    Project.objects.filter(pk=busy.pk).update(lead=other)
    page = staff_client.post(SEVERAL, data, follow=True).content.decode()
    assert "1 project is changed." in page
    assert ": Busy." in page
    quiet.refresh_from_db()
    busy.refresh_from_db()
    assert (quiet.lead, busy.lead) == (staff, other)


def test_nobody_changes_what_they_do_not_run(client):
    client.force_login(person_with(RoleKind.NETWORKS_LEAD))
    network = ProjectFactory(title="A network", model=DeliveryModel.NETWORK)
    guide = ProjectFactory(title="B guide", model=DeliveryModel.GUIDE)
    page = look(client, [network, guide], deed="add_tag", tag="x")
    assert [line.problem for line in page.context["lines"]] == ["", "You do not run this project."]
    client.post(SEVERAL, confirmed(page, deed="add_tag", tag="x"))
    assert (tags_of(network), tags_of(guide)) == (["x"], [])


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({}, "What shall change in each of them"),
        ({"deed": "add_tag"}, "Say which."),
        ({"deed": "add_tag", "tag": "a, b"}, "One tag at a time, without a comma."),
        ({"deed": "lead", "lead": "99999"}, "New lead"),
        ({"deed": "take_tag", "tag": "a", "phase": "PHASE"}, "You chose “Take a tag away”."),
    ],
)
def test_what_is_missing_is_said_and_the_picks_stay(given, problem, staff_client):
    project = ProjectFactory(title="Picked")
    if "phase" in given:
        given = given | {"phase": PhaseFactory().pk}
    page = look(staff_client, [project], **given).content.decode()
    assert "There is a problem" in page
    assert problem in page
    assert f'name="pick" value="{project.pk}"' in " ".join(page.split())


def test_all_of_a_filtered_list_can_be_changed_and_no_more_than_can_be_looked_through(
    staff_client, monkeypatch
):
    for number in range(3):
        ProjectFactory(title=f"G{number}", model=DeliveryModel.GUIDE)
    ProjectFactory(title="Network", model=DeliveryModel.NETWORK)
    data = {"everything": "1", "back": "model=guide"}
    page = staff_client.post(SEVERAL, data)
    assert [row.title for row in page.context["rows"]] == ["G0", "G1", "G2"]
    monkeypatch.setattr("projects.several.MOST", 2)
    page = staff_client.post(SEVERAL, data)
    assert [row.title for row in page.context["rows"]] == ["G0", "G1"]
    assert "Only the first 2 by title" in page.content.decode()
    assert MOST == 200


@pytest.mark.parametrize("picks", [[], ["x"], ["9" * 30], ["0"]])
def test_picking_nothing_leads_back_to_the_list(picks, staff_client):
    ProjectFactory()
    answer = staff_client.post(SEVERAL, {"pick": picks, "back": "q=http://evil.example"})
    assert answer.url == f"{LIST}?all=1&q=http%3A%2F%2Fevil.example&select=1"
    assert staff_client.get(SEVERAL).status_code == 302


def test_the_look_costs_the_same_for_1_and_for_30(staff_client):
    counts = []
    for more in [1, 29]:
        for _each in range(more):
            set_tags(project=ProjectFactory(lead=UserFactory()), names=["rural"])
        with CaptureQueriesContext(connection) as caught:
            look(staff_client, Project.objects.all(), deed="add_tag", tag="new")
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_boxes_are_there_only_where_somebody_may_change_several(client, staff_client):
    ProjectFactory()
    assert 'name="pick"' in staff_client.get(LIST, {"select": "1"}).content.decode()
    other = Client()
    other.force_login(person_with(RoleKind.LEADERSHIP))
    assert 'name="pick"' not in other.get(LIST, {"select": "1"}).content.decode()
    assert other.post(SEVERAL, {}).status_code == 403


def test_lead_goes_from_one_person_to_another_of_the_same_name(staff_client):
    first, second = (
        person_with(RoleKind.PROGRAMME_STAFF, preferred_name="Ann Jones") for _one in range(2)
    )
    project = ProjectFactory(lead=first)
    given = {"deed": "lead", "lead": second.pk}
    preview = look(staff_client, [project], **given)
    seen = {f"seen-{line.project.pk}": line.seen for line in preview.context["lines"]}
    data = {"pick": [project.pk], "step": "confirm", **given, **seen}
    page = staff_client.post(SEVERAL, data, follow=True)
    assert "Change the lead, Ann Jones: 1 project is changed." in page.content.decode()
    project.refresh_from_db()
    assert project.lead == second


def test_a_filter_that_is_gone_widens_neither_a_change_nor_a_file(staff_client):
    project = ProjectFactory()
    gone = "tag=99999"
    page = staff_client.post(SEVERAL, {"everything": "1", "back": gone}, follow=True)
    assert "not there any more: Tag" in page.content.decode()
    export = reverse("projects:export", args=["csv"])
    assert staff_client.get(f"{export}?{gone}").status_code == 302
    assert project.title in titles(staff_client.get(LIST, {"all": "1"}))


def test_a_list_that_asks_for_too_much_is_not_kept_by_halves(staff_client):
    host = "\U0001f49a" * 100
    page = keep(staff_client, urlencode({"q": host, "host": host}))
    assert "Take one of its filters away." in page.content.decode()
    assert not SavedView.objects.exists()
