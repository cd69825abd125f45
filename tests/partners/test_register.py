"""The register: finding, filtering, exporting; one organisation with its history."""

import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleKind
from expressions.enums import ConflictState
from expressions.models import Conflict
from partners import search
from partners.models import Organisation, OrganisationIdentifier
from reports.building import build_waiting
from reports.models import ReportRun
from tests.accounts.factories import UserFactory, person_with
from tests.expressions.factories import ExpressionFactory, SubmittedFactory
from tests.partners.factories import (
    ContactFactory,
    OrganisationFactory,
    OutreachFactory,
    contact_of,
)
from tests.projects.factories import ContributionFactory, ProjectFactory

pytestmark = pytest.mark.django_db


def found(client, query):
    return client.get(reverse("partners:register") + query).context["page"].rows


def numbered(organisation, scheme, value):
    return OrganisationIdentifier.objects.create(
        organisation=organisation, scheme=scheme, value=value
    )


@pytest.mark.parametrize(
    "text", ["GB-CHC-1123456", "gb-chc-1123456", "1123456", "01123456", "11234", "swansea carers"]
)
def test_organisation_is_found_by_its_number_or_by_words_in_any_order(text):
    there = OrganisationFactory(name="Carers of the Gower", place="Swansea")
    numbered(there, "GB-CHC", "1123456")
    numbered(OrganisationFactory(name="Swansea", place="Leeds"), "GB-CHC", "7654321")
    assert list(search.with_words(Organisation.objects.all(), text)) == [there]


def test_each_filter_narrows_the_register(staff_client):
    wanted = OrganisationFactory(
        name="Wanted", seldom_heard_links="Travellers", is_first_timer=True, size="tiny"
    )
    ContactFactory(organisation=wanted)
    OrganisationFactory(name="Unwanted")
    for query in ("seldom_heard=yes", "contact=yes", "is_first_timer=yes", "size=tiny"):
        assert found(staff_client, f"?{query}") == [wanted], query
    for query in ("seldom_heard=no", "contact=no", "is_first_timer=no"):
        assert wanted not in found(staff_client, f"?{query}"), query


def test_history_filter_tells_who_applied_who_hosts_and_who_did_neither(staff_client):
    applied = SubmittedFactory().organisation
    draft = ExpressionFactory().organisation
    host = ProjectFactory(host=OrganisationFactory()).host
    assert found(staff_client, "?history=expressions") == [applied]
    assert found(staff_client, "?history=projects") == [host]
    assert found(staff_client, "?history=none") == [draft]


def test_what_a_conflict_hides_narrows_no_list_and_stands_on_no_page(staff_client, staff):
    hidden = SubmittedFactory()
    Conflict.objects.create(expression=hidden, person=staff, state=ConflictState.SUGGESTED)
    assert found(staff_client, "?history=expressions") == []
    page = staff_client.get(hidden.organisation.get_absolute_url()).content.decode()
    assert hidden.reference not in page


def test_page_tells_what_we_did_together_to_those_who_may_see_it(client):
    sent = SubmittedFactory()
    there = sent.organisation
    project = ProjectFactory(host=there)
    given = ContributionFactory(partner=there, title="A round table")
    for person, sees in ((person_with(RoleKind.LEADERSHIP), True), (contact_of(there), False)):
        client.force_login(person)
        page = client.get(there.get_absolute_url()).content.decode()
        assert sent.reference in page
        assert project.title in page
        assert (given.title in page) == sees


def test_page_says_who_no_longer_speaks_for_it(staff_client):
    there = OrganisationFactory()
    contact_of(there, preferred_name="Bronwen")
    assert "any more" not in staff_client.get(there.get_absolute_url()).content.decode()
    ContactFactory(organisation=there, person=UserFactory(preferred_name="Rhys"))
    assert "any more" in staff_client.get(there.get_absolute_url()).content.decode()


def test_page_costs_the_same_with_one_and_with_thirty_of_everything(staff_client):
    there = OrganisationFactory()
    counts = []
    for size in (1, 29):
        for number in range(size):
            contact_of(there)
            OutreachFactory(organisation=there)
            SubmittedFactory(organisation=there)
            ProjectFactory(host=there)
            numbered(there, "GB-NHS", f"R{size}{number}")
        with CaptureQueriesContext(connection) as queries:
            assert staff_client.get(there.get_absolute_url()).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15


def test_history_of_changes_reads_as_sentences(staff_client):
    there = OrganisationFactory(name="Before")
    url = reverse("partners:change", args=[there.pk])
    seen = staff_client.get(url).context["form"]["seen"].value()
    links = {"seldom_heard_links": "Travellers", "about": ""}
    staff_client.post(
        url, {"name": "After", "kind": there.kind, "nation": "wales", "seen": seen, **links}
    )
    page = staff_client.get(reverse("partners:history", args=[there.pk])).content.decode()
    assert "Changed name from “Before” to “After”" in page
    assert "Changed links with people who are seldom heard" in page


def test_history_of_what_never_changed_says_what_will_be_there(staff_client):
    page = staff_client.get(reverse("partners:history", args=[OrganisationFactory().pk]))
    assert "will be listed here" in page.content.decode()


@pytest.mark.parametrize("name", ["history", "merge-choose", "outreach-add"])
def test_pages_of_staff_are_closed_to_the_organisation_itself(client, name):
    there = OrganisationFactory()
    client.force_login(contact_of(there))
    assert client.get(reverse(f"partners:{name}", args=[there.pk])).status_code == 403


def test_excel_file_has_the_filtered_rows_as_text(staff_client, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    numbered(OrganisationFactory(name="=cmd()", kind="charity"), "GB-CHC", "1123456")
    OrganisationFactory(kind="council")
    response = staff_client.post(reverse("partners:excel") + "?kind=charity&cursor=x")
    build_waiting(now=timezone.now())
    run = ReportRun.objects.get()
    assert response.url == run.get_absolute_url()
    download = reverse("reports:download", args=[run.pk, "xlsx"])
    book = openpyxl.load_workbook(io.BytesIO(staff_client.get(download).getvalue()))
    rows = list(book.active.iter_rows(values_only=True))
    assert len(rows) == 2
    assert (rows[1][0], rows[1][8]) == ("=cmd()", "GB-CHC-1123456")
    assert book.active["A2"].data_type == "s"


def test_second_press_for_the_excel_file_asks_once(staff_client):
    for _click in range(2):
        staff_client.post(reverse("partners:excel"))
    assert ReportRun.objects.count() == 1


def test_pages_of_the_register_go_on_from_one_to_the_next(staff_client):
    OrganisationFactory.create_batch(60)
    first = staff_client.get(reverse("partners:register")).context["page"]
    rest = found(staff_client, f"?cursor={first.next_cursor}")
    assert len({one.pk for one in [*first.rows, *rest]}) == 60
