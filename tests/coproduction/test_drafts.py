"""Drafts: what anybody saved stays, whoever saves at the same time."""

import threading
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections

from coproduction import services
from coproduction.enums import Outcome
from coproduction.merging import merge
from coproduction.models import Ask, Draft, DraftRevision
from notifications.models import Message
from tests.coproduction.factories import (
    MOMENT,
    charter_with_clauses,
    draft_by,
    member_of,
    wording,
)

CLIENTS, SAVES = 20, 10


@pytest.fixture
def draft(charter, members):
    return draft_by(members[0], charter, is_shared=True)


def save(draft, text, by, seen, page=None, **fields):
    words = {"new_heading": draft.new_heading, "new_text": text, "reason": draft.reason}
    return services.save_draft(
        draft=draft,
        words={**words, "new_kind": draft.new_kind},
        seen=seen,
        page=page or uuid4(),
        by=by,
        now=MOMENT,
        **fields,
    )


def test_saving_makes_the_next_version(draft, members):
    revision = save(draft, "Five.", members[0], seen=1)
    draft.refresh_from_db()
    assert (revision.outcome, revision.number) == (Outcome.SAVED, 2)
    assert (draft.version, draft.new_text) == (2, "Five.")


def test_saving_the_same_words_again_makes_no_version(draft, members):
    save(draft, draft.new_text, members[0], seen=1)
    draft.refresh_from_db()
    assert draft.version == 1


def test_second_writer_overwrites_nothing_and_loses_nothing(draft, members):
    save(draft, "Ada’s words.", members[0], seen=1)
    second = save(draft, "Ben’s words.", members[1], seen=1)
    draft.refresh_from_db()
    assert (second.outcome, second.words["new_text"]) == (Outcome.BESIDE, "Ben’s words.")
    assert draft.new_text == "Ada’s words."


def test_page_that_goes_on_typing_after_a_conflict_keeps_its_newest_words(draft, members):
    page = uuid4()
    save(draft, "Ada’s words.", members[0], seen=1)
    save(draft, "Ben’s", members[1], seen=1, page=page, automatic=True)
    save(draft, "Ben’s words.", members[1], seen=1, page=page, automatic=True)
    beside = draft.revisions.get(outcome=Outcome.BESIDE)
    assert beside.words["new_text"] == "Ben’s words."


def test_button_follows_the_automatic_saving_of_its_own_page(draft, members):
    page = uuid4()
    save(draft, "Fi", members[0], seen=1, page=page, automatic=True)
    assert save(draft, "Five.", members[0], seen=1, page=page).outcome == Outcome.SAVED
    late = save(draft, "Fiv", members[0], seen=1, page=page, automatic=True)
    draft.refresh_from_db()
    assert (late.outcome, draft.new_text) == (Outcome.BESIDE, "Five.")


def test_made_up_version_from_the_future_is_kept_beside(draft, members):
    assert save(draft, "Six.", members[0], seen=99).outcome == Outcome.BESIDE


def test_settling_with_ones_own_words_keeps_the_others_in_the_history(draft, members):
    save(draft, "Ada’s words.", members[0], seen=1)
    second = save(draft, "Ben’s words.", members[1], seen=1)
    how = {"seen": 2, "page": uuid4(), "by": members[1], "now": MOMENT}
    services.settle(revision=second, words=second.words, save=how)
    draft.refresh_from_db()
    second.refresh_from_db()
    texts = list(draft.revisions.values_list("words__new_text", flat=True))
    assert (draft.new_text, second.outcome) == ("Ben’s words.", Outcome.SETTLED)
    assert texts[1:] == ["Ada’s words.", "Ben’s words.", "Ben’s words."]


def test_starting_twice_from_one_page_makes_one_draft(charter, members):
    key, clause = uuid4(), wording(charter, "Topics").clause
    how = {"charter": charter, "kind": "change", "clause": clause, "once_key": key, "now": MOMENT}
    first = services.start_draft(by=members[0], **how)
    assert services.start_draft(by=members[0], **how) == first
    with pytest.raises(PermissionDenied):
        services.start_draft(by=members[1], **how)


