"""The pages of reports: who sees what, asking, watching, downloading."""

import threading
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import RoleKind
from core.models import AuditEntry
from reports.building import build_waiting
from reports.enums import RunState
from reports.models import ReportRun
from reports.selectors import latest_run, run_panel, runs_of_person
from reports.services import ask_for_report
from tests.accounts.factories import UserFactory, person_with
from tests.reports.factories import ReportRunFactory, kind_known

pytestmark = pytest.mark.django_db


@pytest.fixture
def ready(counting, staff, now) -> ReportRun:
    """A finished run of ``staff``."""
    run = ask_for_report(kind=counting, parameters={}, by=staff, now=now)
    build_waiting(now=now)
    return ReportRun.objects.get(pk=run.pk)


def addresses(run: ReportRun) -> list[str]:
    return [
        reverse("reports:run", args=[run.pk]),
        reverse("reports:run-progress", args=[run.pk]),
        reverse("reports:download", args=[run.pk, "xlsx"]),
    ]


def test_staff_asks_and_comes_to_the_page_of_the_run(staff_client, staff):
    page = staff_client.get(reverse("reports:list"))
    assert page.status_code == 200
    assert reverse("reports:ask", args=["programme_overview"]) in page.content.decode()
    answer = staff_client.post(
        reverse("reports:ask", args=["programme_overview"]), {"nation": "wales", "model": ""}
    )
    run = ReportRun.objects.get()
    assert (run.requested_by, run.parameters) == (staff, {"nation": "wales", "model": ""})
    assert answer.headers["Location"] == reverse("reports:run", args=[run.pk])
    assert AuditEntry.objects.filter(object_id=str(run.pk), by=staff).count() == 1


def test_bad_choice_is_said_and_makes_no_run(staff_client):
    address = reverse("reports:ask", args=["programme_overview"])
    page = staff_client.post(address, {"nation": "atlantis"})
    assert page.status_code == 200
    assert "There is a problem" in page.content.decode()
    assert not ReportRun.objects.exists()


def test_ask_page_of_an_unknown_or_scoped_kind_is_not_found(staff_client):
    with kind_known(scoped=True):
        for name in ["unknown", "counting"]:
            assert staff_client.get(reverse("reports:ask", args=[name])).status_code == 404


def test_second_ask_while_the_first_waits_is_the_same_run(counting, staff, now):
    first = ask_for_report(kind=counting, parameters={"a": 1, "b": 2}, by=staff, now=now)
    again = ask_for_report(kind=counting, parameters={"b": 2, "a": 1}, by=staff, now=now)
    other = ask_for_report(kind=counting, parameters={"a": 2}, by=staff, now=now)
    assert again.pk == first.pk != other.pk
    build_waiting(now=now)
    later = ask_for_report(kind=counting, parameters={"a": 1, "b": 2}, by=staff, now=now)
    assert later.pk != first.pk


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_double_click_at_the_same_moment_makes_one_run(now):
    person = person_with(RoleKind.PROGRAMME_STAFF)
    start, found = threading.Barrier(4), []

    def click():
        try:
            start.wait(10)
            run = ask_for_report(kind="counting", parameters={}, by=person, now=now)
            found.append(run.pk)
        finally:
            connection.close()

    with kind_known():
        clicks = [threading.Thread(target=click) for _ in range(4)]
        for thread in clicks:
            thread.start()
        for thread in clicks:
            thread.join()
    assert found == [ReportRun.objects.get().pk] * 4


def test_asking_without_the_permission_is_refused(counting, somebody, now):
    with pytest.raises(PermissionDenied):
        ask_for_report(kind=counting, parameters={}, by=somebody, now=now)
    assert not ReportRun.objects.exists()


def test_list_and_ask_are_closed_to_people_who_do_not_see_the_programme(client, somebody):
    client.force_login(somebody)
    assert client.get(reverse("reports:list")).status_code == 403
    ask = reverse("reports:ask", args=["programme_overview"])
    assert client.get(ask).status_code == 404
    assert client.post(ask).status_code == 404


def test_run_is_not_found_by_others_and_needs_signing_in(client, ready, somebody):
    for address in addresses(ready):
        assert client.get(address).status_code == 302
    client.force_login(somebody)
    for address in addresses(ready):
        assert client.get(address).status_code == 404


def test_run_is_not_found_once_its_maker_has_lost_the_permission(client, ready, staff):
    staff.roles.all().delete()
    client.force_login(staff)
    for address in addresses(ready):
        assert client.get(address).status_code == 404


