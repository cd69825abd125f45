"""One organisation of two: all that hangs on either is there after, and nothing else changes."""

import threading
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections, models
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.enums import RoleKind
from accounts.models import Invitation, Role
from accounts.rules import scope_ids
from core import audit
from core.enums import AuditAction
from core.models import AuditEntry, Transition
from core.versions import ChangedMeanwhile
from demonstrators.models import CoachPost
from expressions.enums import ConflictState
from expressions.models import Conflict, Expression
from guides.models import Resource, SignOff
from notifications.models import Message
from partners import merging, search
from partners.enums import JoinState, OutreachResult
from partners.models import (
    Contact,
    JoinRequest,
    Organisation,
    OrganisationIdentifier,
    OutreachContact,
)
from projects.models import Contribution, Project
from tests.accounts.factories import UserFactory, person_with
from tests.expressions.factories import CallFactory, ExpressionFactory
from tests.partners.factories import OrganisationFactory, OutreachFactory, contact_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    return OrganisationFactory(name="Kept"), OrganisationFactory(name="Gone")


def merge(kept, gone, by, now, **facts):
    return merging.merge(
        kept=kept, gone=gone, facts=facts, seen=merging.seen_version(kept, gone), by=by, now=now
    )


# --- Nothing is forgotten -------------------------------------------------------------------


def pointing_columns():
    """Every column of the project that can hold an organisation, found another way than merging
    finds them: from the organisation's side, and from the content types."""
    found = set()
    for relation in Organisation._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and not relation.many_to_many:
            found.add(f"{relation.related_model._meta.label}.{relation.field.attname}")
    for model in apps.get_models(include_auto_created=True):
        for one in model._meta.private_fields:
            if isinstance(one, GenericForeignKey):
                found.add(f"{model._meta.label}.{one.fk_field}")
    return found


def test_each_column_that_can_point_at_an_organisation_is_walked():
    assert {one.label for one in merging.references()} == pointing_columns()


def test_models_of_which_rows_are_known_to_move():
    """The walk finds at least what stood here when it was written; new ones move as well."""
    assert {one.model for one in merging.references()} >= {
        Contact,
        JoinRequest,
        OrganisationIdentifier,
        OutreachContact,
        Project,
        Contribution,
        Expression,
        CoachPost,
        SignOff,
        Resource,
        Role,
        Invitation,
        AuditEntry,
        Transition,
        Message,
        Organisation,
    }


def test_each_constraint_on_an_organisation_is_one_that_merging_understands():
    for one in merging.references():
        field = one.model._meta.get_field(one.column)
        for constraint in one.model._meta.constraints:
            if not isinstance(constraint, models.UniqueConstraint) or not constraint.expressions:
                continue
            parts = [part for one_of in constraint.expressions for part in _columns(one_of)]
            named = {part.name for part in parts}
            assert field.name not in named, f"{one.label}: {constraint.name}"


def _columns(expression):
    if isinstance(expression, models.F):
        yield expression
    for part in getattr(expression, "get_source_expressions", list)():
        yield from _columns(part)


def _plain(field):
    """A value for a column that a test row needs."""
    if field.choices:
        return field.choices[0][0]
    kinds = {
        models.DateField: date(2022, 7, 1),
        models.JSONField: {},
        models.BooleanField: False,
        models.IntegerField: 1,
        models.EmailField: "a@example.org",
    }
    for kind, value in kinds.items():
        if isinstance(field, kind):
            return value
    return "x"


@pytest.mark.parametrize("reference", merging.references(), ids=lambda one: one.label)
def test_row_of_each_kind_moves(reference, two, staff, now):
    kept, gone = two
    row = make_row(reference, gone)
    merge(kept, gone, staff, now)
    assert list(reference.rows(kept).filter(pk=row.pk)) == [row]
    own = {AuditEntry: 1, Organisation: 0}.get(reference.model, 0)
    # Of the one that went only its own word of the merge is left.
    assert reference.rows(gone).count() == own


def make_row(reference, organisation):
    """A saved row of any model that points at ``organisation``; what it needs is made too."""
    wanted = {reference.column: reference.value(organisation)}
    if reference.type_column:
        wanted[reference.type_column] = ContentType.objects.get_for_model(Organisation)
    return _make(reference.model, wanted)