def test_sending_asks_every_member_and_tells_all_but_the_writer(draft, charter, members):
    proposal = services.send_draft(draft=draft, seen=1, by=members[0], now=MOMENT)
    told = Message.objects.filter(kind="coproduction.proposal_opened")
    assert {message.recipient for message in told} == set(members[1:])
    assert Ask.objects.filter(proposal=proposal).count() == 3
    assert (proposal.new_text, proposal.closes_on.isoformat()) == (draft.new_text, "2022-08-09")


def test_sending_twice_makes_one_proposal(draft, charter, members):
    first = services.send_draft(draft=draft, seen=1, by=members[0], now=MOMENT)
    assert services.send_draft(draft=draft, seen=1, by=members[0], now=MOMENT) == first
    assert charter.proposals.count() == 1


def test_sending_words_that_a_helper_has_changed_since_is_refused(draft, members):
    save(draft, "Ben’s words.", members[1], seen=1)
    with pytest.raises(services.OutOfDate):
        services.send_draft(draft=draft, seen=1, by=members[0], now=MOMENT)


def test_sending_without_a_reason_is_refused(draft, members):
    Draft.objects.filter(pk=draft.pk).update(reason="")
    with pytest.raises(services.OutOfDate):
        services.send_draft(draft=draft, seen=1, by=members[0], now=MOMENT)


def test_sent_draft_takes_no_more_words(draft, members):
    services.send_draft(draft=draft, seen=1, by=members[0], now=MOMENT)
    with pytest.raises(services.OutOfDate):
        save(draft, "Too late.", members[0], seen=1)


def test_draft_put_away_can_be_taken_out_again(draft, members):
    services.put_away(draft=draft, by=members[0], now=MOMENT)
    with pytest.raises(services.OutOfDate):
        save(draft, "Five.", members[0], seen=1)
    services.take_out(draft=draft, by=members[0], now=MOMENT)
    assert save(draft, "Five.", members[0], seen=1).outcome == Outcome.SAVED


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "joined"),
    [
        ("one two three", "one 2 three", "one two three four", "one 2 three four"),
        ("one two three", "ONE two three", "one two THREE", "ONE two THREE"),
        ("one two three", "one 2 three", "one zwei three", None),
        ("one two", "one two", "one deux", "one deux"),
        ("one two", "one due", "one due", "one due"),
        ("", "mine", "theirs", None),
    ],
)
def test_two_changes_are_joined_where_they_do_not_touch(base, mine, theirs, joined):
    assert merge(base, mine, theirs) == joined


def guarded(draft: Draft, mark: str, by) -> None:
    """One client's saving: read, add a mark, save; when somebody was first, read again."""
    while True:
        now = Draft.objects.get(pk=draft.pk)
        if save(now, f"{now.new_text} {mark}", by, seen=now.version).outcome == Outcome.SAVED:
            return


def unguarded(draft: Draft, mark: str, by) -> None:
    """The same without the version: the last one wins."""
    now = Draft.objects.get(pk=draft.pk)
    Draft.objects.filter(pk=draft.pk).update(new_text=f"{now.new_text} {mark}")


def marks_left(draft: Draft, saving: Callable, by, saves: int) -> set[str]:
    """Let many clients save at once, and return the marks that are in the draft afterwards."""
    start = threading.Barrier(CLIENTS)

    def client(number: int) -> None:
        start.wait(20)
        for turn in range(saves):
            saving(draft, f"m{number}-{turn}", by)
        connections.close_all()

    threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    draft.refresh_from_db()
    return {word for word in draft.new_text.split() if word.startswith("m") and "-" in word}


ALL_MARKS = {f"m{number}-{turn}" for number in range(CLIENTS) for turn in range(SAVES)}


@pytest.fixture
def written_together(transactional_db):
    charter = charter_with_clauses()
    ada = member_of(charter)
    return draft_by(ada, charter, is_shared=True), ada


@pytest.mark.slow
def test_many_clients_saving_one_draft_lose_no_acknowledged_words(written_together):
    draft, ada = written_together
    assert marks_left(draft, guarded, ada, SAVES) == ALL_MARKS
    saved = DraftRevision.objects.filter(draft=draft, outcome=Outcome.SAVED)
    assert sorted(saved.values_list("number", flat=True)) == list(range(1, CLIENTS * SAVES + 2))


@pytest.mark.slow
def test_control_without_the_version_words_are_lost(written_together):
    draft, ada = written_together
    assert marks_left(draft, unguarded, ada, SAVES) < ALL_MARKS
