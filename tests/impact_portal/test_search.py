"""Search: who finds what, also with a typing error, and what odd words do."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import RoleKind
from expressions.enums import AssessmentState, ConflictState
from expressions.models import Assessment, Conflict
from impact_portal.search import engine, selectors
from impact_portal.search.engine import LONGEST, MOST_WORDS, words_of
from impact_portal.search.kinds import search_kinds
from impact_portal.search.views import page_number
from projects.enums import Audience, UpdateState
from tests.accounts.factories import UserFactory, person_with
from tests.coproduction.factories import charter_with_clauses, member_of
from tests.expressions.factories import CallFactory, SubmittedFactory
from tests.guides.factories import ResourceFactory
from tests.meetings.factories import GroupFactory, MeetingFactory
from tests.meetings.factories import member_of as joins
from tests.partners.factories import OrganisationFactory, contact_of
from tests.projects.factories import ProjectFactory, UpdateFactory

pytestmark = pytest.mark.django_db

on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="only PostgreSQL forgives typing errors"
)


def found(user, text):
    return {group.key: [hit.title for hit in group.hits] for group in selectors.search(user, text)}


@pytest.mark.parametrize("typed", ["choice", "CHOICE control", "oice"])
def test_words_are_found_in_any_order_and_case(staff, typed):
    ProjectFactory(title="Choice and control")
    assert found(staff, typed) == {"projects": ["Choice and control"]}


@on_postgresql
@pytest.mark.parametrize("typed", ["neihbourhood", "neighborhood", "nieghbourhood", "hosptial"])
def test_a_typing_error_is_forgiven(staff, typed):
    ProjectFactory(title="Neighbourhood care after hospital")
    ProjectFactory(title="Something else")
    assert found(staff, typed) == {"projects": ["Neighbourhood care after hospital"]}


def test_what_has_the_word_itself_comes_before_what_is_nearly_like_it(staff):
    ProjectFactory(title="Carers together")
    ProjectFactory(title="Carer together")
    assert found(staff, "carers")["projects"][0] == "Carers together"


@pytest.mark.parametrize("typed", ["", "   ", "\0", "\n\t", "\u202e"])
def test_nothing_typed_finds_nothing_and_says_what_will_be_here(client, staff, typed):
    ProjectFactory(title="Choice and control")
    client.force_login(staff)
    page = client.get(reverse("search:results"), {"q": typed})
    assert (page.status_code, page.context["groups"], page.context["asked"]) == (200, [], False)


@pytest.mark.parametrize("typed", ["%", "_", "100%", "\\", "'", '"', "a' OR 1=1 --", "(", "*"])
def test_signs_stand_for_themselves(client, staff, typed):
    ProjectFactory(title="Choice and control")
    client.force_login(staff)
    for address in [reverse("search:results"), reverse("search:kind", args=["projects"])]:
        page = client.get(address, {"q": typed})
        assert page.status_code == 200
        assert "Choice and control" not in page.content.decode()


def test_a_sign_is_found_where_it_stands(staff):
    ProjectFactory(title="100% more say")
    ProjectFactory(title="1000 more say")
    assert found(staff, "100%") == {"projects": ["100% more say"]}


@pytest.mark.parametrize("typed", ["a" * 1_000_000, "b " * 500_000, "\ud800x", "💚" * 300])
def test_no_more_is_read_than_a_search_needs(client, staff, typed):
    words = words_of(typed)
    assert len(words) <= MOST_WORDS
    assert sum(map(len, words)) <= LONGEST
    assert selectors.search(staff, typed) == []


def test_somebody_without_a_role_finds_what_everybody_may_read(somebody):
    ProjectFactory(title="Hidden oak", is_public=False)
    ProjectFactory(title="Public oak", is_public=True)
    hidden, public = ProjectFactory(is_public=False), ProjectFactory(is_public=True)
    for project, words in [(hidden, "Hidden elm"), (public, "Public elm")]:
        UpdateFactory(
            project=project, title=words, audience=Audience.PUBLIC, state=UpdateState.DRAFT
        )
    CallFactory(title="Oak being written", state="draft")
    CallFactory(title="Oak for all")
    OrganisationFactory(name="Oak trust")
    MeetingFactory(title="Oak meeting")
    UserFactory(preferred_name="Oak Person")
    assert found(somebody, "oak") == {"projects": ["Public oak"], "calls": ["Oak for all"]}
    assert found(somebody, "elm") == {}


def test_people_are_found_by_those_alone_who_may_see_the_list_of_people(staff, manager):
    UserFactory(preferred_name="Rowan Ash", email="rowan@example.org")
    assert found(manager, "rowan") == {"people": ["Rowan Ash"]}
    assert found(staff, "rowan") == {}


def test_a_conflict_hides_an_expression_also_from_staff(staff):
    expression = SubmittedFactory(organisation=OrganisationFactory(name="Ashgrove"))
    assert "expressions" in found(staff, "ashgrove")
    Conflict.objects.create(expression=expression, person=staff, state=ConflictState.SUGGESTED)
    assert "expressions" not in found(staff, "ashgrove")
    assert "expressions" not in found(staff, expression.reference)


def test_an_assessor_finds_an_expression_once_they_said_that_they_have_no_conflict(now):
    expression = SubmittedFactory(organisation=OrganisationFactory(name="Ashgrove"))
    assessor = person_with(RoleKind.ASSESSOR, expression.call)
    assert found(assessor, "ashgrove") == {}
    Assessment.objects.create(
        expression=expression,
        assessor=assessor,
        state=AssessmentState.ASSIGNED,
        assigned_at=now,
    )
    assert found(assessor, "ashgrove") == {}
    conflict = Conflict.objects.create(
        expression=expression, person=assessor, state=ConflictState.CLEARED, decided_at=now
    )
    assert found(assessor, "ashgrove") == {"expressions": [f"Ashgrove {expression.reference}"]}
    Conflict.objects.filter(pk=conflict.pk).update(state=ConflictState.DECLARED)
    assert found(assessor, "ashgrove") == {}


def test_words_may_stand_in_different_tables(staff):
    organisation = OrganisationFactory(name="Lighthouse neighbours")
    SubmittedFactory(organisation=organisation, reference="EOI-77")
    SubmittedFactory(reference="EOI-78")
    hits = found(staff, "lighthouse eoi-77")["expressions"]
    assert [title.split()[-1] for title in hits] == ["EOI-77"]


def test_a_field_of_another_table_is_asked_by_itself(staff):
    """Joined by "or" with one of its own table no index serves it: both tables would be read."""
    kind = search_kinds.get("expressions")
    words = ["lihgthouse"]
    rows = engine.matching(kind.rows(staff), words, titles=kind.titles, texts=kind.texts)
    organisations, own = str(rows.query).split(" UNION ")
    assert "reference" not in organisations.rpartition(" IN (SELECT")[2]
    assert "partners_organisation" not in own.partition("ORDER BY")[0]


def test_a_contact_finds_what_is_their_organisations_and_not_what_is_anothers():
    ours, theirs = SubmittedFactory(), SubmittedFactory()
    contact = contact_of(ours.organisation)
    type(ours.organisation).objects.filter(pk=ours.organisation_id).update(name="Ashgrove one")
    type(ours.organisation).objects.filter(pk=theirs.organisation_id).update(name="Ashgrove two")
    assert found(contact, "ashgrove") == {
        "organisations": ["Ashgrove one"],
        "expressions": [f"Ashgrove one {ours.reference}"],
    }


def test_a_member_finds_the_meetings_of_their_group_alone():
    group = GroupFactory()
    MeetingFactory(group=group, title="Ashgrove ours")
    MeetingFactory(title="Ashgrove theirs")
    assert found(joins(group), "ashgrove") == {"meetings": ["Ashgrove ours"]}


def test_a_clause_is_found_by_its_words_by_members_and_not_by_others(somebody):
    charter = charter_with_clauses()
    assert found(member_of(charter), "three meetings") == {"clauses": ["Three meetings"]}
    assert found(somebody, "three meetings") == {}


@pytest.mark.parametrize("name", ["results", "kind"])
def test_search_costs_the_same_at_one_row_and_at_30(client, staff, name):
    client.force_login(staff)
    address = (
        reverse("search:results")
        if name == "results"
        else reverse("search:kind", args=["projects"])
    )

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address, {"q": "oak"}).status_code == 200
        return len(queries)

    def plant(number):
        for _one in range(number):
            ProjectFactory(title="Oak")
            SubmittedFactory(organisation=OrganisationFactory(name="Oak"))
            MeetingFactory(title="Oak")

    plant(1)
    once = cost()
    plant(29)
    assert cost() == once
    # One query a kind; the person, the session, the roles; begin, likeness and end.
    assert once <= len(list(search_kinds)) + 7


def test_more_of_a_kind_is_paged(client, staff):
    client.force_login(staff)
    for _one in range(30):
        ProjectFactory(title="Oak")
    [group] = selectors.search(staff, "oak")
    assert (len(group.hits), group.more, group.count_words) == (5, True, "30 results")
    address = reverse("search:kind", args=["projects"])
    first, second = (client.get(address, {"q": "oak", "page": page}) for page in [1, 2])
    assert [len(page.context["group"].hits) for page in [first, second]] == [25, 5]
    titles = {hit.url for page in [first, second] for hit in page.context["group"].hits}
    assert len(titles) == 30


def test_an_unknown_kind_is_not_found(staff_client):
    assert staff_client.get(reverse("search:kind", args=["secrets"])).status_code == 404


@pytest.mark.parametrize("text", ["", "0", "-1", "x", "²", "٣", "9" * 40])
def test_a_page_that_is_none_is_one_that_can_be(text):
    assert page_number(text) == 1


def test_the_page_promises_what_its_database_can_do(staff_client):
    page = staff_client.get(reverse("search:results")).content.decode()
    assert ("nearly right" in page) is (connection.vendor == "postgresql")
    assert ("has to be spelled" in page) is (connection.vendor != "postgresql")


def test_search_of_a_partner_costs_the_same_at_one_project_and_at_30(client):
    organisation = OrganisationFactory()
    client.force_login(contact_of(organisation))

    def cost():
        with CaptureQueriesContext(connection) as queries:
            page = client.get(reverse("search:kind", args=["projects"]), {"q": "oak"})
            assert page.status_code == 200
        return len(queries)

    ProjectFactory(title="Oak", is_public=True, host=OrganisationFactory())
    once = cost()
    for _one in range(24):
        ProjectFactory(title="Oak", is_public=True, host=OrganisationFactory())
    assert cost() == once


def test_what_was_withdrawn_from_the_library_is_not_found(somebody):
    ResourceFactory(title="Old oak", status="withdrawn")
    assert found(somebody, "oak") == {}
