"""The lists: filters, search, pages, files, and how many queries they cost."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from core.enums import Nation
from projects.enums import ContributionKind, DeliveryModel, ProjectState, Rag
from tests.accounts.factories import UserFactory
from tests.partners.factories import OrganisationFactory
from tests.projects.factories import (
    ContributionFactory,
    MilestoneFactory,
    PhaseFactory,
    ProjectFactory,
    TopicFactory,
    UpdateFactory,
)

pytestmark = pytest.mark.django_db


def _titles(client, query, name="list"):
    page = client.get(f"{reverse(f'projects:{name}')}?{query}").context["page"]
    return [row["title"] if isinstance(row, dict) else row.title for row in page.rows]


@pytest.fixture
def two(staff):
    """A project, and one that differs from it in everything that can be filtered by."""
    topic, phase = TopicFactory(state="in_programme"), PhaseFactory()
    wanted = ProjectFactory(
        title="Time off for carers",
        summary="100% of the % time",
        model=DeliveryModel.GUIDE,
        nations=[Nation.WALES, Nation.ENGLAND],
        state=ProjectState.LIVE,
        rag=Rag.RED,
        lead=staff,
        phase=phase,
        host=OrganisationFactory(name="Valley Circle"),
    )
    wanted.topics.add(topic)
    ProjectFactory(nations=[Nation.SCOTLAND], lead=UserFactory(), host=OrganisationFactory())
    return {"topic": topic.pk, "phase": phase.pk, "lead": staff.pk}


@pytest.mark.parametrize(
    "query",
    [
        "model=guide",
        "nation=wales",
        "nation=england&nation=wales",
        "state=live&state=closed",
        "rag=red",
        "topic={topic}",
        "phase={phase}",
        "lead={lead}",
        "host=valley",
        "q=carers",
        "q=CARERS+time",
        "q=100%25",
        "model=guide&nation=wales&state=live&rag=red&topic={topic}&phase={phase}&lead={lead}&q=off",
    ],
)
def test_each_filter_finds_what_fits_and_nothing_else(query, two, staff_client):
    assert _titles(staff_client, query.format(**two)) == ["Time off for carers"]


def test_filters_that_fit_nothing_say_so_and_show_the_way_back(two, staff_client):
    page = staff_client.get(reverse("projects:list"), {"q": "nowhere"})
    assert page.context["page"].rows == []
    assert "No project fits these filters" in page.content.decode()


@pytest.mark.parametrize("query", ["state=bogus", "lead=99999999999999999999", "q=%00", "cursor=x"])
def test_filter_that_makes_no_sense_is_answered_in_words(query, two, staff_client):
    assert len(_titles(staff_client, query)) == 2


def test_pages_of_the_list_hold_each_project_once(staff_client):
    made = [ProjectFactory().title for _ in range(60)]
    url = reverse("projects:list")
    first = staff_client.get(url).context["page"]
    second = staff_client.get(url, {"cursor": first.next_cursor}).context["page"]
    shown = [project["title"] for project in [*first.rows, *second.rows]]
    assert shown == list(reversed(made))


PAGES = ["list", "late-milestones", "drafts", "contributions", "public-list", "export"]


def page_url(name):
    return reverse(f"projects:{name}", args=["csv"] if name == "export" else [])


def _rows_of_everything(count, staff, now):
    for _ in range(count):
        project = ProjectFactory(lead=UserFactory(), host=OrganisationFactory(), is_public=True)
        project.topics.add(TopicFactory())
        MilestoneFactory(project=project, due_on=now.date())
        UpdateFactory(project=project, written_by=staff)
        ContributionFactory(project=project, partner=OrganisationFactory())


@pytest.mark.parametrize("name", PAGES)
def test_queries_do_not_grow_with_the_rows(name, staff, staff_client, now):
    counts = []
    for more in [1, 29]:
        _rows_of_everything(more, staff, now)
        staff_client.get(page_url(name))  # the panel without a choice is kept
        with CaptureQueriesContext(
            connection,
        ) as caught:
            response = staff_client.get(page_url(name))
            b"".join(response) if response.streaming else response.content
        assert response.status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 8


def test_new_option_can_be_chosen_at_once_though_the_blank_panel_is_kept(staff_client):
    url = reverse("projects:list")
    assert "Voices" not in staff_client.get(url).content.decode()
    topic = TopicFactory(title="Voices")
    assert "Voices" not in staff_client.get(url).content.decode()
    ProjectFactory(title="Heard").topics.add(topic)
    ProjectFactory()
    page = staff_client.get(url, {"topic": topic.pk})
    assert [row["title"] for row in page.context["page"].rows] == ["Heard"]
    assert f'<option value="{topic.pk}" selected>Voices</option>' in page.content.decode()


def test_kept_words_are_those_of_the_page_s_language(staff_client):
    ProjectFactory(state=ProjectState.LIVE, nations=list(Nation))
    pages = {}
    for language in ["en-gb", "cy", "en-gb"]:
        staff_client.cookies["django_language"] = language
        pages.setdefault(language, staff_client.get(reverse("projects:list")).content.decode())
    assert "All four nations" in pages["en-gb"]
    assert pages["cy"] != pages["en-gb"]
    with translation.override("cy"):
        for words in [str(ProjectState.LIVE.label), str(ProjectState.STOPPED.label)]:
            assert words in pages["cy"]


def test_row_without_lead_host_or_nations_says_so(staff_client):
    ProjectFactory(lead=None, host=None, nations=[])
    row = staff_client.get(reverse("projects:list")).context["page"].rows[0]
    assert row["cells"][2:] == ["", "Nobody yet"]


def _csv(response):
    text = b"".join(response).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_file_holds_the_list_as_it_is_filtered(two, staff_client):
    ProjectFactory(title="=2+5", nations=[], model=DeliveryModel.GUIDE)
    url = reverse("projects:export", args=["csv"])
    rows = _csv(staff_client.get(url, {"model": "guide"}))
    assert rows[0] == [
        "Title", "Delivery model", "Status", "Going", "Where", "Lead", "Example data",
    ]  # fmt: skip
    assert [row[0] for row in rows[1:]] == ["'=2+5", "Time off for carers"]
    assert rows[2][1] == "Ask IMPACT guide"
    assert rows[2][4].startswith("England, Wales")
    assert [len(row) for row in rows] == [7, 7, 7]


def test_contributions_are_listed_and_exported_by_kind(staff_client):
    ContributionFactory(kind=ContributionKind.EVENT, title="Panel")
    ContributionFactory(kind=ContributionKind.CAMPAIGN, title="Love care", project=None)
    page = staff_client.get(reverse("projects:contributions"), {"kind": "campaign"})
    assert [row.title for row in page.context["page"].rows] == ["Love care"]
    rows = _csv(staff_client.get(reverse("projects:contributions-export"), {"kind": "event"}))
    assert [row[0] for row in rows] == ["Title", "Panel"]


def test_public_pages_name_no_topic_that_is_only_suggested(client):
    shown, hidden = TopicFactory(title="Carers", state="in_programme"), TopicFactory(title="Secret")
    project = ProjectFactory(is_public=True)
    project.topics.set([shown, hidden])
    for address in [reverse("projects:public-list"), project.public_url]:
        page = client.get(address).content.decode()
        assert "Carers" in page
        assert "Secret" not in page


def test_public_list_holds_public_projects_alone(client):
    ProjectFactory(title="Hidden")
    ProjectFactory(title="Shown", is_public=True)
    assert _titles(client, "", "public-list") == ["Shown"]
    assert _titles(client, "q=hidden", "public-list") == []


@pytest.mark.parametrize("query", ["model=guide", "nation=england", "q=carers", "topic={topic}"])
def test_public_filters_find_what_fits(query, two, client):
    from projects.models import Project

    Project.objects.update(is_public=True)
    titles = _titles(client, query.format(**two), "public-list")
    assert titles == ["Time off for carers"]
