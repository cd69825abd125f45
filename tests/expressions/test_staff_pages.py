"""What staff see of expressions, and how they check them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleKind
from expressions import selectors
from expressions.enums import ExpressionState
from expressions.models import Expression
from tests.accounts.factories import UserFactory, person_with
from tests.expressions.factories import CallFactory, ExpressionFactory, SubmittedFactory
from tests.partners.factories import OrganisationFactory, contact_of
from tests.projects.factories import TopicFactory

pytestmark = pytest.mark.django_db


def text(response):
    return response.content.decode()


def page_of(expression, name="staff-page"):
    return reverse(f"expressions:{name}", args=[expression.pk])


def listed(client, query=""):
    rows = client.get(reverse("expressions:staff-list") + query).context["page"].rows
    return [row["id"] for row in rows]


@pytest.mark.parametrize("who", ["staff", "leadership", "contact", "stranger"])
def test_expressions_on_the_list_are_those_with_the_object_permission(who, scene, staff):
    other = SubmittedFactory()
    person = {
        "staff": staff,
        "leadership": person_with(RoleKind.LEADERSHIP),
        "contact": scene.writer,
        "stranger": UserFactory(),
    }[who]
    allowed = {
        one for one in (scene.draft, other) if person.has_perm("expressions.view_expression", one)
    }
    assert set(Expression.objects.visible_to(person)) == allowed


@pytest.mark.parametrize("name", ["staff-list", "export"])
def test_lists_are_closed_to_partners(client, scene, name):
    client.force_login(scene.writer)
    assert client.get(reverse(f"expressions:{name}")).status_code == 403


@pytest.mark.parametrize("name", ["staff-page", "eligible", "ineligible"])
def test_pages_of_staff_are_closed_to_partners(client, scene, name):
    client.force_login(scene.writer)
    assert client.post(page_of(scene.draft, name), {}).status_code in (403, 405)


def test_leadership_reads_and_does_not_check(client, scene):
    sent = scene.send()
    client.force_login(person_with(RoleKind.LEADERSHIP))
    page = text(client.get(page_of(sent)))
    assert "Because people wait too long." in page
    assert "Mark as eligible" not in page
    assert client.post(page_of(sent, "eligible")).status_code == 403


def test_the_newest_arrival_stands_first(staff_client, scene):
    later = SubmittedFactory()
    assert listed(staff_client) == [later.pk, scene.draft.pk]
    sent = scene.send()
    assert listed(staff_client) == [sent.pk, later.pk]


def test_list_is_filtered_by_each_filter(staff_client):
    topic, call = TopicFactory(), CallFactory()
    topic.calls.add(call)
    wanted = SubmittedFactory(
        call=call,
        topic=topic,
        delivery_model="network",
        organisation=OrganisationFactory(kind="carer_led", nation="wales"),
    )
    ExpressionFactory()
    for query in (
        f"?call={call.pk}",
        "?state=submitted&state=eligible",
        "?nation=wales",
        "?kind=carer_led&kind=charity",
        f"?topic={topic.pk}",
        "?model=network",
    ):
        assert listed(staff_client, query) == [wanted.pk], query


def test_list_says_what_will_be_here_when_nothing_fits(staff_client):
    page = text(staff_client.get(reverse("expressions:staff-list")))
    assert "No expression of interest fits" in page


def test_list_costs_the_same_at_one_row_and_at_thirty(staff_client):
    counts = []
    for size in (1, 29):
        SubmittedFactory.create_batch(size, topic=TopicFactory())
        staff_client.get(reverse("expressions:staff-list"))  # the panel without a choice is kept
        with CaptureQueriesContext(connection) as queries:
            assert staff_client.get(reverse("expressions:staff-list")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


def test_page_of_an_expression_costs_at_most_fifteen_queries(staff_client, scene):
    sent = scene.send()
    with CaptureQueriesContext(connection) as queries:
        assert staff_client.get(page_of(sent)).status_code == 200
    assert len(queries) <= 15


def test_export_has_the_filtered_rows(staff_client):
    SubmittedFactory(reference="EOI-2023-0900", organisation=OrganisationFactory(name="=1+1"))
    ExpressionFactory()
    response = staff_client.get(reverse("expressions:export") + "?state=submitted")
    lines = b"".join(response.streaming_content).decode().splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("EOI-2023-0900,'=1+1,Community organisation,England")


def test_staff_see_that_there_is_a_draft_and_not_what_it_says(staff_client, scene):
    scene.fill()
    page = text(staff_client.get(page_of(scene.draft)))
    assert "The organisation is still writing" in page
    assert "Because people wait too long." not in page
    assert staff_client.get(page_of(scene.draft, "copy")).status_code == 403


def test_staff_mark_as_eligible_on_the_page(staff_client, scene):
    sent = scene.send()
    assert "Mark as eligible" in text(staff_client.get(page_of(sent)))
    response = staff_client.post(page_of(sent, "eligible"), follow=True)
    assert f"{sent.reference} is marked as eligible" in text(response)
    sent.refresh_from_db()
    assert sent.state == ExpressionState.ELIGIBLE


def test_staff_mark_as_not_eligible_with_a_reason(staff_client, scene):
    sent = scene.send()
    address = page_of(sent, "ineligible")
    assert staff_client.get(address).status_code == 200
    response = staff_client.post(address, {"reason": ""})
    assert sorted(response.context["form"].errors) == ["reason"]
    page = text(staff_client.post(address, {"reason": "Works abroad."}, follow=True))
    assert "Works abroad." in page


def test_marking_a_draft_is_refused_in_words(staff_client, scene):
    for name, fields in (("eligible", {}), ("ineligible", {"reason": "x"})):
        response = staff_client.post(page_of(scene.draft, name), fields, follow=True)
        assert "cannot be done now" in text(response)


def test_applicant_is_not_shown_the_check_before_letters_go_out(client, scene, staff_client):
    sent = scene.send()
    staff_client.post(page_of(sent, "ineligible"), {"reason": "Works abroad."})
    client.force_login(scene.writer)
    page = text(client.get(sent.get_absolute_url()))
    assert "Works abroad." not in page
    assert "Not eligible" not in page


def test_home_page_of_a_writer_names_the_draft_and_its_closing(scene):
    todos = selectors.todo_for(scene.writer, timezone.now())
    assert [(todo.url, todo.due) for todo in todos] == [
        (scene.draft.get_absolute_url(), scene.call.closes_at)
    ]


def test_home_page_of_staff_counts_arrivals_and_names_calls_that_close_soon(scene, staff):
    scene.send()
    now = timezone.now()
    soon = CallFactory(closes_at=now + timedelta(days=13))
    todos = selectors.todo_for(staff, now)
    assert [(todo.count, todo.url) for todo in todos] == [
        (1, "/staff/expressions/?state=submitted"),
        (None, f"/staff/expressions/?call={soon.pk}"),
    ]


def test_home_page_costs_the_same_however_much_waits(scene, staff):
    counts = []
    for person in (scene.writer, staff):
        selectors.todo_for(person, timezone.now())  # Roles are read once for each request.
    for size in (1, 10):
        for _n in range(size):
            ExpressionFactory(call=CallFactory(), organisation=scene.organisation)
            SubmittedFactory()
        for person in (scene.writer, staff):
            with CaptureQueriesContext(connection) as queries:
                selectors.todo_for(person, timezone.now())
            counts.append(len(queries))
    assert counts[:2] == counts[2:]


def test_nobody_without_a_role_costs_the_home_page_a_query(somebody, django_assert_num_queries):
    assert somebody.current_roles == []
    with django_assert_num_queries(0):
        assert selectors.todo_for(somebody, timezone.now()) == []


def test_copy_of_my_data_has_what_i_wrote(scene):
    scene.send()
    data = selectors.expressions_data(scene.writer)
    assert [one["reference"] for one in data["expressions"]] == ["EOI-2023-0001"]
    assert [one["answer"] for one in data["answers_last_saved_by_you"]] == [
        "Because people wait too long.",
        "3",
    ]
    assert selectors.expressions_data(contact_of(OrganisationFactory()))["expressions"] == []
