"""Assisted entry: staff type in what reached us on paper or otherwise, and only that."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleKind
from core.models import AuditEntry
from core.transitions import TransitionNotAllowed
from expressions import services, transitions
from expressions.copies import collect
from expressions.enums import CallState, ExpressionState
from expressions.models import Call, Conflict, Expression
from expressions.services.assisted import AlreadyBegun, add_organisation, enter_expression
from expressions.views.staff import history as staff_history
from notifications.models import Message
from partners.models import Organisation
from tests.accounts.factories import person_with
from tests.expressions.factories import write
from tests.partners.factories import OrganisationFactory, contact_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def friends(db):
    """An organisation that nobody speaks for in the portal."""
    return OrganisationFactory(name="Fishguard friends", place="Fishguard", is_first_timer=True)


def enter(scene, organisation, staff, **more):
    now = more.pop("now", timezone.now())
    details = {
        "source": "paper",
        "provenance": "Form by post",
        "received_at": now - timedelta(days=1),
        "reason": "",
    }
    return enter_expression(
        obj=scene.call, organisation=organisation, by=staff, now=now, **(details | more)
    )


def close(scene, ago=timedelta(hours=2)):
    Call.objects.filter(pk=scene.call.pk).update(closes_at=timezone.now() - ago)
    scene.call.refresh_from_db()


def text(response):
    return response.content.decode()


def fill(expression, scene, by):
    write(expression, scene.why, "Because.", by, timezone.now())
    write(expression, scene.days, "3", by, timezone.now())


def received(moment):
    local = timezone.localtime(moment)
    return {
        "received_at_day": str(local.day),
        "received_at_month": str(local.month),
        "received_at_year": str(local.year),
        "received_at_time": local.strftime("%H:%M"),
    }


def test_staff_find_the_organisation_say_how_it_came_and_type_it_in(
    staff_client, scene, friends, staff
):
    staff_list = text(staff_client.get(reverse("expressions:staff-list")))
    assert reverse("expressions:enter") in staff_list
    page = text(staff_client.get(reverse("expressions:enter"), {"name": "fishgard freinds"}))
    address = reverse("expressions:enter-for", args=[friends.pk])
    assert address in page
    assert staff_client.get(address).status_code == 200
    details = {
        "call": scene.call.pk,
        "source": "telephone",
        "provenance": "Call with their chair",
        **received(timezone.now() - timedelta(hours=1)),
    }
    response = staff_client.post(address, details)
    entered = Expression.objects.get(organisation=friends)
    assert response.url == entered.get_absolute_url()
    assert (entered.source, entered.entered_by, entered.is_first_timer) == (
        "telephone",
        staff,
        True,
    )
    section = reverse("expressions:section", args=[entered.pk, 1])
    assert "Entered by the IMPACT team" in text(staff_client.get(section))
    posted = {f"q{scene.why.pk}": "They told us.", f"v{scene.why.pk}": "0", "finished": "yes"}
    assert staff_client.post(section, posted).url == entered.get_absolute_url()
    assert "By telephone" in text(staff_client.get(response.url))
    assert staff_client.post(address, details).url == entered.get_absolute_url()
    assert Expression.objects.filter(organisation=friends).count() == 1


def test_form_names_what_is_missing_and_keeps_the_rest(staff_client, scene, friends):
    address = reverse("expressions:enter-for", args=[friends.pk])
    response = staff_client.post(address, {"source": "online", "provenance": "Kept words"})
    errors = response.context["form"].errors
    assert sorted(errors) == ["call", "received_at", "source"]
    assert "Kept words" in text(response)


def test_organisation_that_is_not_here_is_added_once_without_a_contact(staff_client, scene):
    page = text(staff_client.get(reverse("expressions:enter"), {"name": "Tenby tea room"}))
    assert "None is in the portal yet." in page
    address = reverse("expressions:enter-new")
    assert "Tenby tea room" in text(staff_client.get(address, {"name": "Tenby tea room"}))
    posted = {"name": "Tenby tea room", "kind": "community", "nation": "wales", "place": "Tenby"}
    posted["is_first_timer"] = "yes"
    first, again = staff_client.post(address, posted), staff_client.post(address, posted)
    made = Organisation.objects.get(name="Tenby tea room")
    assert first.url == again.url == reverse("expressions:enter-for", args=[made.pk])
    assert (made.contacts.exists(), made.is_first_timer) == (False, True)


def test_only_the_programme_team_enters_for_others(client, scene, friends, somebody):
    leadership = person_with(RoleKind.LEADERSHIP)
    for person in (somebody, leadership, scene.writer):
        client.force_login(person)
        assert client.get(reverse("expressions:enter")).status_code == 403
        with pytest.raises(PermissionDenied):
            enter(scene, friends, person)
        with pytest.raises(PermissionDenied):
            add_organisation(by=person, now=timezone.now(), name="X")


def test_staff_write_in_what_they_entered_and_in_no_draft_of_anybody_else(
    staff_client, scene, friends, staff
):
    entered = enter(scene, friends, staff)
    for name in ("tasks", "check", "earlier", "copy", "withdraw"):
        assert (
            staff_client.get(reverse(f"expressions:{name}", args=[entered.pk])).status_code == 200
        )
        address = reverse(f"expressions:{name}", args=[scene.draft.pk])
        assert staff_client.get(address).status_code in {403, 404}
    with pytest.raises(PermissionDenied):
        write(scene.draft, scene.why, "Not mine.", staff, timezone.now())
    page = text(staff_client.get(reverse("expressions:staff-page", args=[entered.pk])))
    assert "Type in or change the answers" in page


def test_conflict_of_interest_keeps_staff_from_writing_too(scene, friends, staff):
    entered = enter(scene, friends, staff)
    Conflict.objects.create(
        expression=entered, person=staff, state="declared", decided_at=timezone.now()
    )
    with pytest.raises(PermissionDenied):
        write(entered, scene.why, "x", staff, timezone.now())
    assert entered not in Expression.objects.writable_by(staff)


def test_online_draft_with_a_made_up_source_is_not_opened_by_the_source_alone(scene, staff):
    Expression.objects.filter(pk=scene.draft.pk).update(source="paper")
    scene.draft.refresh_from_db()
    assert not staff.has_perm("expressions.write_expression", scene.draft)


def test_lists_and_rules_agree_about_who_writes(scene, friends, staff):
    entered = enter(scene, friends, staff)
    people = [staff, scene.writer, contact_of(friends), person_with(RoleKind.LEADERSHIP)]
    for person in people:
        listed = set(Expression.objects.writable_by(person))
        allowed = {
            one
            for one in (entered, scene.draft)
            if person.has_perm("expressions.write_expression", one)
        }
        assert listed == allowed


def test_people_of_the_organisation_are_told_see_it_and_may_change_it(
    client, scene, friends, staff
):
    ann = contact_of(friends, preferred_name="Ann")
    entered = enter(scene, friends, staff)
    told = Message.objects.get(kind="expressions.entered")
    assert told.recipient == ann
    assert "On paper" in told.body
    assert entered.get_absolute_url() in told.body
    client.force_login(ann)
    assert "Entered by the IMPACT team" in text(client.get(entered.get_absolute_url()))
    assert "Form by post" in text(client.get(entered.get_absolute_url()))
    write(entered, scene.why, "In our own words.", ann, timezone.now())


def test_receipt_goes_to_the_organisation_and_to_staff_where_it_has_nobody(scene, friends, staff):
    entered = enter(scene, friends, staff)
    fill(entered, scene, staff)
    transitions.submit(obj=entered, by=staff, now=timezone.now(), declared_by="Their chair")
    assert Message.objects.get(kind="expressions.receipt").recipient == staff
    other = OrganisationFactory()
    ann = contact_of(other)
    second = enter(scene, other, staff)
    fill(second, scene, staff)
    transitions.submit(obj=second, by=staff, now=timezone.now(), declared_by="Ann")
    receipts = Message.objects.filter(kind="expressions.receipt", object_id=str(second.pk))
    assert [one.recipient for one in receipts] == [ann]


def test_it_is_marked_on_list_page_export_and_copy(staff_client, scene, friends, staff):
    entered = enter(scene, friends, staff)
    page = text(staff_client.get(reverse("expressions:staff-page", args=[entered.pk])))
    assert "On paper" in page
    assert "Form by post" in page
    assert "its last contact has left" not in page
    rows = b"".join(staff_client.get(reverse("expressions:export")).streaming_content).decode()
    line = next(row for row in rows.splitlines() if "Fishguard friends" in row)
    assert "On paper" in line
    assert staff.preferred_name in line
    figures = collect({"expression": entered.pk}, lambda *_progress: None)
    assert (figures["source"], figures["entered_by"]) == ("On paper", staff.preferred_name)


# --- In time --------------------------------------------------------------------------------


def test_what_came_before_the_closing_is_entered_and_sent_in_after_it(scene, friends, staff):
    close(scene)
    before = scene.call.closes_at - timedelta(minutes=1)
    with pytest.raises(TransitionNotAllowed, match="Say why"):
        enter(scene, friends, staff, received_at=before)
    entered = enter(scene, friends, staff, received_at=before, reason="The post was opened late.")
    entry = AuditEntry.objects.get(object_id=str(entered.pk), action="created")
    assert entry.changes["entered_after_closing_because"] == ["", "The post was opened late."]
    assert entry.changes["received_at"][1] == before.isoformat()
    line = staff_history(entered)[0]
    assert (line["text"], line["reason"]) == (
        "Typed in by staff: On paper",
        "The post was opened late.",
    )
    fill(entered, scene, staff)
    Call.objects.filter(pk=scene.call.pk).update(state=CallState.CLOSED)
    sent = transitions.submit(obj=entered, by=staff, now=timezone.now(), declared_by="Chair")
    assert sent.state == ExpressionState.SUBMITTED
    assert (
        "You can change your answers until"
        not in Message.objects.get(kind="expressions.receipt").body
    )


@pytest.mark.parametrize("after", [timedelta(), timedelta(microseconds=1), timedelta(hours=1)])
def test_what_came_at_the_closing_or_later_is_not_taken(scene, friends, staff, after):
    close(scene)
    with pytest.raises(TransitionNotAllowed, match="after the call had closed"):
        enter(scene, friends, staff, received_at=scene.call.closes_at + after, reason="Please.")


def test_what_comes_tomorrow_is_not_taken(scene, friends, staff):
    with pytest.raises(TransitionNotAllowed, match="in the future"):
        enter(scene, friends, staff, received_at=timezone.now() + timedelta(minutes=5))


def test_people_of_the_organisation_write_until_the_closing_alone(scene, friends, staff):
    ann = contact_of(friends)
    entered = enter(scene, friends, staff)
    close(scene, ago=timedelta(minutes=1))
    with pytest.raises(transitions.CallNotOpen):
        write(entered, scene.why, "x", ann, timezone.now())
    write(entered, scene.why, "x", staff, timezone.now())


def test_pages_of_a_late_entry_say_how_long_it_may_be_changed(staff_client, scene, friends, staff):
    entered = enter(scene, friends, staff)
    fill(entered, scene, staff)
    close(scene, ago=timedelta(minutes=1))
    page = text(staff_client.get(entered.get_absolute_url()))
    assert "until the reading begins" in page
    send = reverse("expressions:send", args=[entered.pk])
    page = text(staff_client.get(send))
    assert "who signed it" in page
    assert "You can still change" not in page
    promises = dict.fromkeys(["may_speak", "is_right", "agrees_to_ask"], "on")
    response = staff_client.post(send, {"declared_by": "Chair", **promises}, follow=True)
    assert "EOI-2023-0001" in text(response)
    assert "you can change your answers" not in text(response)


def test_nobody_writes_once_the_reading_has_begun(scene, friends, staff):
    entered = enter(scene, friends, staff)
    Call.objects.filter(pk=scene.call.pk).update(state=CallState.ASSESSING)
    with pytest.raises(transitions.CallNotOpen):
        write(entered, scene.why, "x", staff, timezone.now())
    with pytest.raises(TransitionNotAllowed, match="takes no expressions"):
        scene.call.refresh_from_db()
        enter(scene, OrganisationFactory(), staff)


def test_organisation_that_has_begun_itself_gets_no_second_one(staff_client, scene, staff):
    with pytest.raises(AlreadyBegun):
        enter(scene, scene.organisation, staff)
    address = reverse("expressions:enter-for", args=[scene.organisation.pk])
    details = {
        "call": scene.call.pk,
        "source": "paper",
        "provenance": "Post",
        **received(timezone.now() - timedelta(hours=1)),
    }
    response = staff_client.post(address, details)
    assert response.url == reverse("expressions:staff-page", args=[scene.draft.pk])


def test_two_members_of_staff_do_not_enter_the_same_twice(scene, friends, staff):
    enter(scene, friends, staff)
    with pytest.raises(AlreadyBegun):
        enter(scene, friends, person_with(RoleKind.PROGRAMME_STAFF))
    assert enter(scene, friends, staff).pk == Expression.objects.get(organisation=friends).pk


def test_colleague_takes_the_typing_over(scene, friends, staff):
    entered = enter(scene, friends, staff)
    colleague = person_with(RoleKind.PROGRAMME_STAFF)
    outcome = services.save_answers(
        obj=entered,
        given={scene.why.pk: services.Given(["Go on."], 0)},
        by=colleague,
        now=timezone.now(),
    )
    assert outcome.is_clean