def _make(model, wanted):
    if model is Role:
        wanted |= {"kind": RoleKind.PARTNER_CONTACT}
    if model is Message:
        wanted |= {"recipient": UserFactory(), "send_at": "2022-07-01T00:00Z", "address": ""}
    if model is Organisation:
        wanted.setdefault("name", "A third")
    row = model(**wanted)
    for field in model._meta.concrete_fields:
        if field.primary_key or field.name in wanted or field.attname in wanted:
            continue
        if field.has_default() or field.null or getattr(field, "auto_now", False):
            continue
        if getattr(field, "auto_now_add", False):
            continue
        if isinstance(field, models.ForeignKey):
            setattr(row, field.name, _related(field.related_model))
        elif isinstance(field, models.DateTimeField):
            setattr(row, field.name, "2022-07-01T00:00Z")
        elif not (field.blank and isinstance(field, models.CharField | models.TextField)):
            setattr(row, field.name, _plain(field))
    row.save()
    return row


def _related(model):
    if model._meta.label == "accounts.User":
        return UserFactory()
    if model is ContentType:
        return ContentType.objects.get_for_model(Organisation)
    return _make(model, {})


# --- What can stand once only ---------------------------------------------------------------


def test_contact_of_both_stays_once_with_what_was_known(two, staff, now):
    kept, gone = two
    person = contact_of(kept)
    Contact.objects.create(organisation=gone, person=person, job_title="Trustee")
    merge(kept, gone, staff, now)
    assert kept.contacts.get().job_title == "Trustee"


def test_role_in_both_stays_once_from_the_earlier_day(two, staff, now):
    kept, gone = two
    person = person_with(RoleKind.PARTNER_CONTACT, kept)
    of_gone = ContentType.objects.get_for_model(Organisation)
    Role.objects.create(
        person=person,
        kind=RoleKind.PARTNER_CONTACT,
        scope_type=of_gone,
        scope_id=gone.pk,
        starts_on=date(2021, 1, 1),
    )
    merge(kept, gone, staff, now)
    role = person.roles.get()
    assert (role.scope, role.starts_on) == (kept, date(2021, 1, 1))


def test_role_that_ended_is_kept_beside_one_that_goes_on(two, staff, now):
    kept, gone = two
    person = person_with(RoleKind.PARTNER_CONTACT, kept)
    ended = person_with(RoleKind.PARTNER_CONTACT, gone).roles.get()
    Role.objects.filter(pk=ended.pk).update(person=person, ends_on=date(2022, 6, 1))
    merge(kept, gone, staff, now)
    assert person.roles.count() == 2


def test_contact_of_the_one_that_went_speaks_for_the_one_that_stays(two, staff, now):
    kept, gone = two
    person = contact_of(gone)
    merge(kept, gone, staff, now)
    assert scope_ids(person, {RoleKind.PARTNER_CONTACT}, Organisation) == {kept.pk}


def test_two_open_requests_of_one_person_become_one_with_both_texts(two, staff, now):
    kept, gone = two
    person = UserFactory()
    for organisation, message in ((kept, "To the first"), (gone, "To the second")):
        JoinRequest.objects.create(organisation=organisation, person=person, message=message)
    merge(kept, gone, staff, now)
    request = JoinRequest.objects.get()
    assert (request.state, request.message) == (JoinState.ASKED, "To the first\n\nTo the second")


def test_two_expressions_in_one_call_forbid_it_in_words_and_change_nothing(two, staff, now):
    kept, gone = two
    call = CallFactory()
    for organisation in two:
        ExpressionFactory(call=call, organisation=organisation)
    contact_of(gone)
    with pytest.raises(merging.MergeRefused) as refused:
        merge(kept, gone, staff, now)
    assert refused.value.reasons == [
        "Both have an expression of interest in the same call. Withdraw one of the two first."
    ]
    assert gone.contacts.count() == 1
    assert AuditEntry.objects.count() == 0


def test_withdrawn_expression_does_not_forbid_it(two, staff, now):
    kept, gone = two
    call = CallFactory()
    ExpressionFactory(call=call, organisation=kept)
    ExpressionFactory(call=call, organisation=gone, state="withdrawn")
    merge(kept, gone, staff, now)
    assert kept.expressions.count() == 2


def test_refusal_and_preview_do_not_name_what_a_conflict_hides(two, staff):
    kept, gone = two
    call = CallFactory()
    hidden = [ExpressionFactory(call=call, organisation=organisation) for organisation in two]
    for one in hidden:
        Conflict.objects.create(expression=one, person=staff, state=ConflictState.SUGGESTED)
    shown = merging.preview(kept, gone, staff)
    assert shown.moving == []
    assert "expression" not in " ".join(shown.refusals)


# --- What stands, and what is said ----------------------------------------------------------


