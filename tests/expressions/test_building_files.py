"""A call as a file and back, and what is wrong with a form, in words with the place."""

import copy
import json
import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from expressions.callform import files
from expressions.callform.checks import problems
from expressions.callform.differences import differences
from expressions.callform.document import blank_question, blank_section, form_of
from expressions.callform.reading_age import reading_age
from expressions.models import Call
from expressions.services.building import import_call
from tests.expressions.factories import draft_call
from tests.projects.factories import TopicFactory

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")


def minimal(**call):
    return {
        "format": "impact-call-1",
        "call": {"title": "Host", "year": 2027, **call},
        "sections": [
            {"title": "You", "questions": [{"key": "why", "kind": "long", "text": "Why?"}]}
        ],
    }


def read(document):
    return files.read(json.dumps(document).encode())


def errors(document):
    with pytest.raises(files.UnreadableFile) as refusal:
        read(document)
    return refusal.value.errors


def question(**values):
    document = minimal()
    document["sections"][0]["questions"][0].update(values)
    return document


def test_schema_is_a_valid_schema_and_the_export_fits_it():
    Draft202012Validator.check_schema(files.schema())
    call = draft_call()
    call.topics.add(TopicFactory())
    assert list(Draft202012Validator(files.schema()).iter_errors(files.whole(call))) == []


def test_exported_call_is_imported_as_the_same_form(staff, now):
    call = draft_call(is_sealed=True, places=4)
    call.topics.add(TopicFactory(slug="carers"))
    call.criteria.create(order=1, title="Need", weight=3)
    call.targets.create(dimension="nation", value="wales", least=1, most=2)
    text = files.written(files.whole(call))
    made = import_call(document=files.read(text.encode()), by=staff, now=now)
    assert made != call
    assert files.written(files.whole(made)) == text


def test_defaults_are_filled_in():
    document = read(minimal())
    assert document["call"]["top_score"] == 5
    assert document["sections"][0]["questions"][0]["is_required"] is True
    assert (document["criteria"], document["mix"]) == ([], [])


def test_moments_are_read_with_their_offset():
    document = read(minimal(opens_at="2027-03-28T00:30:00+00:00"))
    assert document["call"]["opens_at"] == datetime(2027, 3, 28, 0, 30, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ([], "the whole file: this must be a group in { }."),
        ({**minimal(), "format": "x"}, "format: this must be “impact-call-1”."),
        ({**minimal(), "more": 1}, "the whole file: “more” is not known here."),
        (minimal(year="2027"), "call, year: this must be a whole number."),
        (minimal(year=1900), "call, year: this must be at least 2000."),
        (minimal(title=""), "call, title: this must not be empty."),
        (minimal(nations=["mars"]), "call, nations, number 1: this must be one of: england,"),
        (minimal(opens_at="2027-03-01T09:00"), "call, opens_at: write the moment with its offset"),
        (minimal(opens_at="soon"), "call, opens_at: write the moment with its offset"),
        (
            minimal(opens_at="2027-03-02T09:00+00:00", closes_at="2027-03-01T09:00+00:00"),
            "call, closes_at: a call closes after it opens.",
        ),
        (minimal(topics=["nowhere"]), "call, topics: there is no topic “nowhere” in the portal."),
        (minimal(title="a\0b"), "call, title: a character that cannot be saved."),
        (
            question(kind="poem"),
            "sections, number 1, questions, number 1, kind: this must be one of: short, long",
        ),
        (
            question(kind="number", word_limit=5),
            "sections, number 1, questions, number 1: “Why?”: Only a text can have a word limit.",
        ),
        (
            question(condition={"question": "later", "answers": ["yes"]}),
            "sections, number 1, questions, number 1: “Why?”: It hangs on a question that is not",
        ),
        (
            question(condition={"question": "why", "answers": 3}),
            "sections, number 1, questions, number 1, condition, answers: this must be a list",
        ),
        (
            {**minimal(), "mix": [{"dimension": "nation", "value": "mars"}]},
            "mix, number 1: “mars” cannot be counted by nation.",
        ),
        (
            {
                **minimal(),
                "mix": [{"dimension": "nation", "value": "wales", "least": 2, "most": 1}],
            },
            "mix, number 1: the most is below the least.",
        ),
        (
            {**minimal(), "criteria": [{"title": "Need", "weight": 0}]},
            "criteria, number 1, weight: this must be at least 1.",
        ),
        ({"format": "impact-call-1", "sections": []}, "the whole file: “call” is missing."),
    ],
)
def test_faulty_file_gets_an_error_with_its_place(document, words):
    assert errors(document)[0].startswith(words)
    assert Call.objects.count() == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "This is not JSON. Look at line 1, character 2."),
        (b"\xff\xfe", "The file is not in UTF-8. Save it as UTF-8 text."),
        (b'{"call": NaN}', "This is not JSON that can be read."),
        (b"[" * 100_000, "This is not JSON that can be read."),
        (b" " * 1_000_000, "The file is too big: the most is 500 kilobytes."),
    ],
)
def test_what_is_no_call_at_all_is_said(content, words):
    with pytest.raises(files.UnreadableFile) as refusal:
        files.read(content)
    assert refusal.value.errors == [words]


def test_many_faults_are_listed_up_to_twenty():
    assert len(errors({**minimal(), "criteria": [{}] * 50})) == 20


def test_half_a_surrogate_pair_is_refused():
    content = json.dumps(minimal()).replace("Why?", "Why \\ud800?").encode()
    with pytest.raises(files.UnreadableFile, match="cannot be saved"):
        files.read(content)