def test_colleague_sees_a_shared_run_but_not_a_scoped_one(client, staff, manager, now):
    client.force_login(manager)
    shared = ReportRunFactory(requested_by=staff)
    assert client.get(reverse("reports:run", args=[shared.pk])).status_code == 200
    with kind_known(scoped=True):
        scoped = ReportRunFactory(requested_by=staff, kind="counting")
        assert client.get(reverse("reports:run", args=[scoped.pk])).status_code == 404


def test_list_of_visible_runs_agrees_with_the_rule_on_each(staff, manager, somebody):
    leader = person_with(RoleKind.LEADERSHIP)
    people = [staff, manager, somebody, leader]
    with kind_known(scoped=True):
        for person in [staff, manager, leader]:
            ReportRunFactory(requested_by=person)
            ReportRunFactory(requested_by=person, kind="counting")
        for person in people:
            visible = set(ReportRun.objects.visible_to(person))
            allowed = {
                run for run in ReportRun.objects.all() if person.has_perm("reports.view_run", run)
            }
            assert visible == allowed


def test_somebody_without_a_role_sees_and_downloads_their_own_scoped_run(client, somebody, now):
    import rules

    rules.add_perm(
        "reports.own_copy",
        rules.predicate(lambda user, run: bool(run) and run.parameters["of"] == user.pk),
    )
    try:
        with kind_known(scoped=True, permission="reports.own_copy"):
            with pytest.raises(PermissionDenied):
                ask_for_report(kind="counting", parameters={"of": 0}, by=somebody, now=now)
            run = ask_for_report(
                kind="counting", parameters={"of": somebody.pk}, by=somebody, now=now
            )
            build_waiting(now=now)
            found = latest_run(kind="counting", parameters={"of": somebody.pk}, by=somebody)
            assert found == run
            client.force_login(somebody)
            *pages, download = [client.get(address) for address in addresses(run)]
            assert [page.status_code for page in [*pages, download]] == [200] * 3
            download.close()
    finally:
        rules.remove_perm("reports.own_copy")


def test_download_is_an_attachment_that_no_browser_guesses_about(client, ready, staff):
    client.force_login(staff)
    answer = client.get(addresses(ready)[2])
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="counting-{ready.pk}.xlsx"'
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content) == Path(ready.files.get().file.path).read_bytes()
    answer.close()


@pytest.mark.parametrize("kind", ["pdf", "exe", "docx"])
def test_file_that_a_run_does_not_have_is_not_found(client, ready, staff, kind):
    client.force_login(staff)
    assert client.get(reverse("reports:download", args=[ready.pk, kind])).status_code == 404


def test_unfinished_run_asks_again_by_itself_and_has_a_link_without_scripts(client, staff):
    run = ReportRunFactory(requested_by=staff)
    client.force_login(staff)
    page = client.get(reverse("reports:run", args=[run.pk])).content.decode()
    progress = reverse("reports:run-progress", args=[run.pk])
    assert f'hx-get="{progress}"' in page
    assert "<noscript>" in page and "Show how far it is now" in page
    assert "Waiting to start" in page


def test_finished_run_asks_no_more_and_says_so_to_screen_readers(client, ready, staff):
    client.force_login(staff)
    part = client.get(addresses(ready)[1]).content.decode()
    assert "hx-get" not in part
    assert f'hx-swap-oob="innerHTML:#run-{ready.pk}-said"' in part
    page = client.get(addresses(ready)[0]).content.decode()
    assert "hx-swap-oob" not in page
    assert "Download as Excel" in page


def test_failed_run_says_why(client, staff):
    run = ReportRunFactory(requested_by=staff, state=RunState.FAILED, problem="It took too long.")
    client.force_login(staff)
    assert "It took too long." in client.get(addresses(run)[0]).content.decode()


def test_progress_says_what_is_being_done_and_which_step(staff):
    run = ReportRunFactory.build(
        requested_by=staff, state=RunState.BUILDING, doing="Counting", done=1, total=3
    )
    run.pk = 1
    assert run_panel(run).words == "Counting: step 2 of 3"


def test_list_costs_the_same_for_one_run_and_for_thirty(staff_client, staff):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            staff_client.get(reverse("reports:list"))
        return len(captured)

    ReportRunFactory(requested_by=staff)
    one = queries()
    ReportRunFactory.create_batch(29, requested_by=staff)
    assert queries() == one <= 8


def test_run_page_keeps_to_its_queries(client, ready, staff):
    client.force_login(staff)
    with CaptureQueriesContext(connection) as captured:
        client.get(addresses(ready)[0])
    assert len(captured) <= 10


def test_copy_of_ones_own_data_names_the_runs(staff):
    ReportRunFactory(requested_by=staff)
    ReportRunFactory(requested_by=UserFactory())
    assert [run["report"] for run in runs_of_person(staff)["reports_asked_for"]] == [
        "Programme overview"
    ]
