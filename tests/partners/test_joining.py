"""Making an organisation, and asking to join one."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError

from accounts.models import User
from core.transitions import ReasonRequired, TransitionNotAllowed
from notifications.mail import build_email
from notifications.models import Message
from partners import selectors, services, transitions
from partners.enums import JoinState, OrganisationKind
from partners.models import JoinRequest, Organisation
from tests.accounts.factories import UserFactory
from tests.partners.factories import OrganisationFactory, contact_of

pytestmark = pytest.mark.django_db


def again(person):
    """The person as the next request reads them, with their roles of now."""
    return User.objects.get(pk=person.pk)


def new_organisation(by, now, name="Swansea carers"):
    return services.create_organisation(
        by=by, now=now, name=name, kind=OrganisationKind.CARER_LED, nation="wales"
    )


def ask(organisation, person, now):
    return services.ask_to_join(obj=organisation, by=person, now=now, message="I help out")


def kinds_to(person):
    return sorted(Message.objects.filter(recipient=person).values_list("kind", flat=True))


def test_whoever_makes_an_organisation_speaks_for_it(now, somebody):
    made = new_organisation(somebody, now)
    assert again(somebody).has_perm("partners.change_organisation", made)
    assert list(Organisation.objects.visible_to(again(somebody))) == [made]


def test_organisation_made_twice_by_one_person_is_one(now, somebody):
    assert new_organisation(somebody, now) == new_organisation(somebody, now, " swansea  CARERS ")
    assert Organisation.objects.count() == 1


def test_two_people_may_each_make_one_of_the_same_name(now, somebody):
    new_organisation(somebody, now)
    new_organisation(UserFactory(), now)
    assert Organisation.objects.count() == 2


def test_same_name_is_found_whatever_its_capitals_and_spaces():
    found = OrganisationFactory(name="Swansea Carers")
    OrganisationFactory(name="Swansea Carers Together")
    assert selectors.same_name("  swansea   carers ") == [found]
    assert selectors.same_name("") == []


@pytest.mark.parametrize(
    "typed",
    [
        "swansea carers",
        "Swansea  CARRERS",
        "Swansae Carers",
        "Carers Swansea",
        "Swansea Carers Ltd",
        "swanseacarers",
    ],
)
def test_similar_name_is_found_through_typing_errors_and_order(typed):
    found = OrganisationFactory(name="Swansea Carers", nation="wales")
    OrganisationFactory(name="Cardiff Carers")
    OrganisationFactory(name="Swansea City Council")
    assert selectors.similar_names(typed) == [found]


def test_more_alike_comes_first_and_most_is_kept_to():
    longer = OrganisationFactory(name="Swansea Carers Together")
    same = OrganisationFactory(name="Swansea Carers")
    assert selectors.similar_names("Swansea Carers") == [same, longer]
    assert selectors.similar_names("Swansea Carers", most=1) == [same]


@pytest.mark.parametrize("typed", ["", " ", "x", "Age UK Bexley", "Group 2", "%_", "'; --"])
def test_other_name_is_not_taken_for_similar(typed):
    OrganisationFactory(name="Age UK Barnet")
    OrganisationFactory(name="Group 1")
    assert selectors.similar_names(typed) == []


def test_contacts_are_told_of_a_request_and_staff_are_not(now, somebody, staff):
    organisation = OrganisationFactory()
    contact = contact_of(organisation)
    ask(organisation, somebody, now)
    assert kinds_to(contact) == ["partners.join_asked"]
    assert kinds_to(staff) == []


def test_staff_are_told_where_nobody_speaks_for_the_organisation(now, somebody, staff):
    ask(OrganisationFactory(), somebody, now)
    assert kinds_to(staff) == ["partners.join_asked"]


def test_asking_twice_is_asking_once(now, somebody, staff):
    organisation = OrganisationFactory()
    assert ask(organisation, somebody, now) == ask(organisation, somebody, now)
    assert Message.objects.count() == 1


def test_database_refuses_a_second_open_request(now, somebody):
    organisation = OrganisationFactory()
    JoinRequest.objects.create(organisation=organisation, person=somebody)
    with pytest.raises(IntegrityError):
        JoinRequest.objects.create(organisation=organisation, person=somebody)


def test_a_contact_cannot_ask_to_join_again(now):
    organisation = OrganisationFactory()
    with pytest.raises(services.AlreadyAContact):
        ask(organisation, contact_of(organisation), now)


def test_accepted_person_speaks_for_the_organisation_and_is_told(now, somebody):
    organisation = OrganisationFactory()
    request = ask(organisation, somebody, now)
    accepted = transitions.accept(obj=request, by=contact_of(organisation), now=now)
    assert accepted.state == JoinState.ACCEPTED
    assert accepted.decided_at == now
    assert again(somebody).has_perm("partners.view_organisation", organisation)
    assert organisation.contacts.filter(person=somebody).count() == 1
    assert kinds_to(somebody) == ["partners.join_accepted"]


def test_accepting_twice_changes_nothing_more(now, somebody, staff):
    request = ask(OrganisationFactory(), somebody, now)
    transitions.accept(obj=request, by=staff, now=now)
    transitions.accept(obj=request, by=staff, now=now)
    assert somebody.roles.count() == 1
    assert kinds_to(somebody) == ["partners.join_accepted"]


def test_refused_person_is_told_the_reason_and_gets_no_role(now, somebody, staff):
    request = ask(OrganisationFactory(), somebody, now)
    transitions.refuse(obj=request, by=staff, now=now, reason="We do not know you.")
    assert "We do not know you." in Message.objects.get(recipient=somebody).body
    assert somebody.roles.count() == 0


def test_refusing_needs_a_reason(now, somebody, staff):
    request = ask(OrganisationFactory(), somebody, now)
    with pytest.raises(ReasonRequired):
        transitions.refuse(obj=request, by=staff, now=now)
    request.refresh_from_db()
    assert request.state == JoinState.ASKED


def test_refused_request_cannot_be_accepted_later(now, somebody, staff):
    request = ask(OrganisationFactory(), somebody, now)
    transitions.refuse(obj=request, by=staff, now=now, reason="No.")
    with pytest.raises(TransitionNotAllowed):
        transitions.accept(obj=request, by=staff, now=now)


def test_contact_of_another_organisation_cannot_decide(now, somebody):
    request = ask(OrganisationFactory(), somebody, now)
    with pytest.raises(PermissionDenied):
        transitions.accept(obj=request, by=contact_of(OrganisationFactory()), now=now)


def test_whoever_asks_cannot_let_themselves_in(now, somebody):
    request = ask(OrganisationFactory(), somebody, now)
    with pytest.raises(PermissionDenied):
        transitions.accept(obj=request, by=somebody, now=now)


def test_message_words_are_not_escaped(now, staff):
    person = UserFactory(preferred_name="Siân O'Neill")
    ask(OrganisationFactory(name="Mind & Matter"), person, now)
    assert Message.objects.get().subject == "Siân O'Neill asks to join Mind & Matter"


@pytest.mark.parametrize("who", ["staff", "contact", "other_contact", "asker", "stranger"])
def test_requests_on_the_list_are_those_with_the_object_permission(now, who, staff):
    mine, other = OrganisationFactory(), OrganisationFactory()
    asker = UserFactory()
    requests = [ask(mine, asker, now), ask(other, UserFactory(), now)]
    person = {
        "staff": staff,
        "contact": contact_of(mine),
        "other_contact": contact_of(other),
        "asker": asker,
        "stranger": UserFactory(),
    }[who]
    listed = set(JoinRequest.objects.visible_to(person))
    allowed = {one for one in requests if person.has_perm("partners.view_join_request", one)}
    assert listed == allowed


@pytest.mark.parametrize("who", ["staff", "contact", "stranger"])
def test_organisations_on_the_list_are_those_with_the_object_permission(who, staff):
    mine, other = OrganisationFactory(), OrganisationFactory()
    person = {"staff": staff, "contact": contact_of(mine), "stranger": UserFactory()}[who]
    listed = set(Organisation.objects.visible_to(person))
    allowed = {one for one in (mine, other) if person.has_perm("partners.view_organisation", one)}
    assert listed == allowed


def test_open_request_waits_on_the_home_page_of_contact_and_staff(now, somebody, staff):
    organisation = OrganisationFactory()
    contact, stranger = contact_of(organisation), contact_of(OrganisationFactory())
    ask(organisation, somebody, now)
    for person in (contact, staff):
        (todo,) = selectors.todo_for(person, now)
        assert (todo.count, organisation.name in todo.text) == (None, True)
    ask(organisation, UserFactory(), now)
    (todo,) = selectors.todo_for(contact, now)
    assert (todo.count, todo.text) == (2, "people ask to join an organisation")
    assert selectors.todo_for(stranger, now) == []


def test_nobody_without_a_role_costs_the_home_page_a_query(
    now, somebody, django_assert_num_queries
):
    assert somebody.current_roles == []
    with django_assert_num_queries(0):
        assert selectors.todo_for(somebody, now) == []


def test_copy_of_my_data_tells_of_organisations_and_requests(now, somebody):
    made = new_organisation(somebody, now)
    ask(OrganisationFactory(name="Other"), somebody, now)
    data = selectors.partners_data(somebody)
    assert [one["organisation"] for one in data["contact_of"]] == [made.name]
    assert [one["message"] for one in data["asked_to_join"]] == ["I help out"]


def test_a_name_that_looks_like_a_link_is_no_link_in_the_message(now):
    spoken_for = OrganisationFactory(name="[Sign in](https://evil.example/org)")
    contact = contact_of(spoken_for)
    asker = UserFactory(preferred_name="[Confirm your account](https://evil.example/x)")
    ask(spoken_for, asker, now)
    mail = build_email([Message.objects.get(recipient=contact)])
    html = mail.alternatives[0].content
    assert "evil.example" in html
    assert 'href="https://evil.example' not in html
    assert "[Confirm your account](https://evil.example/x) asks to speak for" in mail.body
    # Nor where several messages come as one, with their subjects as headings.
    both = build_email([Message.objects.get(recipient=contact)] * 2)
    assert 'href="https://evil.example' not in both.alternatives[0].content


def test_nobody_asks_more_than_a_few_organisations_at_once(now, somebody):
    for _one in range(services.MOST_REQUESTS):
        ask(OrganisationFactory(), somebody, now)
    one_more = OrganisationFactory()
    with pytest.raises(services.TooManyRequests):
        ask(one_more, somebody, now)
    assert not JoinRequest.objects.filter(organisation=one_more).exists()


def test_who_spoke_for_it_once_and_no_more_registers_anew(now, somebody):
    first = new_organisation(somebody, now)
    somebody.roles.all().delete()
    assert new_organisation(again(somebody), now) != first