def test_chosen_facts_stand_and_the_audit_of_both_says_so(two, staff, now):
    kept, gone = two
    merge(kept, gone, staff, now, name="Gone", place="Hull")
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (kept.name, kept.place, kept.name_key) == ("Gone", "Hull", "gone")
    assert gone.merged_into == kept
    on_kept = audit.entries_of(kept).get().changes
    assert on_kept == {"merged": ["", "Gone"], "name": ["Kept", "Gone"], "place": ["", "Hull"]}
    on_gone = audit.entries_of(gone).get().changes
    assert on_gone["merged_away"] == ["", "Gone"]
    assert on_gone["name"] == ["Gone", ""]


def test_audit_of_the_one_that_went_is_read_with_the_other(two, staff, now):
    kept, gone = two
    audit.record(action=AuditAction.CREATED, obj=gone, by=staff, now=now)
    merge(kept, gone, staff, now)
    assert [entry.action for entry in audit.entries_of(kept)] == ["created", "changed"]


def test_who_asked_not_to_be_contacted_is_still_said(two, staff, now):
    kept, gone = two
    OutreachFactory(organisation=gone, result=OutreachResult.NO_CONTACT)
    merge(kept, gone, staff, now)
    kept.refresh_from_db()
    assert kept.no_contact_since == date(2022, 7, 20)


def test_third_one_that_was_merged_before_leads_to_the_one_that_stays(two, staff, now):
    kept, gone = two
    third = OrganisationFactory()
    merge(gone, third, staff, now)
    gone.refresh_from_db()
    merge(kept, gone, staff, now)
    third.refresh_from_db()
    assert third.merged_into == kept


def test_second_click_changes_nothing(two, staff, now):
    kept, gone = two
    for _click in range(2):
        merge(kept, gone, staff, now)
    assert AuditEntry.objects.count() == 2


def test_merged_one_cannot_be_merged_again_nor_be_merged_into(two, staff, now):
    kept, gone = two
    third = OrganisationFactory()
    merge(kept, gone, staff, now)
    for a, b in ((third, gone), (gone, third), (kept, kept)):
        with pytest.raises(merging.MergeRefused):
            merge(a, b, staff, now)


def test_facts_that_changed_meanwhile_are_shown_before_anything_moves(two, staff, now):
    kept, gone = two
    seen = merging.seen_version(kept, gone)
    Organisation.objects.filter(pk=gone.pk).update(place="Leeds")
    with pytest.raises(ChangedMeanwhile):
        merging.merge(kept=kept, gone=gone, facts={}, seen=seen, by=staff, now=now)
    assert Organisation.objects.count() == 2


def test_merged_one_is_in_no_list_and_no_choice(two, staff, now):
    kept, gone = two
    merge(kept, gone, staff, now)
    assert list(Organisation.objects.all()) == [kept]
    assert search.similar_to(kept) == []


def test_row_that_came_late_follows(two, staff, now):
    kept, gone = two
    merge(kept, gone, staff, now)
    person = UserFactory()
    Contact.objects.create(organisation=gone, person=person)
    Contact.objects.create(organisation=gone, person=UserFactory())
    Contact.objects.create(organisation=kept, person=person)
    gone.refresh_from_db()
    assert merging.follow_late_rows(now=gone.updated_at) == 1
    assert (kept.contacts.count(), gone.contacts.count()) == (2, 1)
    assert merging.follow_late_rows(now=gone.updated_at + timedelta(days=3)) == 0


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(st.integers(0, 3), max_size=4, unique=True),
    st.lists(st.integers(0, 3), max_size=4, unique=True),
)
def test_people_after_a_merge_are_those_of_both(staff, now, of_kept, of_gone):
    people = UserFactory.create_batch(4)
    kept, gone = OrganisationFactory(), OrganisationFactory()
    for organisation, chosen in ((kept, of_kept), (gone, of_gone)):
        for number in chosen:
            Contact.objects.create(organisation=organisation, person=people[number])
            OutreachFactory(organisation=organisation, by=people[number])
    merge(kept, gone, staff, now)
    speaking = set(kept.contacts.values_list("person_id", flat=True))
    assert speaking == {people[number].pk for number in {*of_kept, *of_gone}}
    assert kept.outreach.count() == len(of_kept) + len(of_gone)


# --- The pages ------------------------------------------------------------------------------


def test_page_merges_after_it_was_understood(staff_client, two):
    kept, gone = two
    url = reverse("partners:merge", args=[kept.pk, gone.pk])
    first = staff_client.get(url)
    data = {"seen": first.context["form"]["seen"].value(), "name": "gone"}
    assert list(staff_client.post(url, data).context["form"].errors) == ["understood"]
    for _click in range(2):
        response = staff_client.post(url, {**data, "understood": "on"})
        assert response.url == kept.get_absolute_url()
    kept.refresh_from_db()
    assert kept.name == "Gone"
    assert staff_client.get(url).url == kept.get_absolute_url()


