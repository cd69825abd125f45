"""Who saw and changed what: each object with a page has it told somewhere, in words."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from django.utils import timezone

from accounts.enums import RoleKind
from accounts.services import save_access_needs
from core import audit
from core.enums import AuditAction
from expressions import transitions as expression_steps
from expressions.enums import ConflictState
from expressions.models import Conflict
from impact_portal.history.kinds import KINDS, TOLD_ELSEWHERE
from tests.accounts.factories import UserFactory, person_with
from tests.expressions.factories import SubmittedFactory
from tests.meetings.factories import MeetingFactory
from tests.support.checks.addresses import routes


def with_pages(candidates):
    return {one._meta.label for one in candidates if hasattr(one, "get_absolute_url")}


def untold(candidates):
    told = {kind.model._meta.label for kind in KINDS.values()} | set(TOLD_ELSEWHERE)
    return sorted(with_pages(candidates) - told)


def ours():
    return [model for room in settings.ROOMS for model in apps.get_app_config(room).get_models()]


def test_each_model_with_a_page_has_its_history_told_somewhere():
    assert untold(ours()) == []


def test_planted_model_with_a_page_and_no_history_is_found():
    class Planted(models.Model):
        class Meta:
            app_label = "impact_portal"
            managed = False

        def get_absolute_url(self):
            return "/"

    try:
        assert untold([Planted]) == ["impact_portal.Planted"]
    finally:
        del apps.all_models["impact_portal"]["planted"]
        apps.clear_cache()


def test_each_place_where_a_history_is_told_is_an_address():
    names = {name for _address, name, _pattern in routes(get_resolver().url_patterns)}
    assert set(TOLD_ELSEWHERE.values()) - names == set()


def page(client, kind, obj):
    return client.get(reverse("history:page", args=[kind, obj.pk]))


def lines(client, kind, obj):
    return [
        (event.text, event.who, event.reason) for event in page(client, kind, obj).context["events"]
    ]


@pytest.mark.django_db
def test_a_change_says_who_from_what_to_what_and_why(staff_client, manager):
    meeting, now = MeetingFactory(), timezone.now()
    audit.record(
        action=AuditAction.CHANGED,
        obj=meeting,
        by=manager,
        now=now,
        changes={"place": ["Library", "Town hall"]},
        note="Step-free",
    )
    words = "meeting: Changed place from “Library” to “Town hall”"
    assert lines(staff_client, "meeting", meeting) == [(words, str(manager), "Step-free")]


@pytest.mark.django_db
def test_a_step_of_an_expression_is_told_and_hidden_from_who_has_a_conflict(
    staff_client, staff, manager
):
    expression = SubmittedFactory()
    expression_steps.mark_eligible(obj=expression, by=manager, now=timezone.now())
    told = lines(staff_client, "expression", expression)
    assert told[0][:2] == ("From “Arrived” to “Eligible”", str(manager))
    Conflict.objects.create(expression=expression, person=staff, state=ConflictState.SUGGESTED)
    assert page(staff_client, "expression", expression).status_code == 404


@pytest.mark.django_db
def test_who_opened_a_seal_is_on_the_expressions_page_and_not_on_the_calls(staff_client, manager):
    expression = SubmittedFactory()
    for subject in [expression, expression.call]:
        audit.record(
            action=AuditAction.VIEWED, obj=subject, by=manager, now=timezone.now(), note="Query"
        )
    assert [line[1:] for line in lines(staff_client, "expression", expression)] == [
        (str(manager), "Query")
    ]
    assert lines(staff_client, "call", expression.call) == []


@pytest.mark.django_db
def test_of_a_person_they_themselves_and_managers_read_and_needs_are_told_to_few(client, manager):
    person = UserFactory()
    save_access_needs(person=person, needs="Breaks", payment="", by=person, now=timezone.now())
    client.force_login(person)
    assert [line[0] for line in lines(client, "person", person)] == ["access needs: Created"]
    assert page(client, "person", manager).status_code == 403
    client.force_login(manager)
    assert lines(client, "person", person) == []
    client.force_login(person_with(RoleKind.PROGRAMME_STAFF))
    assert page(client, "person", person).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/history/secret/1/", "/history/meeting/999999/"])
def test_what_is_not_there_is_not_found(staff_client, address):
    assert staff_client.get(address).status_code == 404


@pytest.mark.django_db
def test_history_costs_the_same_at_one_row_and_at_30(staff_client, manager):
    meeting, now = MeetingFactory(), timezone.now()

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert page(staff_client, "meeting", meeting).status_code == 200
        return len(queries)

    def note(minutes):
        moment = now + timedelta(minutes=minutes)
        audit.record(action=AuditAction.CHANGED, obj=meeting, by=manager, now=moment, note="x")

    note(0)
    cost()
    once = cost()
    for minutes in range(1, 30):
        note(minutes)
    assert cost() == once <= 15


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_runs_for_somebody_who_may_see_nothing(client, somebody, kind):
    client.force_login(somebody)
    assert client.get(reverse("history:page", args=[kind, 999_999])).status_code == 404
