"""Evidence gaps: asking partners, replies by link and by account, reminders, and closing."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.signing import dumps
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleKind
from core.transitions import TransitionNotAllowed, transitions_of
from notifications.models import Message
from notifications.reminders import queue_due_reminders
from projects import selectors, topic_links, topic_reminders
from projects import topic_services as services
from projects import topic_transitions as steps
from projects.enums import GapState, TopicState
from projects.models import EvidenceGap, GapAsk, GapReply
from tests.accounts.factories import UserFactory, person_with
from tests.partners.factories import OrganisationFactory
from tests.projects.factories import (
    EvidenceGapFactory,
    GapAskFactory,
    GapReplyFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"projects:{name}", args=args)


def html(response):
    return response.content.decode()


def link(ask):
    return topic_links.reply_path(ask)


def words(text="We know a little.", **more):
    return {"text": text, "links": "", "once_key": str(uuid4()), **more}


@pytest.fixture
def topic():
    return TopicFactory(title="Time off", state=TopicState.UNDER_ASSESSMENT)


@pytest.fixture
def organisation():
    """An organisation for which two people speak."""
    found = OrganisationFactory(name="Valley Circle")
    for _person in range(2):
        person_with(RoleKind.PARTNER_CONTACT, found)
    return found


@pytest.fixture
def ask():
    return GapAskFactory()


def gap_form(organisation, **more):
    day = timezone.localdate() + timedelta(days=20)
    return {
        "missing": "How people feel.",
        "kinds": ["lived", "practice"],
        "organisations": [organisation.pk],
        "wanted_by": day.isoformat(),
        "once_key": str(uuid4()),
        **more,
    }


# --- Opening and asking --------------------------------------------------------------------


def test_double_click_opens_one_gap_and_writes_to_each_person_once(
    topic, organisation, staff_client
):
    data = gap_form(organisation)
    for _click in range(2):
        assert staff_client.post(url("gap-open", topic.pk), data).status_code == 302
    gap = EvidenceGap.objects.get()
    topic.refresh_from_db()
    assert topic.state == TopicState.NOT_ENOUGH_EVIDENCE
    assert transitions_of(topic).get().reason == "How people feel."
    assert (gap.kind_labels, gap.asks.count()) == (["Lived experience", "Practice knowledge"], 2)
    assert Message.objects.filter(kind="projects.gap_asked").count() == 2


def test_message_has_a_link_that_works_and_says_nothing_of_the_person(
    topic, organisation, staff_client, client
):
    staff_client.post(url("gap-open", topic.pk), gap_form(organisation))
    for message in Message.objects.all():
        [path] = re.findall(r"http://[^/]+(/topics/evidence/[^/\s]+/)", message.body)
        assert len(path.split("/")[-2]) == 43
        assert client.get(path).status_code == 200
        assert message.is_secret


def test_second_open_gap_of_a_topic_is_refused(topic, organisation, staff_client):
    staff_client.post(url("gap-open", topic.pk), gap_form(organisation))
    refused = staff_client.post(url("gap-open", topic.pk), gap_form(organisation))
    assert "cannot be done now" in html(refused)
    assert EvidenceGap.objects.count() == 1
    with pytest.raises(IntegrityError):
        EvidenceGapFactory(topic=topic)


@pytest.mark.parametrize("days", [0, -1, 91])
def test_day_for_replies_is_after_today_and_within_the_links_life(
    topic, organisation, staff_client, days
):
    day = timezone.localdate() + timedelta(days=days)
    data = gap_form(organisation, wanted_by=day.isoformat())
    refused = staff_client.post(url("gap-open", topic.pk), data)
    assert "Give a day after today" in html(refused)
    assert "How people feel." in html(refused)


def test_only_organisations_with_somebody_to_write_to_are_offered(
    topic, organisation, staff_client
):
    OrganisationFactory(name="Nobody there")
    left = OrganisationFactory(name="All have left")
    role = person_with(RoleKind.PARTNER_CONTACT, left).roles.get()
    role.ends_on = role.starts_on = timezone.localdate() - timedelta(days=2)
    role.save()
    form = staff_client.get(url("gap-open", topic.pk)).context["form"]
    assert list(form.fields["organisations"].queryset) == [organisation]


def test_asking_more_writes_to_new_people_alone(ask, organisation, staff_client):
    address = url("gap-ask", ask.gap.topic_id, ask.gap_id)
    form = staff_client.get(address).context["form"]
    assert list(form.fields["organisations"].queryset) == [organisation]
    chosen = {"organisations": [organisation.pk, ask.organisation_id]}
    for _click in range(2):
        assert staff_client.post(address, chosen).status_code == 302
    assert ask.gap.asks.count() == 3
    assert Message.objects.count() == 2


def test_readers_open_and_close_no_gap(topic, ask, organisation, now):
    reader = person_with(RoleKind.LEADERSHIP)
    with pytest.raises(PermissionDenied):
        steps.close_gap(obj=ask.gap, outcome="filled", words="x", by=reader, now=now)
    with pytest.raises(PermissionDenied):
        steps.open_gap(
            topic=topic,
            missing="x",
            kinds=["lived"],
            wanted_by=now.date(),
            organisations=[organisation],
            once_key=uuid4(),
            by=reader,
            now=now,
        )
    assert Message.objects.count() == 0


# --- Replying by link ----------------------------------------------------------------------


def test_reply_by_link_needs_no_account_and_a_double_click_adds_one(ask, client):
    data = words(links="https://a.example/report\nhttp://b.example")
    for _click in range(2):
        assert client.post(link(ask), data).status_code == 302
    reply = GapReply.objects.get()
    assert (reply.ask, reply.entered_by) == (ask, None)
    assert reply.links == ["https://a.example/report", "http://b.example"]


def test_several_replies_come_until_the_gap_is_closed_and_none_after(ask, client, staff, now):
    for number in range(2):
        assert client.post(link(ask), words(f"Reply {number}")).status_code == 302
    steps.close_gap(obj=ask.gap, outcome="partly", words="Some came.", by=staff, now=now)
    for send in [client.get, client.post]:
        refused = send(link(ask))
        assert refused.status_code == 410
        assert "We have closed this question" in html(refused)
    assert GapReply.objects.count() == 2


def test_looking_at_the_link_changes_nothing_and_shows_no_earlier_reply(ask, client):
    GapReplyFactory(ask=ask, text="Told in confidence")
    before = GapAsk.objects.values().get()
    page = client.get(link(ask))
    assert "Told in confidence" not in html(page)
    assert ask.person.email not in html(page)
    assert str(ask.person) not in html(page)
    assert GapAsk.objects.values().get() == before
    assert "no-store" in page["Cache-Control"]


def _forged(ask):
    token = topic_links.token_of(ask.nonce)
    other = GapAskFactory()
    return {
        "cut": token[:-1],
        "longer": token + "A",
        "other case": token.swapcase(),
        "the hash": ask.token_hash,
        "the nonce": ask.nonce,
        "without the key": topic_links.token_of(ask.nonce, "another secret"),
        "another use": dumps(ask.pk, salt="notifications.unsubscribe"),
        "another nonce": topic_links.token_of(other.nonce + "x"),
        "number": str(ask.pk),
        "odd": "%00%ED%A0%80",
    }


def test_no_forged_token_opens_the_form_or_takes_a_reply(ask, client):
    for token in _forged(ask).values():
        address = f"/topics/evidence/{token}/"
        assert client.get(address).status_code == 410
        assert client.post(address, words()).status_code == 410
    assert GapReply.objects.count() == 0


def test_link_of_one_organisation_replies_for_that_one_alone(ask, client):
    other = GapAskFactory(gap=ask.gap)
    client.post(link(ask), words(ask=other.pk, organisation=other.organisation_id))
    assert GapReply.objects.get().ask == ask


def test_link_is_out_of_date_at_its_instant(ask, client):
    GapAsk.objects.filter(pk=ask.pk).update(expires_at=timezone.now())
    assert client.post(link(ask), words()).status_code == 410
    with pytest.raises(services.ReplyNotTaken, match="out of date"):
        services.reply_to_gap(ask=ask, text="x", links=[], once_key=uuid4(), now=ask.expires_at)


def test_link_takes_so_many_replies_a_day_and_keeps_the_words(ask, client, settings):
    settings.GAP_REPLIES_A_DAY = 2
    for _number in range(2):
        client.post(link(ask), words())
    refused = client.post(link(ask), words("One too many"))
    assert "Try again tomorrow" in html(refused)
    assert "One too many" in html(refused)
    GapReply.objects.update(at=timezone.now() - timedelta(days=1, minutes=1))
    assert client.post(link(ask), words()).status_code == 302


def test_robot_that_fills_the_hidden_box_is_refused(ask, client):
    refused = client.post(link(ask), words(homepage_address="https://spam.example"))
    assert refused.status_code == 200
    assert GapReply.objects.count() == 0


@pytest.mark.parametrize(
    "links",
    ["javascript:alert(1)", "ftp://a.example", "no address", "https://a.example\n" * 2 + "x"],
)
def test_links_that_are_no_web_address_are_refused_with_the_words_kept(ask, client, links):
    refused = client.post(link(ask), words("Keep me", links=links))
    assert "is not a web address that we can open" in html(refused)
    assert "Keep me" in html(refused)


def test_more_than_ten_links_are_refused(ask, client):
    many = "\n".join(f"https://a.example/{number}" for number in range(11))
    assert "ten web addresses at the most" in html(client.post(link(ask), words(links=many)))


def test_link_goes_on_after_the_secret_key_was_changed(ask, client, settings):
    address = link(ask)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new one " * 8
    assert client.get(address).status_code == 200
    assert link(ask) == address
    settings.SECRET_KEY_FALLBACKS = []
    assert link(ask) is None
    assert services.words_of(ask)["path"] == ask.get_absolute_url()


# --- Replying with an account --------------------------------------------------------------


def test_partner_finds_the_question_on_the_home_page_and_answers(ask, client):
    client.force_login(ask.person)
    address = ask.get_absolute_url()
    assert address in html(client.get(reverse("home")))
    assert client.post(address, words("From inside")).status_code == 302
    assert "From inside" in html(client.get(address))
    assert address not in html(client.get(reverse("home")))


def test_person_of_another_organisation_finds_no_question(ask, client):
    client.force_login(GapAskFactory(gap=ask.gap).person)
    assert client.get(ask.get_absolute_url()).status_code == 404
    assert client.post(ask.get_absolute_url(), words()).status_code == 404
    client.force_login(UserFactory())
    assert client.get(ask.get_absolute_url()).status_code == 404


def test_closed_question_is_shown_without_a_form(ask, client, staff, now):
    steps.close_gap(obj=ask.gap, outcome="filled", words="Enough.", by=staff, now=now)
    client.force_login(ask.person)
    page = html(client.get(ask.get_absolute_url()))
    assert "We have closed this question" in page
    assert "What do you know about this?" not in page
    refused = client.post(ask.get_absolute_url(), words())
    assert refused.status_code == 200
    assert GapReply.objects.count() == 0


def test_home_says_each_question_once_however_many_were_asked(
    organisation, django_assert_num_queries, now
):
    gap = EvidenceGapFactory()
    people = [role.person for role in _contacts(organisation)]
    for person in people:
        GapAskFactory(gap=gap, organisation=organisation, person=person)
    assert people[0].current_roles is not None
    selectors.todo_for(people[0], timezone.now())
    with django_assert_num_queries(1):
        told = selectors.todo_for(people[0], timezone.now())
    assert [todo.text for todo in told] == [f"Tell us what you know about “{gap.topic.title}”"]


def _contacts(organisation):
    from accounts.models import Role

    return Role.objects.filter(kind=RoleKind.PARTNER_CONTACT, scope_id=organisation.pk)


# --- Staff ---------------------------------------------------------------------------------


def test_staff_see_who_has_replied_and_write_down_what_came_by_telephone(ask, staff_client, staff):
    quiet = GapAskFactory(gap=ask.gap, organisation__name="Quiet Trust")
    GapAskFactory(gap=ask.gap, organisation=ask.organisation)
    address = url("gap-reply-for-others", ask.gap.topic_id, ask.gap_id)
    choices = staff_client.get(address).context["form"].fields["ask"].queryset
    assert set(choices) == {ask, quiet}
    data = words("They rang us.", ask=ask.pk)
    for _click in range(2):
        assert staff_client.post(address, data).status_code == 302
    assert GapReply.objects.get().entered_by == staff
    page = html(staff_client.get(url("topic", ask.gap.topic_id)))
    assert "1 of 2 organisations have replied" in page
    assert "They rang us." in page
    assert "No reply yet." in page


def test_staff_write_no_reply_into_another_gap(ask, staff_client):
    other = GapAskFactory()
    address = url("gap-reply-for-others", ask.gap.topic_id, ask.gap_id)
    assert "ask" in staff_client.post(address, words(ask=other.pk)).context["form"].errors
    assert (
        staff_client.get(url("gap-reply-for-others", other.gap.topic_id, ask.gap_id)).status_code
        == 404
    )


def test_closing_twice_closes_once_and_the_topic_is_under_assessment_again(ask, staff_client):
    address = url("gap-close", ask.gap.topic_id, ask.gap_id)
    for outcome in ["partly", "filled"]:
        data = {"outcome": outcome, "words": "Two groups told us much."}
        assert staff_client.post(address, data).status_code == 302
    gap = EvidenceGap.objects.select_related("topic").get()
    assert (gap.state, gap.outcome, gap.topic.state) == ("closed", "partly", "under_assessment")
    last = transitions_of(gap.topic).get()
    assert last.reason == "Two groups told us much."
    assert transitions_of(gap).count() == 1


def test_closed_gap_asks_nobody_and_takes_no_reply_of_staff(ask, organisation, staff, now):
    steps.close_gap(obj=ask.gap, outcome="not_filled", words="Nothing.", by=staff, now=now)
    with pytest.raises(services.ReplyNotTaken):
        services.ask_more(obj=ask.gap, organisations=[organisation], by=staff, now=now)
    with pytest.raises(services.ReplyNotTaken):
        services.reply_to_gap(
            ask=ask, text="x", links=[], once_key=uuid4(), now=now, entered_by=staff
        )


def test_topic_with_an_open_gap_takes_no_plain_step(ask, staff, now):
    for take in steps.TOPIC_FUNCTIONS.values():
        with pytest.raises(TransitionNotAllowed):
            take(obj=ask.gap.topic, by=staff, now=now, reason="Because.")


@pytest.mark.parametrize(
    "wrong", [{"state": GapState.CLOSED}, {"outcome": "filled"}, {"closed_at": timezone.now()}]
)
def test_database_refuses_half_a_closing(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        EvidenceGapFactory(**wrong)


def test_staff_are_told_of_gaps_whose_day_has_passed(ask, staff):
    assert selectors.todo_for(staff, timezone.now()) == []
    later = timezone.now() + timedelta(days=30)
    [todo] = selectors.todo_for(staff, later)
    assert (todo.count, todo.detail, todo.url) == (
        1,
        ask.gap.topic.title,
        ask.gap.topic.get_absolute_url(),
    )
    GapAskFactory()
    [todo] = selectors.todo_for(staff, later)
    assert (todo.count, todo.url) == (2, f"{url('topics')}?state=not_enough_evidence")


# --- Reminders -----------------------------------------------------------------------------


def _reminded(at):
    queue_due_reminders(now=at)
    return Message.objects.filter(kind="projects.gap_unanswered").count()


def test_reminder_goes_once_to_those_who_are_silent_a_week_before_the_day(ask):
    answered = GapReplyFactory().ask
    GapAskFactory(gap=answered.gap, organisation=answered.organisation)
    assert _reminded(timezone.now() + timedelta(days=20)) == 0
    assert _reminded(timezone.now() + timedelta(days=22)) == 1
    assert _reminded(timezone.now() + timedelta(days=25)) == 1
    message = Message.objects.get()
    assert message.recipient == ask.person
    assert link(ask) in message.body


def test_reminder_skips_what_was_answered_closed_or_expired_meanwhile(ask, staff, now):
    at = timezone.now() + timedelta(days=22)
    assert topic_reminders.skip_reason(ask, at) is None
    assert topic_reminders.skip_reason(ask, ask.expires_at) == "closed"
    GapReplyFactory(ask=GapAskFactory(gap=ask.gap, organisation=ask.organisation))
    assert topic_reminders.skip_reason(GapAsk.objects.get(pk=ask.pk), at) == "answered"
    steps.close_gap(obj=ask.gap, outcome="filled", words="Enough.", by=staff, now=now)
    assert topic_reminders.skip_reason(GapAsk.objects.get(pk=ask.pk), at) == "closed"
    assert _reminded(at) == 0


def test_nobody_is_reminded_on_the_day_of_the_question(ask):
    EvidenceGap.objects.update(wanted_by=timezone.localdate() + timedelta(days=1))
    assert _reminded(timezone.now() + timedelta(hours=2)) == 0


def test_question_to_somebody_who_is_gone_stays_without_a_reminder(ask):
    GapReplyFactory(ask=GapAskFactory(person=None))
    ask.person.delete()
    assert _reminded(timezone.now() + timedelta(days=22)) == 0
    assert GapAsk.objects.count() == 2


def test_sweep_asks_the_same_few_queries_for_1_and_for_30_questions(ask):
    counts = []
    at = timezone.now() + timedelta(days=22)
    for more in [0, 29]:
        for _number in range(more):
            GapAskFactory(gap=ask.gap)
        with CaptureQueriesContext(connection) as caught:
            found = [topic_reminders.skip_reason(one, at) for one in topic_reminders.due(at)]
        counts.append(len(caught))
        assert found == [None] * (more + 1)
    assert counts[0] == counts[1] == 1


# --- Who is told, and who speaks no more ---------------------------------------------------


def leave(ask):
    yesterday = timezone.localdate() - timedelta(days=1)
    long_ago = yesterday - timedelta(days=30)
    ask.person.roles.update(starts_on=long_ago, ends_on=yesterday)


def test_whoever_asked_is_told_of_a_reply_and_the_team_once_they_have_gone(ask, client, staff):
    GapAsk.objects.filter(pk=ask.pk).update(asked_by=staff)
    client.post(link(ask), words())
    told = Message.objects.filter(kind="projects.gap_replied")
    assert [message.recipient for message in told] == [staff]
    assert reverse("projects:topic", args=[ask.gap.topic_id]) in told.get().body
    colleague = person_with(RoleKind.PROGRAMME_MANAGER)
    staff.roles.all().delete()
    client.post(link(ask), words("And more."))
    assert [message.recipient for message in told.exclude(recipient=staff)] == [colleague]


def test_what_staff_write_down_themselves_is_told_to_nobody(ask, staff, now):
    services.reply_to_gap(
        ask=ask, text="By telephone.", links=[], once_key=uuid4(), now=now, entered_by=staff
    )
    assert not Message.objects.filter(kind="projects.gap_replied").exists()


def test_whoever_speaks_no_more_is_not_reminded_and_their_link_is_closed(ask, client):
    leave(ask)
    assert client.get(link(ask)).status_code == 410
    assert client.post(link(ask), words()).status_code == 410
    assert not GapReply.objects.exists()
    day = timezone.now() + timedelta(days=80)
    assert topic_reminders.recipients(list(topic_reminders.due(day)) or [ask]) == []