def test_texts_of_both_can_stand_below_each_other(staff_client):
    kept = OrganisationFactory(name="Same", about="First", nation="wales")
    gone = OrganisationFactory(name="Same", about="Second", nation="wales")
    url = reverse("partners:merge", args=[kept.pk, gone.pk])
    seen = staff_client.get(url).context["form"]["seen"].value()
    staff_client.post(url, {"seen": seen, "about": "both", "understood": "on"})
    kept.refresh_from_db()
    assert kept.about == "First\n\nSecond"


def test_page_shows_why_not_and_offers_no_button(staff_client, two):
    call = CallFactory()
    for organisation in two:
        ExpressionFactory(call=call, organisation=organisation)
    url = reverse("partners:merge", args=[one.pk for one in two])
    page = staff_client.get(url).content.decode()
    assert "Withdraw one of the two first" in page
    assert "Merge the two" not in page
    posted = staff_client.post(url, {"name": "kept", "understood": "on"})
    assert Organisation.objects.count() == 2
    assert posted.status_code == 200


def test_page_says_that_the_facts_changed_and_takes_the_next_press(staff_client, two):
    kept, gone = two
    url = reverse("partners:merge", args=[kept.pk, gone.pk])
    data = {"seen": "old", "name": "kept", "understood": "on"}
    late = staff_client.post(url, data)
    assert "Somebody else changed these details" in late.content.decode()
    data["seen"] = late.context["form"]["seen"].value()
    assert staff_client.post(url, data).status_code == 302


def test_old_address_leads_on_for_those_who_may_see_the_one_that_stays(client, two, staff, now):
    kept, gone = two
    contact = contact_of(gone)
    merge(kept, gone, staff, now)
    client.force_login(contact)
    assert client.get(gone.get_absolute_url()).url == kept.get_absolute_url()
    client.force_login(contact_of(OrganisationFactory()))
    assert client.get(gone.get_absolute_url()).status_code == 404


def test_choosing_shows_what_is_alike_and_finds_by_words(staff_client):
    there = OrganisationFactory(name="The Swansea Carers Ltd")
    same = OrganisationFactory(name="swansea carers")
    near = OrganisationFactory(name="Swansea Carers’ Group")
    far = OrganisationFactory(name="Leeds council")
    url = reverse("partners:merge-choose", args=[there.pk])
    assert staff_client.get(url).context["found"] == [same, near]
    assert staff_client.get(url + "?words=leeds").context["found"] == [far]
    assert "Nothing fits" in staff_client.get(url + "?words=nowhere").content.decode()


def test_duplicates_stand_next_to_each_other_by_name_and_by_website(staff_client):
    first = OrganisationFactory(name="Our Group", website="https://www.example.org/a")
    second = OrganisationFactory(name="our group ltd.")
    third = OrganisationFactory(name="Another", website="https://example.org")
    OrganisationFactory(name="On Facebook", website="https://facebook.com/a")
    OrganisationFactory(name="On Facebook too", website="https://facebook.com/b")
    url = reverse("partners:duplicates")
    by_name = staff_client.get(url)
    assert by_name.context["page"].rows == [first, second]
    assert reverse("partners:merge", args=[first.pk, second.pk]) in by_name.content.decode()
    assert staff_client.get(url + "?by=website").context["page"].rows == [first, third]


def test_duplicates_cost_the_same_at_one_row_and_at_thirty(staff_client):
    counts = []
    for size in (2, 30):
        OrganisationFactory.create_batch(size, name="Same")
        with CaptureQueriesContext(connection) as queries:
            assert staff_client.get(reverse("partners:duplicates")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_merges_across_each_other_leave_one_that_stands(now):
    first, second, by = OrganisationFactory(), OrganisationFactory(), UserFactory()
    seen = {(a.pk, b.pk): merging.seen_version(a, b) for a, b in ((first, second), (second, first))}
    outcomes, start = [], threading.Barrier(2)

    def run(kept, gone):
        start.wait()
        try:
            merging.merge(
                kept=kept, gone=gone, facts={}, seen=seen[kept.pk, gone.pk], by=by, now=now
            )
            outcomes.append("merged")
        except merging.MergeRefused:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=run, args=pair) for pair in ((first, second), (second, first))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcomes) == ["merged", "refused"]
    assert Organisation.objects.count() == 1
