"""The outreach log: noting, putting right, following up, and who asked not to be contacted."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleKind
from core.models import AuditEntry
from core.versions import ChangedMeanwhile, details_of, version_of
from partners import outreach, reminders, selectors
from partners.enums import Channel, OutreachResult
from partners.models import Organisation, OutreachContact
from reports.building import build_waiting
from reports.models import ReportRun
from tests.accounts.factories import UserFactory, person_with
from tests.partners.factories import OrganisationFactory, OutreachFactory, contact_of

pytestmark = pytest.mark.django_db
DAY = date(2022, 7, 20)


def values(by, **more):
    return {
        "happened_on": DAY,
        "channel": Channel.EMAIL,
        "by": by,
        "about": "The call",
        "result": OutreachResult.NO_ANSWER,
        "follow_up_on": None,
        **more,
    }


def log(organisation, staff, now, **more):
    return outreach.log_outreach(
        organisation=organisation,
        values=values(staff, **more),
        once_key=more.pop("key", None) or uuid4(),
        by=staff,
        now=now,
    )


def sent(by, **more):
    return {
        "once_key": uuid4(),
        "happened_on_day": "20",
        "happened_on_month": "7",
        "happened_on_year": "2022",
        "channel": "telephone",
        "by": by.pk,
        "about": "The call",
        "result": "interested",
        **more,
    }


def test_page_notes_one_entry_however_often_it_is_pressed(staff_client, staff):
    there = OrganisationFactory()
    url = reverse("partners:outreach-add", args=[there.pk])
    assert staff_client.get(url).status_code == 200
    data = sent(staff)
    for _click in range(2):
        assert staff_client.post(url, data).status_code == 302
    entry = there.outreach.get()
    assert (entry.happened_on, entry.channel, entry.by) == (DAY, "telephone", staff)
    page = staff_client.get(there.get_absolute_url()).content.decode()
    assert "The call" in page


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"happened_on_year": "2999"}, "happened_on"),
        (
            {
                "result": "no_contact",
                "follow_up_on_day": "1",
                "follow_up_on_month": "8",
                "follow_up_on_year": "2022",
            },
            "follow_up_on",
        ),
        (
            {
                "follow_up_on_day": "1",
                "follow_up_on_month": "7",
                "follow_up_on_year": "2022",
            },
            "follow_up_on",
        ),
    ],
)
def test_page_refuses_days_that_cannot_be(staff_client, staff, more, field):
    url = reverse("partners:outreach-add", args=[OrganisationFactory().pk])
    response = staff_client.post(url, sent(staff, **more))
    assert list(response.context["form"].errors) == [field]


def test_who_of_us_is_one_of_the_staff(staff_client):
    url = reverse("partners:outreach-add", args=[OrganisationFactory().pk])
    response = staff_client.post(url, sent(UserFactory()))
    assert list(response.context["form"].errors) == ["by"]


def test_entry_is_put_right_and_the_audit_says_what_was(staff_client, staff, now):
    entry = log(OrganisationFactory(), staff, now)
    url = entry.get_absolute_url()
    seen = staff_client.get(url).context["form"]["seen"].value()
    staff_client.post(url, sent(staff, seen=seen))
    entry.refresh_from_db()
    assert entry.result == OutreachResult.INTERESTED
    change = AuditEntry.objects.latest("id").changes["outreach"]
    assert change == ["20 July 2022, E-mail, No answer yet", "20 July 2022, Telephone, Interested"]


def test_second_person_to_change_an_entry_is_told(staff, now):
    entry = log(OrganisationFactory(), staff, now)
    seen = version_of(details_of(entry, outreach.FIELDS))
    save = {"obj": entry, "seen": seen, "by": staff, "now": now}
    outreach.change_outreach(values=values(staff, about="First"), **save)
    with pytest.raises(ChangedMeanwhile):
        outreach.change_outreach(values=values(staff, about="Second"), **save)
    outreach.change_outreach(values=values(staff, about="First"), **save)
    assert OutreachContact.objects.get().about == "First"


def test_second_person_to_change_an_entry_keeps_their_words_on_the_page(staff_client, staff, now):
    entry = log(OrganisationFactory(), staff, now)
    url = entry.get_absolute_url()
    page = staff_client.post(url, sent(staff, about="My words", seen="old")).content.decode()
    assert "My words" in page
    assert "Somebody else changed these details" in page


def test_removing_asks_once_and_keeps_the_date_in_the_history(staff_client, staff, now):
    there = OrganisationFactory()
    entry = log(there, staff, now)
    url = reverse("partners:outreach-remove", args=[entry.pk])
    assert "Remove this" in staff_client.get(url).content.decode()
    staff_client.post(url)
    outreach.remove_outreach(obj=entry, by=staff, now=now)
    assert OutreachContact.objects.count() == 0
    history = reverse("partners:history", args=[there.pk])
    assert "20 July 2022, E-mail, No answer yet" in staff_client.get(history).content.decode()


def test_no_contact_stands_until_they_are_interested_themselves(staff, now):
    there = OrganisationFactory()
    log(there, staff, now, result=OutreachResult.NO_CONTACT)
    log(there, staff, now, happened_on=DAY + timedelta(1))
    assert Organisation.objects.get().no_contact_since == DAY
    back = log(there, staff, now, happened_on=DAY + timedelta(2), result=OutreachResult.INTERESTED)
    assert Organisation.objects.get().no_contact_since is None
    outreach.remove_outreach(obj=back, by=staff, now=now)
    assert Organisation.objects.get().no_contact_since == DAY


def test_who_asked_not_to_be_contacted_is_no_longer_followed_up(staff, now):
    there = OrganisationFactory()
    log(there, staff, now, follow_up_on=DAY)
    log(there, staff, now, happened_on=DAY - timedelta(1), result=OutreachResult.NO_CONTACT)
    assert list(OutreachContact.objects.to_follow_up()) == []


@pytest.mark.parametrize("name", ["register", "organisation", "outreach-add", "merge"])
def test_no_contact_is_said_on_every_page_of_staff(staff_client, staff, now, name):
    there, other = OrganisationFactory(), OrganisationFactory()
    log(there, staff, now, result=OutreachResult.NO_CONTACT)
    arguments = {"register": [], "merge": [there.pk, other.pk]}.get(name, [there.pk])
    page = staff_client.get(reverse(f"partners:{name}", args=arguments)).content.decode()
    words = "not to contact them" if name == "outreach-add" else "Asked not to be contacted"
    assert words in page


def test_organisation_itself_sees_nothing_of_the_log(client, staff, now):
    there = OrganisationFactory()
    log(there, staff, now, about="Between us", result=OutreachResult.NO_CONTACT)
    client.force_login(contact_of(there))
    page = client.get(there.get_absolute_url()).content.decode()
    assert "Between us" not in page
    assert "Asked not to be contacted" not in page
    assert client.get(there.outreach.get().get_absolute_url()).status_code == 404


def test_leadership_reads_the_log_and_does_not_write_it(client, staff, now):
    entry = log(OrganisationFactory(), staff, now, follow_up_on=DAY)
    client.force_login(person_with(RoleKind.LEADERSHIP))
    page = client.get(reverse("partners:outreach")).content.decode()
    assert entry.organisation.name in page
    assert "Nothing left to do" not in page
    assert client.get(entry.get_absolute_url()).status_code == 403


def test_next_entry_settles_what_was_to_be_followed_up(staff, now):
    there = OrganisationFactory()
    first = log(there, staff, now, follow_up_on=DAY + timedelta(5))
    log(there, staff, now, happened_on=DAY + timedelta(4))
    first.refresh_from_db()
    assert first.followed_up_at == now


def test_new_day_opens_a_settled_follow_up_anew(staff, now):
    entry = log(OrganisationFactory(), staff, now, follow_up_on=DAY)
    outreach.settle_follow_up(obj=entry, by=staff, now=now)
    entry.refresh_from_db()
    outreach.change_outreach(
        obj=entry,
        values=values(staff, follow_up_on=DAY + timedelta(9)),
        seen=version_of(details_of(entry, outreach.FIELDS)),
        by=staff,
        now=now,
    )
    assert list(OutreachContact.objects.to_follow_up()) == [entry]


def test_follow_up_that_is_done_leaves_the_list(staff_client, staff, now):
    entry = log(OrganisationFactory(), staff, now, follow_up_on=DAY)
    for _click in range(2):
        staff_client.post(reverse("partners:outreach-done", args=[entry.pk]))
    assert AuditEntry.objects.filter(changes__has_key="followed_up").count() == 1
    assert "Nothing to follow up" in staff_client.get(reverse("partners:outreach")).content.decode()


def test_follow_ups_are_filtered_and_exported_as_filtered(staff_client, staff):
    today = timezone.localdate()
    late = OutreachFactory(by=staff, follow_up_on=today - timedelta(1), organisation__name="=late")
    OutreachFactory(follow_up_on=today + timedelta(3), organisation__nation="wales")
    OutreachFactory(follow_up_on=None)
    for query in ("?when=late", "?when=0", f"?by={staff.pk}", "?name=late", "?nation=england"):
        response = staff_client.get(reverse("partners:outreach") + query)
        assert response.context["page"].rows == [late], query
    file = staff_client.get(reverse("partners:outreach-csv") + "?when=late")
    lines = file.getvalue().decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("'=late,")


def test_excel_file_of_the_follow_ups_is_made_as_filtered(
    staff_client, staff, now, settings, tmp_path
):
    settings.MEDIA_ROOT = str(tmp_path)
    today = timezone.localdate()
    OutreachFactory(by=staff, follow_up_on=today, organisation__name="Wanted")
    OutreachFactory(follow_up_on=today + timedelta(30))
    response = staff_client.post(reverse("partners:outreach-excel") + "?when=0")
    build_waiting(now=timezone.now())
    run = ReportRun.objects.get()
    assert response.url == run.get_absolute_url()
    assert [row[0] for row in run.figures["rows"]] == ["Wanted"]
    assert run.files.get().kind == "xlsx"


def test_follow_ups_cost_the_same_at_one_row_and_at_thirty(staff_client):
    counts = []
    for size in (1, 29):
        OutreachFactory.create_batch(size, follow_up_on=timezone.localdate())
        with CaptureQueriesContext(connection) as queries:
            assert staff_client.get(reverse("partners:outreach")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


def test_reminder_is_due_from_its_day_on_and_goes_with_its_reason(staff, now):
    entry = log(OrganisationFactory(), staff, now, follow_up_on=DAY + timedelta(6))
    assert list(reminders.due(now - timedelta(1))) == []
    assert list(reminders.due(now)) == list(reminders.due(now + timedelta(40))) == [entry]
    assert reminders.skip_reason(entry, now) is None
    assert reminders.skip_reason(entry, now - timedelta(1)) == "not_due"
    assert reminders.recipients([entry]) == [(entry, staff)]
    entry.organisation.no_contact_since = DAY
    assert reminders.skip_reason(entry, now) == "asked_not_to_be_contacted"
    entry.followed_up_at = now
    assert reminders.skip_reason(entry, now) == "followed_up"


def test_who_is_no_longer_staff_is_not_reminded():
    entry = OutreachFactory(by=UserFactory())
    assert reminders.recipients([entry]) == []


def test_last_outreach_of_many_costs_one_query(staff, django_assert_num_queries):
    first, second, third = OrganisationFactory.create_batch(3)
    OutreachFactory(organisation=first, happened_on=DAY, by=staff)
    OutreachFactory(organisation=first, happened_on=DAY - timedelta(1))
    OutreachFactory(organisation=second, happened_on=DAY, result=OutreachResult.NOT_NOW)
    with django_assert_num_queries(1):
        found = selectors.last_outreach([first.pk, second.pk, third.pk])
    assert {pk: (one.happened_on, one.result) for pk, one in found.items()} == {
        first.pk: (DAY, "No answer yet"),
        second.pk: (DAY, "Not now"),
    }


def test_copy_of_a_person_s_data_holds_their_entries(staff, now):
    there = OrganisationFactory(name="Our group")
    log(there, staff, now)
    data = selectors.partners_data(staff)
    assert data["got_in_touch_with"] == [
        {"organisation": "Our group", "on": "2022-07-20", "about": "The call"}
    ]
