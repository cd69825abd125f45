"""Reading, checking and showing answers."""

import pytest

from expressions import questions
from expressions.enums import QuestionKind
from expressions.models import Question

CHOICES = [{"value": "a", "label": "Apples"}, {"value": "b", "label": "Pears"}]


def question(kind=QuestionKind.LONG, **fields):
    return Question(kind=kind, choices=CHOICES, **fields)


@pytest.mark.parametrize(
    ("kind", "sent", "kept"),
    [
        (QuestionKind.LONG, [" two\r\nlines "], "two\nlines"),
        (QuestionKind.LONG, [], ""),
        (QuestionKind.NUMBER, ["about ten"], "about ten"),
        (QuestionKind.CHOICE, ["b"], "b"),
        (QuestionKind.CHOICE, [], ""),
        (QuestionKind.CHOICES, ["b", "a", "b"], ["b", "a"]),
        (QuestionKind.YES_NO, ["yes"], "yes"),
    ],
)
def test_what_was_sent_is_kept_as_typed(kind, sent, kept):
    assert questions.read(question(kind), sent) == kept


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        (QuestionKind.CHOICE, ["c"]),
        (QuestionKind.CHOICES, ["a", "c"]),
        (QuestionKind.YES_NO, ["perhaps"]),
        (QuestionKind.LONG, ["a\0b"]),
        (QuestionKind.LONG, ["\ud800"]),
        (QuestionKind.LONG, ["x" * 30_001]),
        (QuestionKind.SHORT, ["x" * 501]),
    ],
)
def test_what_cannot_be_kept_is_refused(kind, sent):
    with pytest.raises(questions.UnreadableAnswer):
        questions.read(question(kind), sent)


@pytest.mark.parametrize(
    ("fields", "value", "words"),
    [
        ({}, "", "This question needs an answer"),
        ({"is_required": False}, "", ""),
        ({"word_limit": 2}, "one two", ""),
        ({"word_limit": 2}, "one two three", "Your answer is 1 word too long; the most is 2"),
        ({"word_limit": 1}, "one two three", "Your answer is 2 words too long; the most is 1"),
        ({"kind": QuestionKind.NUMBER}, "1,200", ""),
        ({"kind": QuestionKind.NUMBER}, "-2.5", ""),
        ({"kind": QuestionKind.NUMBER}, "²", "Enter a number, such as 12"),
        ({"kind": QuestionKind.NUMBER}, "ten", "Enter a number, such as 12"),
        ({"kind": QuestionKind.CHOICES}, [], "This question needs an answer"),
    ],
)
def test_problem_says_what_has_to_change(fields, value, words):
    assert questions.problem(question(**fields), value, "") == words


def test_answer_is_needed_only_at_the_models_that_ask_for_it():
    one = question(required_from_model=["demonstrator"], is_required=False)
    assert questions.is_needed(one, "demonstrator") is True
    assert questions.is_needed(one, "network") is False


@pytest.mark.parametrize(("given", "asked"), [("yes", True), ("no", False), (["yes"], True)])
def test_question_is_asked_after_the_answers_that_open_it(given, asked):
    one = Question(kind=QuestionKind.LONG, condition_id=7, condition_values=["yes"])
    assert questions.is_asked(one, {7: given}) is asked
    assert questions.is_asked(one, {}) is False


def test_choices_read_as_their_labels():
    assert questions.in_words(question(QuestionKind.CHOICES), ["b", "a"]) == "Pears\nApples"
    assert questions.in_words(question(QuestionKind.YES_NO), "no") == "No"
    assert questions.in_words(question(), "") == ""


def test_fingerprint_tells_values_apart_and_no_answer_from_none():
    assert questions.fingerprint("a") != questions.fingerprint("b")
    assert questions.fingerprint([]) == questions.fingerprint("")
