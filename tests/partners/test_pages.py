"""The pages about organisations."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import RoleKind
from core.enums import AuditAction
from core.models import AuditEntry
from partners.models import JoinRequest, Organisation
from tests.accounts.factories import UserFactory, person_with
from tests.partners.factories import OrganisationFactory, contact_of

pytestmark = pytest.mark.django_db

NEW = {"name": "Our group", "kind": "user_led", "nation": "wales", "job_title": "Volunteer"}


@pytest.fixture
def signed_in(client, somebody):
    client.force_login(somebody)
    return client


def text(response):
    return response.content.decode()


def test_new_organisation_leads_on_to_where_one_came_from(signed_in):
    response = signed_in.post(f"{reverse('partners:add')}?next=/calls/", NEW)
    assert (response.status_code, response.url) == (302, "/calls/")
    assert Organisation.objects.get().contacts.get().job_title == "Volunteer"


@pytest.mark.parametrize("address", ["https://evil.example", "//evil.example", "javascript:x"])
def test_new_organisation_never_leads_out_of_the_portal(signed_in, address):
    response = signed_in.post(f"{reverse('partners:add')}?next={address}", NEW)
    assert response.url == Organisation.objects.get().get_absolute_url()


def test_same_name_suggests_joining_and_shows_no_people(signed_in):
    there = OrganisationFactory(name="OUR GROUP", place="Newport")
    contact_of(there, preferred_name="Secret Person")
    response = signed_in.post(reverse("partners:add"), NEW)
    page = text(response)
    assert Organisation.objects.count() == 1
    assert reverse("partners:join", args=[there.pk]) in page
    assert "Newport" in page
    assert "Secret Person" not in page


def test_misspelt_name_suggests_joining_with_place_and_nation(signed_in):
    found = OrganisationFactory(name="Swansea carers' circle", place="Swansea", nation="wales")
    response = signed_in.post(reverse("partners:add"), {**NEW, "name": "Swansae carers circle"})
    page = response.content.decode()
    assert reverse("partners:join", args=[found.pk]) in page
    assert "Swansea, Wales" in page


def test_another_of_the_same_name_can_be_made_when_one_says_so(signed_in):
    OrganisationFactory(name="Our group")
    signed_in.post(reverse("partners:add"), {**NEW, "is_another": "on"})
    assert Organisation.objects.count() == 2


def test_new_organisation_without_answers_names_what_is_missing(signed_in):
    response = signed_in.post(reverse("partners:add"), {})
    assert sorted(response.context["form"].errors) == ["kind", "name", "nation"]


def test_first_page_of_the_form_and_of_my_organisations_open(signed_in):
    for name in ("add", "mine", "join-requests"):
        assert signed_in.get(reverse(f"partners:{name}")).status_code == 200


def test_asking_to_join_makes_a_request(signed_in, somebody):
    there = OrganisationFactory()
    url = reverse("partners:join", args=[there.pk])
    assert signed_in.get(url).status_code == 200
    signed_in.post(url, {"job_title": "Trustee", "message": "It is me"})
    request = JoinRequest.objects.get()
    assert (request.person, request.organisation) == (somebody, there)
    assert there.name in text(signed_in.get(reverse("partners:mine")))


def test_a_contact_who_asks_again_is_led_to_the_organisation(client):
    there = OrganisationFactory()
    client.force_login(contact_of(there))
    response = client.post(reverse("partners:join", args=[there.pk]), {})
    assert response.url == there.get_absolute_url()
    assert JoinRequest.objects.count() == 0


def test_contact_accepts_on_the_page(client, somebody):
    there = OrganisationFactory()
    request = JoinRequest.objects.create(organisation=there, person=somebody)
    client.force_login(contact_of(there))
    assert client.get(request.get_absolute_url()).status_code == 200
    client.post(request.get_absolute_url(), {"decision": "accept"})
    assert there.contacts.filter(person=somebody).exists()
    assert "Yes" in text(client.get(request.get_absolute_url()))


def test_refusing_on_the_page_asks_for_a_reason(client, somebody):
    there = OrganisationFactory()
    request = JoinRequest.objects.create(organisation=there, person=somebody)
    client.force_login(contact_of(there))
    response = client.post(request.get_absolute_url(), {"decision": "refuse"})
    assert sorted(response.context["form"].errors) == ["reason"]


def test_deciding_what_a_colleague_has_decided_is_said_plainly(client, somebody):
    there = OrganisationFactory()
    request = JoinRequest.objects.create(organisation=there, person=somebody)
    client.force_login(contact_of(there))
    client.post(request.get_absolute_url(), {"decision": "accept"})
    response = client.post(
        request.get_absolute_url(), {"decision": "refuse", "reason": "No"}, follow=True
    )
    assert "Somebody may have changed this before you" in text(response)


def test_whoever_asked_sees_the_request_and_cannot_decide_it(signed_in, somebody):
    request = JoinRequest.objects.create(organisation=OrganisationFactory(), person=somebody)
    page = text(signed_in.get(request.get_absolute_url()))
    assert "May they speak" not in page
    assert signed_in.post(request.get_absolute_url(), {"decision": "accept"}).status_code == 403


@pytest.mark.parametrize("name", ["organisation", "change"])
def test_organisation_of_others_does_not_exist_for_a_contact(client, name):
    client.force_login(contact_of(OrganisationFactory()))
    url = reverse(f"partners:{name}", args=[OrganisationFactory().pk])
    assert client.get(url).status_code == 404


def test_request_of_others_does_not_exist_for_a_contact(client, somebody):
    request = JoinRequest.objects.create(organisation=OrganisationFactory(), person=somebody)
    client.force_login(contact_of(OrganisationFactory()))
    assert client.get(request.get_absolute_url()).status_code == 404


def test_contact_changes_the_details_and_the_audit_keeps_the_old_ones(client):
    there = OrganisationFactory(name="Before", place="Hull")
    client.force_login(contact_of(there))
    url = reverse("partners:change", args=[there.pk])
    seen = client.get(url).context["form"]["seen"].value()
    sent = {"name": "After", "kind": there.kind, "nation": "wales", "place": "Hull", "seen": seen}
    assert client.post(url, sent).status_code == 302
    entry = AuditEntry.objects.get(action=AuditAction.CHANGED)
    assert entry.changes == {"name": ["Before", "After"], "nation": ["England", "Wales"]}
    assert "After" in text(client.get(there.get_absolute_url()))


def test_second_contact_to_change_the_details_is_told_and_may_save_again(client):
    there = OrganisationFactory(name="Before")
    client.force_login(contact_of(there))
    url = reverse("partners:change", args=[there.pk])
    seen = client.get(url).context["form"]["seen"].value()
    sent = {"name": "First", "kind": there.kind, "nation": "wales", "seen": seen}
    client.post(url, sent)
    late = client.post(url, {**sent, "name": "Second"})
    assert "Somebody else changed these details" in text(late)
    assert Organisation.objects.get(pk=there.pk).name == "First"
    client.post(url, {**sent, "name": "Second", "seen": late.context["form"]["seen"].value()})
    assert Organisation.objects.get(pk=there.pk).name == "Second"


def test_leadership_reads_an_organisation_and_cannot_change_it(client):
    client.force_login(person_with(RoleKind.LEADERSHIP))
    there = OrganisationFactory()
    assert client.get(there.get_absolute_url()).status_code == 200
    assert client.get(reverse("partners:change", args=[there.pk])).status_code == 403


@pytest.mark.parametrize("name", ["register", "export"])
def test_register_is_closed_to_partners(client, name):
    client.force_login(contact_of(OrganisationFactory()))
    assert client.get(reverse(f"partners:{name}")).status_code == 403


def test_register_is_filtered_by_words_kind_and_nation(staff_client):
    wanted = OrganisationFactory(name="Swansea carers", kind="carer_led", nation="wales")
    OrganisationFactory(name="Swansea council", kind="council", nation="wales")
    OrganisationFactory(name="Leeds carers", kind="carer_led", nation="england")
    query = "?name=swansea&kind=carer_led&kind=charity&nation=wales"
    response = staff_client.get(reverse("partners:register") + query)
    assert response.context["page"].rows == [wanted]


def test_register_says_what_will_be_here_when_nothing_fits(staff_client):
    page = text(staff_client.get(reverse("partners:register") + "?name=nothing"))
    assert "No organisation fits" in page


def test_register_costs_the_same_at_one_row_and_at_thirty(staff_client):
    counts = []
    for size in (1, 29):
        OrganisationFactory.create_batch(size)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert staff_client.get(reverse("partners:register")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


def test_export_has_the_filtered_rows_and_no_live_formula(staff_client):
    OrganisationFactory(name="=cmd()", kind="charity")
    OrganisationFactory(kind="council")
    response = staff_client.get(reverse("partners:export") + "?kind=charity")
    lines = b"".join(response.streaming_content).decode().splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("'=cmd(),Charity,England")


def test_visitor_is_sent_to_sign_in_and_back(client):
    response = client.get(reverse("partners:mine"))
    assert response.url.startswith("/account/login/?next=/organisations/")


def test_page_of_an_organisation_names_its_contacts(client):
    there = OrganisationFactory()
    client.force_login(contact_of(there, preferred_name="Bronwen"))
    JoinRequest.objects.create(organisation=there, person=UserFactory(preferred_name="Rhys"))
    page = text(client.get(there.get_absolute_url()))
    assert "Bronwen" in page
    assert "Answer Rhys" in page
