"""The private calendar feed: whose it is, what it holds, and what nobody learns of it."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as configured
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from core.logs import LineFormatter, masked
from core.models import AuditEntry
from impact_portal.models import CalendarLink
from impact_portal.mywork import services, views
from tests.meetings.factories import GroupFactory, MeetingFactory, member_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def group():
    return GroupFactory(name="Powys")


@pytest.fixture
def person(group):
    return member_of(group)


@pytest.fixture
def meeting(group):
    begins = timezone.now().replace(microsecond=0) + timedelta(days=2)
    return MeetingFactory(
        group=group,
        title="Second meeting",
        starts_at=begins,
        ends_at=begins + timedelta(hours=2),
        place="Town hall",
        joining="Code 1234",
    )


@pytest.fixture
def address(person):
    token = services.make_link(person=person, by=person, now=timezone.now())
    return reverse("mywork:feed", args=[token])


def events(response):
    assert response.status_code == 200
    return list(Calendar.from_ical(response.content).walk("VEVENT"))


def test_feed_holds_title_place_time_and_link_and_no_more(client, meeting, address):
    response = client.get(address)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    [event] = events(response)
    assert str(event["summary"]) == "Second meeting (Powys)"
    assert str(event["location"]) == "Town hall"
    assert str(event["url"]).endswith(f"/meetings/{meeting.pk}/")
    assert event["dtstart"].dt.astimezone(UTC) == meeting.starts_at
    assert event["dtstart"].params["TZID"] == "Europe/London"
    assert "1234" not in response.content.decode()
    assert [str(zone["tzid"]) for zone in Calendar.from_ical(response.content).walk("VTIMEZONE")]


def test_a_changed_meeting_keeps_its_uid_and_has_a_higher_sequence(client, meeting, address):
    [before] = events(client.get(address))
    type(meeting).objects.filter(pk=meeting.pk).update(
        place="Library", updated_at=timezone.now() + timedelta(minutes=5)
    )
    [after] = events(client.get(address))
    assert after["uid"] == before["uid"]
    assert after["sequence"] > before["sequence"]
    assert after["last-modified"].dt > before["last-modified"].dt


def test_a_cancelled_meeting_stays_and_says_so(client, meeting, address):
    type(meeting).objects.filter(pk=meeting.pk).update(state="cancelled")
    [event] = events(client.get(address))
    assert event["status"] == "CANCELLED"


def test_the_same_file_is_sent_once(client, meeting, address):
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    type(meeting).objects.filter(pk=meeting.pk).update(place="Library")
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_a_role_that_lapsed_empties_the_feed_at_once(client, person, meeting, address):
    person.roles.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert events(client.get(address)) == []


def seen(response):
    kept = {name: response[name] for name in response.headers if name != "Content-Language"}
    return response.status_code, response.content, kept


def test_wrong_stopped_replaced_and_closed_addresses_answer_the_same(client, person, address):
    wrong = seen(client.get(reverse("mywork:feed", args=["x" * 43])))
    assert wrong[0] == 404
    person.is_active = False
    person.save()
    assert seen(client.get(address)) == wrong
    person.is_active = True
    person.save()
    newer = reverse(
        "mywork:feed", args=[services.make_link(person=person, by=person, now=timezone.now())]
    )
    assert seen(client.get(address)) == wrong
    assert client.get(newer).status_code == 200
    assert services.stop_link(person=person, by=person, now=timezone.now()) is True
    assert seen(client.get(newer)) == wrong
    for odd in ["", "x", "x" * 5_000, "%00" * 10, "é" * 43]:
        response = client.get(f"/calendar-feed/{odd}.ics")
        assert response.status_code == 404


def test_feed_sets_no_cookie_and_tells_no_other_site(client, address):
    response = client.get(address)
    assert response.cookies == {}
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Cache-Control"] == "private, no-cache"


def test_feed_that_is_asked_for_too_often_rests(client, address, monkeypatch):
    monkeypatch.setattr(views, "FEEDS_AN_HOUR", 2)
    assert [client.get(address).status_code for _time in range(3)] == [200, 200, 429]


def test_link_is_shown_once_and_only_its_hash_is_kept(client, person):
    client.force_login(person)
    made = client.post(reverse("mywork:link"))
    token = made.context["address"].rsplit("/", 1)[1].removesuffix(".ics")
    link = CalendarLink.objects.get(person=person)
    assert link.token_hash == services.hash_of(token)
    assert token not in client.get(reverse("mywork:link")).content.decode()
    assert made["Cache-Control"] == "private, no-store"
    assert Client().get(reverse("mywork:feed", args=[token])).status_code == 200
    client.post(reverse("mywork:link-stop"))
    client.post(reverse("mywork:link-stop"))
    assert Client().get(reverse("mywork:feed", args=[token])).status_code == 404
    noted = AuditEntry.objects.filter(content_type__model="calendarlink").order_by("id")
    assert [(entry.action, entry.by) for entry in noted] == [
        ("created", person),
        ("removed", person),
    ]


@pytest.mark.parametrize(
    "address",
    ["/calendar-feed/{}.ics", "/you/invitations/{}/", "/topics/evidence/{}/", "/messages/stop/{}/"],
)
def test_keys_in_addresses_never_stand_in_a_log(client, address, caplog):
    key = "k" * 43
    handlers = configured.LOGGING["handlers"]
    assert {one["formatter"] for one in handlers.values()} == {"line"}
    assert configured.LOGGING["formatters"]["line"]["()"] == "core.logs.LineFormatter"
    caplog.handler.setFormatter(LineFormatter())
    with caplog.at_level(logging.INFO):
        client.get(address.format(key))
    assert key not in caplog.text
    assert masked(f"GET {address.format(key)} 404").startswith("GET /")
    assert key not in masked(f"Not Found: {address.format(key)}")


def test_sequence_fits_32_bits_until_2080():
    from impact_portal.mywork.feed import COUNTED_FROM

    assert (datetime(2080, 1, 1, tzinfo=UTC) - COUNTED_FROM).total_seconds() < 2**31


def test_neither_server_in_front_writes_down_the_address_of_a_page():
    root = configured.BASE_DIR
    assert "\naccesslog = None\n" in (root / "deploy/gunicorn.conf.py").read_text()
    assert "access-logfile" not in (root / "bin/portal/run.py").read_text()
    assert "request>uri delete" in (root / "deploy/Caddyfile").read_text()