def form(*questions):
    return {"sections": [blank_section(key="s", title="You", questions=list(questions))]}


def faults(*questions):
    return [one.words for one in problems(form(*questions), models=["network"])]


def choice(**values):
    choices = [{"value": one, "label": one, "label_cy": ""} for one in ("a", "b")]
    return blank_question(
        **{"key": "pick", "kind": "choice", "text": "Pick", **values}
        | {"choices": values.get("choices", choices)}
    )


@pytest.mark.parametrize(
    ("questions", "words"),
    [
        ([blank_question(key="a", text=" ")], "Write the question."),
        ([blank_question(key="a", text="A"), blank_question(key="a", text="B")], "used twice"),
        ([blank_question(key="a b", text="A")], "letters, numbers and hyphens"),
        ([choice(choices=[])], "at least two choices"),
        ([blank_question(key="a", text="A", choices=[{"value": "x", "label": "X"}])], "Only a"),
        ([choice(fills="first_timer")], "cannot say"),
        ([choice(fills="topic"), choice(key="b", fills="topic")], "already"),
        ([blank_question(key="a", text="A", required_from_model=["guide"])], "does not offer"),
        (
            [
                blank_question(key="a", text="A"),
                blank_question(key="b", text="B", condition={"question": "a", "answers": ["x"]}),
            ],
            "nothing to choose from",
        ),
        (
            [
                choice(),
                blank_question(key="b", text="B", condition={"question": "pick", "answers": ["z"]}),
            ],
            "“z”",
        ),
        ([blank_question(key="b", text="B", condition={"question": "b", "answers": ["z"]})], "own"),
        ([blank_question(key="a", text="A", word_limit=9_999)], "between 1 and 5,000"),
    ],
)
def test_fault_of_a_form_is_said_plainly(questions, words):
    assert any(words in one for one in faults(*questions)), faults(*questions)


def test_form_without_a_fault_has_none():
    later = blank_question(key="b", text="B", condition={"question": "pick", "answers": ["a"]})
    assert faults(choice(), later) == []


def test_changes_are_told_in_sentences():
    old = {**form_of(draft_call()), "texts": {"title": "Host", "offer": "A"}}
    new = copy.deepcopy(old)
    first, before, why = new["sections"][0]["questions"]
    new["texts"]["offer"] = "B"
    new["sections"].append(blank_section(key="new-1", title="More"))
    why |= {"text": "Why you?", "word_limit": 50, "is_required": False, "help": "Say so."}
    before["condition"] = None
    new["sections"][0]["questions"] = [why, before, blank_question(key="z", text="Zed?")]
    assert first["key"] == "first"
    assert differences(old, new) == [
        "The text “what we offer” was changed.",
        "New section: “More”.",
        "“Why?” now reads “Why you?”.",
        "“Why you?”: the help was changed.",
        "“Why you?”: the most is now 50 words.",
        "“Why you?” can now be left empty.",
        "“What did you do before?” is now asked of everybody.",
        "New question: “Zed?”.",
        "No longer asked: “Your first one?”. Answers to it are kept.",
        "Some questions stand in another place.",
    ]
    assert differences(old, old) == []


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("We met the cat. It sat on the mat. It was fat.", 5, 7),
        (
            "Participating organisations demonstrate methodological sophistication, "
            "facilitating multidisciplinary implementation of evaluative recommendations.",
            25,
            60,
        ),
    ],
)
def test_reading_age_tells_plain_words_from_others(text, least, most):
    assert least <= reading_age(text) <= most


def test_reading_age_of_a_few_words_is_not_guessed():
    assert reading_age("Why you?") is None


words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30).filter(
    lambda text: text.strip() and text == text.strip()
)


@st.composite
def documents(draw):
    questions, numbers = [], iter(range(100))
    for _question in range(draw(st.integers(1, 5))):
        kind = draw(st.sampled_from(["short", "long", "choice", "choices", "number", "yes_no"]))
        one = {
            "key": f"q-{next(numbers)}",
            "kind": kind,
            "text": draw(words),
            "text_cy": draw(words),
            "help": draw(words),
            "easy_read": draw(words),
            "is_required": draw(st.booleans()),
            "word_limit": draw(st.none() | st.integers(1, 5_000)) if kind == "long" else None,
        }
        if kind in {"choice", "choices"}:
            one["choices"] = [
                {"value": f"v-{n}", "label": draw(words), "label_cy": draw(words)}
                for n in range(draw(st.integers(2, 4)))
            ]
        earlier = [other for other in questions if other["kind"] == "yes_no"]
        if earlier and draw(st.booleans()):
            one["condition"] = {"question": earlier[-1]["key"], "answers": ["yes"]}
        questions.append(one)
    cut = draw(st.integers(0, len(questions)))
    return {
        **minimal(),
        "sections": [
            {"title": draw(words), "introduction_cy": draw(words), "questions": questions[:cut]},
            {"title": draw(words), "questions": questions[cut:]},
        ],
    }


@given(document=documents())
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_form_survives_import_and_export(document, staff, now):
    full = read(document)
    made = import_call(document=copy.deepcopy(full), by=staff, now=now)
    again = files.read(files.written(files.whole(made)).encode())
    assert again["sections"] == full["sections"]


def test_example_in_the_documentation_is_a_call(staff, now):
    TopicFactory(slug="carers-health")
    text = (Path(__file__).parents[2] / "docs" / "calls.md").read_text(encoding="utf-8")
    example = re.search(r"```json\n(.*?)```", text, re.DOTALL)[1]
    made = import_call(document=files.read(example.encode()), by=staff, now=now)
    assert [section.title for section in made.sections.all()] == ["About you"]
