"""Slips of milestones, the timeline, and risks: what is kept, shown, asked for and hidden."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleKind
from core.transitions import ReasonRequired, transitions_of
from core.versions import ChangedMeanwhile, details_of, version_of
from projects.enums import ChangeStage, RiskState
from projects.history import history_of
from projects.models import MilestoneSlip, Risk
from projects.selectors import todo_for
from projects.timeline import planned, timeline_of
from projects.transitions import close_risk
from projects.work_services import change_milestone
from tests.accounts.factories import person_with
from tests.partners.factories import OrganisationFactory
from tests.projects.factories import MilestoneFactory, ProjectFactory, RiskFactory

pytestmark = pytest.mark.django_db

FIELDS = ["title", "stage", "due_on", "done_on"]


def url(name, *args):
    return reverse(f"projects:{name}", args=args)


def html(response):
    return response.content.decode()


def date_boxes(name, day):
    return {f"{name}_{part}": getattr(day, part) for part in ["day", "month", "year"]}


@pytest.fixture
def project(staff):
    return ProjectFactory(title="Time off", lead=staff, host=OrganisationFactory())


@pytest.fixture
def milestone(project):
    return MilestoneFactory(project=project, title="Meet", due_on=date(2031, 3, 1))


@pytest.fixture
def move(milestone, staff, now):
    def moved(day, reason="", seen=None):
        values = {**details_of(milestone, FIELDS), "due_on": day, "slip_reason": reason}
        milestone.refresh_from_db()
        return change_milestone(obj=milestone, values=values, seen=seen, by=staff, now=now)

    return moved


# --- Slips ---------------------------------------------------------------------------------


def test_a_day_moved_to_later_without_reason_is_refused_and_nothing_is_kept(move, milestone):
    with pytest.raises(ReasonRequired):
        move(date(2031, 4, 1), "  ")
    milestone.refresh_from_db()
    assert (milestone.due_on, MilestoneSlip.objects.count()) == (date(2031, 3, 1), 0)


def test_a_day_taken_away_without_reason_is_refused(move):
    with pytest.raises(ReasonRequired):
        move(None)


def test_a_day_moved_is_kept_with_both_days_who_and_why(move, milestone, staff, now):
    move(date(2031, 4, 1), " The host was late. ")
    slip = milestone.slips.get()
    assert (slip.due_before, slip.due_after) == (date(2031, 3, 1), date(2031, 4, 1))
    assert (slip.reason, slip.by, slip.at, slip.days) == ("The host was late.", staff, now, 31)


def test_a_day_moved_forward_asks_for_no_reason(move, milestone):
    move(date(2031, 2, 1))
    assert milestone.slips.get().reason == ""


def test_other_changes_of_a_milestone_keep_no_slip(milestone, staff, now):
    values = {**details_of(milestone, FIELDS), "title": "Meet again", "slip_reason": "x"}
    change_milestone(obj=milestone, values=values, seen=None, by=staff, now=now)
    assert MilestoneSlip.objects.count() == 0


def test_a_day_moved_from_an_old_page_is_refused(move, milestone):
    seen = version_of(details_of(milestone, FIELDS))
    move(date(2031, 4, 1), "Once.")
    with pytest.raises(ChangedMeanwhile):
        move(date(2031, 5, 1), "From an old page.", seen=seen)
    assert milestone.slips.count() == 1


def test_history_says_in_one_line_from_which_day_to_which_and_why(move, project):
    move(date(2031, 4, 1), "The host was late.")
    text = "Moved the day of the milestone “Meet”; from 1 March 2031 to 1 April 2031"
    assert [(event.text, event.reason) for event in history_of(project, 10)] == [
        (text, "The host was late.")
    ]


def test_history_says_what_else_changed_with_the_day(milestone, project, staff, now):
    values = {
        "title": "Meet all",
        "stage": milestone.stage,
        "due_on": None,
        "done_on": None,
        "slip_reason": "Nobody knows yet.",
    }
    change_milestone(obj=milestone, values=values, seen=None, by=staff, now=now)
    found = [event.text for event in history_of(project, 10)]
    moved = "Moved the day of the milestone “Meet all”; from 1 March 2031 to no day"
    assert sorted(found) == ["Changed the milestone “Meet all”", moved]


def test_form_asks_for_the_reason_beside_its_box_and_keeps_the_day(
    project, milestone, staff_client
):
    address = url("milestones-edit", project.pk, milestone.pk)
    seen = staff_client.get(address).context["form"].initial["seen"]
    data = {
        "title": "Meet",
        "stage": ChangeStage.AGREEING,
        "once_key": uuid4(),
        "seen": seen,
        **date_boxes("due_on", date(2031, 4, 1)),
    }
    page = staff_client.post(address, data)
    assert list(page.context["form"].errors) == ["slip_reason"]
    assert staff_client.post(address, {**data, "slip_reason": "Snow."}).status_code == 302
    slip = milestone.slips.get()
    assert (slip.due_after, slip.reason) == (date(2031, 4, 1), "Snow.")


# --- The timeline --------------------------------------------------------------------------


def test_timeline_knows_the_first_day_after_two_moves(move, project):
    move(date(2031, 4, 1), "Once.")
    move(date(2031, 5, 1), "Twice.")
    one = planned(project.milestones.all())[0]
    assert (one.first, one.now, one.days_later) == (date(2031, 3, 1), date(2031, 5, 1), 61)


def test_timeline_counts_a_day_given_late_as_the_first(project, staff, now):
    bare = MilestoneFactory(project=project)
    values = {**details_of(bare, FIELDS), "due_on": date(2031, 4, 1)}
    change_milestone(obj=bare, values=values, seen=None, by=staff, now=now)
    one = planned(project.milestones.all())[0]
    assert (one.first, one.days_later) == (date(2031, 4, 1), 0)


def test_timeline_says_in_its_title_how_many_slipped(move, project):
    MilestoneFactory(project=project, stage=ChangeStage.ACTING, due_on=date(2031, 6, 1))
    move(date(2031, 4, 1), "Once.")
    chart = timeline_of(planned(project.milestones.all()), date(2031, 1, 1))
    assert chart.title == "1 of 2 milestones are planned for later than at first"
    assert chart.table_rows()[0] == (
        "Meet",
        ["Agreeing on the issues", "1 March 2031", "1 April 2031", "not yet", "31 days later"],
    )


def test_timeline_draws_nothing_while_no_milestone_has_a_day(project, staff_client):
    MilestoneFactory(project=project)
    assert "No milestone has a date yet" in html(staff_client.get(url("timeline", project.pk)))


def test_timeline_costs_the_same_queries_for_1_and_for_30_slips(move, project, staff_client):
    counts = []
    for more in [1, 29]:
        for number in range(more):
            move(date(2031, 4, 1) + timedelta(days=more + number), "Once more.")
            MilestoneFactory(project=project, due_on=date(2031, 6, 1))
        with CaptureQueriesContext(connection) as caught:
            page = html(staff_client.get(url("timeline", project.pk)))
        counts.append(len(caught))
    assert "Once more." in page
    assert counts[0] == counts[1] <= 8


@pytest.mark.parametrize("what", ["milestones", "risks"])
def test_export_has_each_row_in_both_kinds_and_no_third(what, move, project, staff_client):
    move(date(2031, 4, 1), "=Snow")
    RiskFactory(project=project, description="=Rain")
    made = staff_client.get(url(f"{what}-export", project.pk, "csv"))
    text = b"".join(made.streaming_content).decode()
    assert ("=Snow" if what == "milestones" else "'=Rain") in text
    excel = staff_client.get(url(f"{what}-export", project.pk, "xlsx"))
    assert b"".join(excel.streaming_content)[:2] == b"PK"
    assert staff_client.get(url(f"{what}-export", project.pk, "pdf")).status_code == 404


# --- Risks ---------------------------------------------------------------------------------


def risk_data(**more):
    return {
        "description": "The host may lose its manager",
        "likelihood": 4,
        "impact": 5,
        "response": "We know a second person there.",
        "once_key": uuid4(),
        **more,
    }


def test_a_risk_is_added_once_by_a_double_click(project, staff_client):
    data = risk_data()
    for _ in range(2):
        assert staff_client.post(url("risks-add", project.pk), data).status_code == 302
    assert [(risk.level, risk.state) for risk in Risk.objects.all()] == [(20, RiskState.OPEN)]
    page = html(staff_client.get(url("detail", project.pk)))
    assert "The host may lose its manager" in page
    assert "Likely 4, bad 5 of 5" in page


def test_a_risk_is_looked_at_again_only_after_it_was_looked_at(project, staff_client):
    last = date(2031, 1, 2)
    data = risk_data(**date_boxes("reviewed_on", last), **date_boxes("review_on", last))
    page = staff_client.post(url("risks-add", project.pk), data)
    assert list(page.context["form"].errors) == ["review_on"]


def test_a_risk_is_closed_and_opened_again_with_reasons(project, staff_client):
    risk = RiskFactory(project=project)
    address = url("risk-step", project.pk, risk.pk, "close")
    assert "Why: enter an answer" in html(staff_client.post(address, {"reason": ""}))
    staff_client.post(address, {"reason": "It is over."})
    staff_client.post(url("risk-step", project.pk, risk.pk, "reopen"), {"reason": "It is back."})
    risk.refresh_from_db()
    taken = [(row.step, row.reason) for row in transitions_of(risk)]
    assert taken == [("close", "It is over."), ("reopen", "It is back.")]
    said = [(event.text, event.reason) for event in history_of(project, 10)][:2]
    assert said == [
        (f"Opened the risk “{risk}” again", "It is back."),
        (f"Closed the risk “{risk}”", "It is over."),
    ]
    assert staff_client.get(url("risk-step", project.pk, risk.pk, "burn")).status_code == 404


def test_list_has_the_gravest_first_and_closed_ones_apart(project, staff, staff_client, now):
    small = RiskFactory(project=project, likelihood=1, impact=1)
    grave = RiskFactory(project=project, likelihood=5, impact=5)
    gone = close_risk(obj=RiskFactory(project=project), by=staff, now=now, reason="Over.")
    page = staff_client.get(url("risks", project.pk)).context["page"]
    assert page.rows == [grave, small]
    closed = staff_client.get(url("risks", project.pk), {"state": "closed"}).context["page"]
    assert closed.rows == [gone]


@pytest.mark.parametrize("name", ["risks", "risks-due"])
def test_lists_of_risks_cost_the_same_queries_for_1_and_for_30(name, project, staff, staff_client):
    counts = []
    for more in [1, 29]:
        yesterday = timezone.localdate() - timedelta(days=1)
        RiskFactory.create_batch(more, project=project, owner=staff, review_on=yesterday)
        arguments = [project.pk] if name == "risks" else []
        with CaptureQueriesContext(connection) as caught:
            staff_client.get(url(name, *arguments))
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 8


def test_home_reminds_the_owner_of_a_risk_whose_day_has_passed_and_nobody_else(
    project, staff, manager, now
):
    yesterday = timezone.localdate(now) - timedelta(days=1)
    RiskFactory(project=project, owner=manager, review_on=yesterday)
    RiskFactory(project=project, review_on=yesterday)
    RiskFactory(project=project, owner=manager, review_on=yesterday + timedelta(days=1))
    RiskFactory(project=project, owner=manager, review_on=yesterday, state=RiskState.CLOSED)
    for person in [manager, staff]:
        found = [(one.count, one.url) for one in todo_for(person, now)]
        assert found == [(1, url("risks-due"))]


def test_a_host_sees_neither_risks_nor_timeline(project, client):
    client.force_login(person_with(RoleKind.PARTNER_CONTACT, project.host))
    RiskFactory(project=project, description="Only for the team")
    assert "Only for the team" not in html(client.get(url("detail", project.pk)))
    for name in ["risks", "timeline"]:
        assert client.get(url(name, project.pk)).status_code == 403
