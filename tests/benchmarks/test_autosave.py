"""The measuring of many writers at once counts what is lost, and sees a planted loss."""

import pytest

from benchmarks import autosave
from expressions.models import Answer

pytestmark = pytest.mark.django_db(transaction=True)


def test_writers_at_once_are_measured_and_none_is_lost(live_server, monkeypatch):
    monkeypatch.setattr(autosave, "PAUSE", 0.01)
    writers = autosave.make_writers(3)
    outcome = autosave.measure(live_server.thread.port, writers, saves=2)
    assert (outcome.saves, outcome.lost) == (6, 0)
    assert 0 < outcome.p50 <= outcome.p99
    assert Answer.objects.filter(version=2).count() == 3


def test_answer_that_is_not_there_counts_as_lost(live_server, monkeypatch):
    monkeypatch.setattr(autosave, "PAUSE", 0.01)
    writers = autosave.make_writers(2)
    monkeypatch.setattr(autosave, "_write", lambda *_args: [1.0])
    assert autosave.measure(live_server.thread.port, writers, saves=2).lost == 2
