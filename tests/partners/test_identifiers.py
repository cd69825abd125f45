"""Numbers of public registers: one form, one organisation."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from core.models import AuditEntry
from partners import services
from partners.enums import Scheme
from partners.identifiers import RULES, normalise, split_code
from partners.models import OrganisationIdentifier
from tests.partners.factories import OrganisationFactory, contact_of


@pytest.mark.parametrize(
    ("scheme", "typed", "kept"),
    [
        ("GB-CHC", " 1123 456 ", "1123456"),
        ("GB-CHC", "0212345", "212345"),
        ("GB-CHC", "gb-chc-1123456", "1123456"),
        ("GB-SC", "sc 12345", "SC012345"),
        ("GB-SC", "012345", "SC012345"),
        ("GB-NIC", "NIC101234", "101234"),
        ("GB-COH", "1234567", "01234567"),
        ("GB-COH", "sc1234", "SC001234"),
        ("GB-COH", "IP12345R", "IP12345R"),
        ("GB-NHS", "rxx", "RXX"),
        ("GB-LAE", "bir", "BIR"),
        ("GB-UKPRN", "1000 1234", "10001234"),
    ],
)
def test_number_is_kept_in_one_form(scheme, typed, kept):
    assert normalise(scheme, typed) == kept


@pytest.mark.parametrize(
    ("scheme", "typed"),
    [
        ("GB-CHC", "12345"),
        ("GB-CHC", "12345678"),
        ("GB-CHC", "ABCDEFG"),
        ("GB-SC", "SC1234567"),
        ("GB-NIC", "201234"),
        ("GB-COH", "123456789"),
        ("GB-COH", "A1234567"),
        ("GB-NHS", "R!"),
        ("GB-LAE", "E07000223"),
        ("GB-UKPRN", "20001234"),
        ("GB-CHC", "١١٢٣٤٥٦"),
        ("GB-CHC", ""),
        ("GB-XXX", "1123456"),
    ],
)
def test_what_is_no_number_of_the_scheme_is_refused(scheme, typed):
    with pytest.raises(ValidationError):
        normalise(scheme, typed)


def test_each_scheme_has_a_rule():
    assert set(RULES) == set(Scheme.values)


@given(st.sampled_from(Scheme.values), st.text(max_size=30))
def test_normalising_twice_changes_nothing(scheme, text):
    try:
        once = normalise(scheme, text)
    except ValidationError:
        return
    assert normalise(scheme, once) == once
    assert split_code(f"{scheme}-{once}") == (scheme, once)
    assert len(once) <= 20


@pytest.mark.parametrize("text", ["Our group", "GB-CHC-", "GB-CHC-x", "1123456"])
def test_what_is_no_whole_code_is_not_split(text):
    assert split_code(text) is None


@pytest.mark.django_db
def test_a_number_belongs_to_one_organisation_in_the_database():
    OrganisationIdentifier.objects.create(
        organisation=OrganisationFactory(), scheme="GB-CHC", value="1123456"
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        OrganisationIdentifier.objects.create(
            organisation=OrganisationFactory(), scheme="GB-CHC", value="1123456"
        )


@pytest.mark.django_db
def test_number_is_added_once_and_removed_once(staff, now):
    there = OrganisationFactory()
    for _click in range(2):
        row = services.add_identifier(
            obj=there, scheme="GB-CHC", value="1123456", by=staff, now=now
        )
    for _click in range(2):
        services.remove_identifier(obj=row, by=staff, now=now)
    changes = [entry.changes["identifier"] for entry in AuditEntry.objects.order_by("id")]
    assert changes == [["", "GB-CHC-1123456"], ["GB-CHC-1123456", ""]]


@pytest.mark.django_db
def test_page_adds_a_number_in_its_one_form(client):
    there = OrganisationFactory()
    client.force_login(contact_of(there))
    url = reverse("partners:identifier-add", args=[there.pk])
    assert client.get(url).status_code == 200
    client.post(url, {"scheme": "GB-SC", "value": "sc 12345"})
    assert str(there.identifiers.get()) == "GB-SC-SC012345"
    assert "GB-SC-SC012345" in client.get(there.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_page_says_what_a_wrong_number_should_look_like(staff_client):
    url = reverse("partners:identifier-add", args=[OrganisationFactory().pk])
    response = staff_client.post(url, {"scheme": "GB-CHC", "value": "12"})
    assert "6 or 7 numbers" in response.content.decode()


@pytest.mark.django_db
def test_number_of_another_links_to_it_and_offers_to_merge(staff_client):
    other, there = OrganisationFactory(name="Held already"), OrganisationFactory()
    OrganisationIdentifier.objects.create(organisation=other, scheme="GB-CHC", value="1123456")
    url = reverse("partners:identifier-add", args=[there.pk])
    page = staff_client.post(url, {"scheme": "GB-CHC", "value": "1123456"}).content.decode()
    assert "Held already" in page
    assert reverse("partners:merge", args=[there.pk, other.pk]) in page


@pytest.mark.django_db
def test_number_of_another_says_nothing_of_it_to_a_contact(client):
    other, there = OrganisationFactory(name="Held already"), OrganisationFactory()
    OrganisationIdentifier.objects.create(organisation=other, scheme="GB-CHC", value="1123456")
    client.force_login(contact_of(there))
    url = reverse("partners:identifier-add", args=[there.pk])
    page = client.post(url, {"scheme": "GB-CHC", "value": "1123456"}).content.decode()
    assert "Another organisation of the register has this number" in page
    assert "Held already" not in page


@pytest.mark.django_db
def test_removing_asks_once_and_of_others_there_is_none(client):
    there, other = OrganisationFactory(), OrganisationFactory()
    row = OrganisationIdentifier.objects.create(organisation=there, scheme="GB-NHS", value="RXX")
    far = OrganisationIdentifier.objects.create(organisation=other, scheme="GB-NHS", value="RYY")
    client.force_login(contact_of(there))
    url = reverse("partners:identifier-remove", args=[there.pk, row.pk])
    assert "Remove this number?" in client.get(url).content.decode()
    client.post(url)
    assert list(OrganisationIdentifier.objects.all()) == [far]
    for pk in (there.pk, other.pk):
        address = reverse("partners:identifier-remove", args=[pk, far.pk])
        assert client.post(address).status_code == 404
