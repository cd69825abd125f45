"""What becomes of an offer after its letter: lapsed, given again, accepted by telephone."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from core.dates import nice_date
from core.models import Transition
from core.transitions import ReasonRequired, TransitionNotAllowed
from core.versions import ChangedMeanwhile
from expressions import record, transitions
from expressions.enums import CallState
from expressions.models import Call, Expression, Letter, Resending
from expressions.selectors.offers import free_places
from expressions.selectors.releasing import deciding_todo, offers_todo
from expressions.services import offers
from notifications.models import Message
from tests.expressions.assessing import reading_call
from tests.expressions.deciding import (
    conflict,
    decide,
    deciding_call,
    fresh,
    give_day,
    manager_of_programme,
    release,
    with_writer,
)
from tests.expressions.factories import SubmittedFactory

pytestmark = pytest.mark.django_db
LATE = timedelta(days=20)


@pytest.fixture
def call(db):
    return deciding_call()


@pytest.fixture
def boss(db):
    return manager_of_programme()


def released(call, boss, *outcomes):
    """Expressions with their writers, decided so and told; offers have 14 days."""
    made = [with_writer(call, 3) for _one in outcomes]
    give_day(call, boss)
    for (expression, _writer), outcome in zip(made, outcomes, strict=True):
        decide(expression, outcome, boss)
    release(call, boss)
    for expression, _writer in made:
        expression.refresh_from_db()
    return made


def lapse(expression):
    """Let the day of its offer pass."""
    yesterday = timezone.localdate() - timedelta(days=1)
    Letter.objects.filter(expression=expression).update(answer_by=yesterday)


def again(expression, boss, *, seen="1", key=None, days=7, reason="They rang us."):
    return offers.offer_again(
        obj=expression,
        answer_by=timezone.localdate() + timedelta(days=days),
        reason=reason,
        seen=seen,
        once_key=key or uuid4(),
        by=fresh(boss),
        now=timezone.now(),
    )


def accepted(expression, boss, *, seen="1"):
    return offers.record_acceptance(
        obj=expression,
        how="By telephone",
        who="Sam Jones",
        note="The form would not open.",
        seen=seen,
        by=fresh(boss),
        now=timezone.now(),
    )


def call_up(expression, boss, *, seen="1"):
    return offers.call_up(
        obj=expression,
        answer_by=timezone.localdate() + timedelta(days=7),
        reason="Next.",
        feedback="We think of you again.",
        seen=seen,
        by=fresh(boss),
        now=timezone.now(),
    )


def todo_words(boss):
    return [f"{todo.count} {todo.text}" for todo in deciding_todo(fresh(boss), timezone.now())]


def test_offer_turned_down_by_mistake_is_given_again_once(call, boss):
    ((one, writer),) = released(call, boss, "offered")
    transitions.turn_down(obj=one, by=writer, now=timezone.now())
    key = uuid4()
    for _click in range(2):
        assert again(one, boss, key=key).state == "offered"
    letter = Letter.objects.get()
    assert letter.answer_by == timezone.localdate() + timedelta(days=7)
    assert Resending.objects.get().reason == "They rang us."
    assert Message.objects.filter(kind="expressions.letter", recipient=writer).count() == 2
    step = Transition.objects.get(step="offer_again")
    assert (step.source, step.target, step.reason) == ("turned_down", "offered", "They rang us.")
    assert transitions.accept(obj=one, by=writer, now=timezone.now()).state == "accepted"


def test_lapsed_offer_is_given_again_and_can_be_answered(call, boss):
    ((one, writer),) = released(call, boss, "offered")
    lapse(one)
    with pytest.raises(TransitionNotAllowed):
        transitions.accept(obj=one, by=writer, now=timezone.now())
    again(one, boss)
    assert transitions.accept(obj=one, by=writer, now=timezone.now()).state == "accepted"


def test_offer_that_can_still_be_answered_is_not_given_again(call, boss):
    ((one, _writer),) = released(call, boss, "offered")
    with pytest.raises(TransitionNotAllowed, match="can still be answered"):
        again(one, boss, seen="0")


def test_offer_is_given_again_with_a_reason_and_a_day_to_come_by_who_decides(call, boss, staff):
    ((one, _writer),) = released(call, boss, "offered")
    lapse(one)
    with pytest.raises(ReasonRequired):
        again(one, boss, reason=" ")
    with pytest.raises(TransitionNotAllowed, match="in the future"):
        again(one, boss, days=0)
    with pytest.raises(PermissionDenied):
        again(one, staff)
    assert not Resending.objects.exists()


def test_held_offer_is_neither_given_again_nor_kept_as_accepted(call, boss):
    one, _writer = with_writer(call, 3)
    decide(one, "offered", boss)
    with pytest.raises(TransitionNotAllowed):
        again(one, boss, seen="0")
    with pytest.raises(TransitionNotAllowed):
        accepted(one, boss, seen="0")


@pytest.mark.parametrize("how", ["lapsed", "turned_down"])
def test_acceptance_by_telephone_is_kept_with_who_and_how(call, boss, how):
    ((one, writer),) = released(call, boss, "offered")
    if how == "lapsed":
        lapse(one)
    else:
        transitions.turn_down(obj=one, by=writer, now=timezone.now())
    for _click in range(2):
        assert accepted(one, boss).state == "accepted"
    step = Transition.objects.get(step="record_acceptance")
    assert step.reason == "By telephone, by Sam Jones. The form would not open."
    assert step.by == boss
    assert free_places(call, timezone.now()) == 0


def test_place_of_a_lapsed_offer_is_free_until_it_is_given_away(call, boss):
    (one, _writer), (kept, keeper) = released(call, boss, "offered", "reserve")
    assert free_places(call, timezone.now()) == 0
    lapse(one)
    assert free_places(call, timezone.now()) == 1
    call_up(kept, boss)
    assert free_places(call, timezone.now()) == 0
    transitions.turn_down(obj=kept, by=keeper, now=timezone.now())
    assert free_places(call, timezone.now()) == 1


def test_offer_is_not_given_again_from_a_stale_page(call, boss):
    (one, _writer), (kept, _keeper) = released(call, boss, "offered", "reserve")
    lapse(one)
    call_up(kept, boss)
    with pytest.raises(ChangedMeanwhile, match="Now 0 places"):
        again(one, boss, seen="1")
    with pytest.raises(ChangedMeanwhile):
        accepted(one, boss, seen="1")
    assert Expression.objects.get(pk=one.pk).state == "offered"


def test_lapsed_offer_waits_in_the_list_of_things_to_do_until_it_is_let_go(call, boss):
    ((one, _writer),) = released(call, boss, "offered")
    assert todo_words(boss) == []
    lapse(one)
    assert todo_words(boss) == [
        "1 offer was not answered in time: give it again, or let its place go"
    ]
    offers.let_go(obj=one, reason="No answer.", by=fresh(boss), now=timezone.now())
    assert todo_words(boss) == []
    assert free_places(call, timezone.now()) == 1


def test_second_of_two_who_call_up_for_one_place_is_told(call, boss):
    (one, writer), (kept, _keeper), (other, _other) = released(
        call, boss, "offered", "reserve", "reserve"
    )
    transitions.turn_down(obj=one, by=writer, now=timezone.now())
    for _click in range(2):
        assert call_up(kept, boss).state == "offered"
    with pytest.raises(ChangedMeanwhile, match="Now 0 places are free"):
        call_up(other, boss)
    assert Expression.objects.get(pk=other.pk).state == "reserve"
    assert not other.letters.filter(outcome="offered").exists()
    assert call_up(other, boss, seen="0").state == "offered"


# --- Telling those who decide ---


def news():
    return Message.objects.filter(kind="expressions.offer_answered")


def test_those_who_decide_are_told_of_an_answer_with_their_news_of_the_day(call, boss):
    (one, writer), (other, other_writer) = released(call, boss, "offered", "offered")
    hidden_from = manager_of_programme()
    conflict(one, hidden_from)
    for _click in range(2):
        transitions.turn_down(obj=one, by=writer, now=timezone.now(), reason="No staff now.")
    message = news().get()
    assert (message.recipient, message.in_digest) == (boss, True)
    assert message.subject == f"{one.organisation.name} turned our offer down"
    assert "No staff now." in message.body
    assert message.send_at > timezone.now()
    transitions.accept(obj=other, by=other_writer, now=timezone.now())
    assert news().filter(subject__contains="accepted our offer").count() == 2


def test_answer_to_an_offer_that_was_given_again_is_told_as_well(call, boss):
    ((one, writer),) = released(call, boss, "offered")
    transitions.turn_down(obj=one, by=writer, now=timezone.now())
    again(one, boss)
    transitions.accept(obj=one, by=writer, now=timezone.now() + timedelta(minutes=1))
    assert news().count() == 2


# --- A letter that is sent again ---


def resend(boss, day=None):
    return offers.resend(
        obj=Letter.objects.get(outcome="offered"),
        reason="They asked.",
        answer_by=day,
        once_key=uuid4(),
        by=fresh(boss),
        now=timezone.now(),
    )


def test_letter_of_a_lapsed_offer_is_sent_again_with_a_new_day_alone(call, boss):
    ((one, _writer),) = released(call, boss, "offered")
    lapse(one)
    with pytest.raises(TransitionNotAllowed, match="say by when"):
        resend(boss)
    day = timezone.localdate() + timedelta(days=5)
    resend(boss, day)
    assert Letter.objects.get().answer_by == day
    assert resend(boss).answer_by is None


def test_letter_is_not_sent_again_for_a_place_that_went_to_a_reserve(call, boss):
    (one, _writer), (kept, _keeper) = released(call, boss, "offered", "reserve")
    lapse(one)
    call_up(kept, boss)
    with pytest.raises(TransitionNotAllowed, match="went to a reserve"):
        offers.resend(
            obj=one.letters.get(),
            reason="They asked.",
            answer_by=timezone.localdate() + timedelta(days=5),
            once_key=uuid4(),
            by=fresh(boss),
            now=timezone.now(),
        )


def test_pages_show_the_day_in_force_and_ask_for_a_new_one(client, call, boss):
    ((one, writer),) = released(call, boss, "offered")
    lapse(one)
    client.force_login(boss)
    address = at("letter-again", call.pk, one.pk, Letter.objects.get().pk)
    page = client.get(address)
    assert "The last day to answer was" in page.content.decode()
    key = page.context["form"]["once_key"].value()
    wrong = client.post(address, {"reason": "They moved.", "once_key": key})
    assert "answer_by" in wrong.context["form"].errors
    assert "They moved." in wrong.content.decode()
    day = timezone.localdate() + timedelta(days=5)
    resend(boss, day)
    words = f"The last day to answer is {nice_date(day)}."
    assert words in client.get(at("decision", call.pk, one.pk)).content.decode()
    client.force_login(writer)
    assert words in client.get(at("letter", one.pk)).content.decode()


# --- A call that is put away ---


def put_away(call, boss):
    call.refresh_from_db()
    return transitions.archive_call(obj=call, by=fresh(boss), now=timezone.now())


def test_call_is_not_put_away_while_an_offer_can_be_answered(call, boss):
    ((one, writer),) = released(call, boss, "offered")
    with pytest.raises(TransitionNotAllowed, match="1 offer can still be answered, until"):
        put_away(call, boss)
    transitions.accept(obj=one, by=writer, now=timezone.now())
    assert put_away(call, boss).state == "archived"


def test_offer_that_lapsed_does_not_hold_the_call_up_and_is_over_then(call, boss):
    ((one, writer),) = released(call, boss, "offered")
    lapse(one)
    put_away(call, boss)
    for deed in (lambda: again(one, boss), lambda: accepted(one, boss)):
        with pytest.raises(TransitionNotAllowed, match="has been put away"):
            deed()
    with pytest.raises(TransitionNotAllowed, match="has been put away"):
        offers.resend(
            obj=Letter.objects.get(),
            reason="They asked.",
            answer_by=timezone.localdate() + timedelta(days=3),
            once_key=uuid4(),
            by=fresh(boss),
            now=timezone.now(),
        )
    for deed in (transitions.accept, transitions.turn_down):
        with pytest.raises(TransitionNotAllowed, match="has been put away"):
            deed(obj=one, by=writer, now=timezone.now())
    assert Expression.objects.get(pk=one.pk).state == "offered"
    assert todo_words(boss) == []


def test_partner_reads_that_the_call_was_put_away(client, call, boss):
    ((one, writer),) = released(call, boss, "offered")
    lapse(one)
    put_away(call, boss)
    client.force_login(writer)
    page = client.get(at("letter", one.pk)).content.decode()
    assert "This call has been put away" in page
    assert "Send our answer" not in page


def test_page_of_the_call_says_why_it_cannot_be_put_away(client, call, boss):
    released(call, boss, "offered")
    client.force_login(boss)
    address = at("build-step", call.slug, "archive")
    response = client.post(address, follow=True)
    assert "1 offer can still be answered" in response.content.decode()


# --- The pages ---


def at(name, *args):
    return reverse(f"expressions:{name}", args=args)


def page_of(client, call, one, boss):
    client.force_login(boss)
    response = client.get(at("offer", call.pk, one.pk))
    form = response.context["form"]
    hidden = {name: form[name].value() for name in ("seen", "once_key")}
    return response, hidden


def test_page_of_an_offer_asks_beside_the_field_and_gives_it_again(client, call, boss):
    ((one, _writer),) = released(call, boss, "offered")
    lapse(one)
    _page, hidden = page_of(client, call, one, boss)
    address = at("offer", call.pk, one.pk)
    sent = {"what": "again", "reason": "They rang.", **hidden}
    wrong = client.post(address, sent)
    assert wrong.context["form"].errors == {"answer_by": ["Say by when they are to answer."]}
    assert "They rang." in wrong.content.decode()
    wrong = client.post(address, sent | {"what": "accepted"})
    assert set(wrong.context["form"].errors) == {"how", "who"}
    day = timezone.localdate() + timedelta(days=9)
    parts = {"answer_by_day": day.day, "answer_by_month": day.month, "answer_by_year": day.year}
    client.post(address, sent | parts)
    assert Letter.objects.get().answer_by == day


def test_board_finds_lapsed_offers_and_their_page_keeps_an_acceptance(client, call, boss):
    (one, _writer), _other = released(call, boss, "offered", "offered")
    lapse(one)
    client.force_login(boss)
    board = client.get(at("deciding", call.pk) + "?state=lapsed").context["board"]
    assert [line.expression.pk for line in board.lines] == [one.pk]
    assert (
        at("offer", call.pk, one.pk) in client.get(at("decision", call.pk, one.pk)).content.decode()
    )
    page, hidden = page_of(client, call, one, boss)
    assert "1 place is free in this call." in page.content.decode()
    sent = {"what": "accepted", "how": "mail", "who": "Sam", "reason": "Mail of Monday."}
    client.post(at("offer", call.pk, one.pk), sent | hidden)
    assert Expression.objects.get(pk=one.pk).state == "accepted"
    assert "By e-mail, by Sam." in client.get(at("staff-page", one.pk)).content.decode()


def test_page_of_an_offer_says_when_nothing_can_be_done(client, call, boss):
    ((one, writer),) = released(call, boss, "offered")
    transitions.accept(obj=one, by=writer, now=timezone.now())
    client.force_login(boss)
    assert "There is no offer" in client.get(at("offer", call.pk, one.pk)).content.decode()


def test_stale_page_of_the_reserve_is_told_and_loses_nothing(client, call, boss):
    (one, writer), (kept, _keeper), (other, _other) = released(
        call, boss, "offered", "reserve", "reserve"
    )
    transitions.turn_down(obj=one, by=writer, now=timezone.now())
    client.force_login(boss)
    address = at("reserve", call.pk)
    seen = client.get(address).context["form"]["seen"].value()
    day = timezone.localdate() + timedelta(days=9)
    sent = {"expression": other.pk, "reason": "The second.", "seen": seen}
    sent |= {"answer_by_day": day.day, "answer_by_month": day.month, "answer_by_year": day.year}
    call_up(kept, boss)
    page = client.post(address, sent)
    assert "Now 0 places are free" in page.content.decode()
    assert "The second." in page.content.decode()
    assert Expression.objects.get(pk=other.pk).state == "reserve"
    assert page.context["form"]["seen"].value() == "0"


# --- What the record tells -----------------------------------------------------------------


def line_of(call, one):
    figures = record.collect({"call": call.pk}, Progress(timezone.now()))
    (line,) = [
        line
        for group in figures["groups"]
        for line in group["lines"]
        if line["reference"] == one.reference
    ]
    return line


class Progress:
    def __init__(self, now):
        self.now = now

    def __call__(self, done, total, words):
        pass


def test_record_tells_what_was_decided_last_and_what_followed(call, boss):
    (one, writer), (kept, keeper) = released(call, boss, "offered", "reserve")
    assert line_of(call, one)["reason"] == "It fits."
    transitions.turn_down(obj=one, by=writer, now=timezone.now(), reason="No staff.")
    line = line_of(call, one)
    assert (line["reason"], line["decided_by"]) == ("It fits.", boss.preferred_name)
    assert [words.split(" on ")[0] for words in line["then"]] == ["Offer turned down"]
    assert line["then"][0].endswith(": No staff.")
    call_up(kept, boss)
    line = line_of(call, kept)
    assert line["reason"] == "Next."
    assert line["feedback"] == "Well told.\n\nWe think of you again."
    transitions.accept(obj=kept, by=keeper, now=timezone.now())
    assert [words.split(" on ")[0] for words in line_of(call, kept)["then"]] == ["Offer accepted"]


def test_record_tells_why_one_is_not_eligible(boss):
    call = reading_call(state=CallState.CLOSED)
    one = SubmittedFactory(call=call)
    transitions.mark_ineligible(obj=one, by=boss, now=timezone.now(), reason="Not in the UK.")
    line = line_of(call, one)
    assert (line["reason"], line["decided_by"]) == ("Not in the UK.", boss.preferred_name)


def test_nobody_is_asked_for_an_answer_once_the_call_was_put_away(call, boss):
    ((_one, writer),) = released(call, boss, "offered")
    now = timezone.now()
    assert len(offers_todo(fresh(writer), now)) == 1
    Call.objects.filter(pk=call.pk).update(state=CallState.ARCHIVED)
    assert offers_todo(fresh(writer), now) == []
