"""A whole call as a JSON file, and back. Schema: ``call.schema.json``; see docs/calls.md."""

import json
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from core.enums import Nation
from partners.enums import OrganisationKind
from projects.enums import DeliveryModel
from projects.models import Topic

from ..enums import MixDimension
from ..models import Call
from .checks import Problem, problems
from .document import (
    TEXTS,
    Document,
    blank_choice,
    blank_question,
    blank_section,
    questions_in,
    sections_of,
)

FORMAT = "impact-call-1"
MOST_BYTES = 500_000
MOST_ERRORS = 20
CALL_DEFAULTS: dict[str, Any] = {
    **dict.fromkeys(TEXTS, ""),
    "topics": [],
    "delivery_models": [],
    "nations": [],
    "opens_at": None,
    "closes_at": None,
    "places": None,
    "top_score": 5,
    "scores_wanted": 2,
    "is_sealed": False,
}


class UnreadableFile(Exception):
    """The file is no call. ``errors`` says where and why, each fit to be shown."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("; ".join(errors))
        self.errors = errors


def whole(call: Call) -> Document:
    """The whole of ``call`` as its file has it. Five queries."""
    return {
        "format": FORMAT,
        "call": {
            **{name: getattr(call, name) for name in CALL_DEFAULTS if name != "topics"},
            "year": call.year,
            "topics": list(call.topics.order_by("slug").values_list("slug", flat=True)),
            "opens_at": _moment(call.opens_at),
            "closes_at": _moment(call.closes_at),
        },
        "sections": [
            {name: value for name, value in section.items() if name != "key"}
            for section in sections_of(call)
        ],
        "criteria": list(call.criteria.values("title", "help", "weight")),
        "mix": list(call.targets.values("dimension", "value", "least", "most")),
    }


def _moment(moment: datetime | None) -> str | None:
    return timezone.localtime(moment).isoformat() if moment else None


def written(document: Document) -> str:
    """The text of the file."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def read(content: bytes) -> Document:
    """The call in a file, with all that was left out at its default. Errors: ``UnreadableFile``.

    Nothing is saved; moments are aware datetimes.
    """
    if len(content) > MOST_BYTES:
        raise UnreadableFile([too_big()])
    document = _parsed(content)
    errors = [_in_words(error) for error in _first(_validator().iter_errors(document))]
    if errors:
        raise UnreadableFile(errors)
    if place := _unstorable(document, ""):
        raise UnreadableFile([_("%(place)s: a character that cannot be saved.") % {"place": place}])
    full = _completed(document)
    errors = [*_dates(full["call"]), *_topics(full), *_form(full), *_mix(full["mix"])]
    if errors:
        raise UnreadableFile(errors[:MOST_ERRORS])
    return full


def too_big() -> str:
    return _("The file is too big: the most is %(most)s kilobytes.") % {"most": MOST_BYTES // 1000}


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
    except UnicodeDecodeError as error:
        raise UnreadableFile([_("The file is not in UTF-8. Save it as UTF-8 text.")]) from error
    except json.JSONDecodeError as error:
        raise UnreadableFile(
            [
                _("This is not JSON. Look at line %(line)s, character %(column)s.")
                % {"line": error.lineno, "column": error.colno}
            ]
        ) from error
    except (ValueError, RecursionError) as error:
        raise UnreadableFile([_("This is not JSON that can be read.")]) from error


def _no_number(name: str) -> Any:
    raise ValueError(name)


@cache
def schema() -> dict[str, Any]:
    """The JSON Schema of the file."""
    path = Path(__file__).with_name("call.schema.json")
    return json.loads(path.read_text(encoding="utf-8"))


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(schema())


def _first(errors: Iterable[ValidationError]) -> Iterator[ValidationError]:
    """The first faults in the order of the file; of alternatives, the one that was meant."""
    for number, error in enumerate(errors):
        if number == MOST_ERRORS:
            return
        # Alternatives come with what each of them misses; the one that was meant goes deepest.
        yield max(error.context, key=_depth) if error.context else error


def _depth(error: ValidationError) -> tuple[int, bool]:
    return len(error.absolute_path), error.validator_value != "null"


def place_of(path: Iterable[str | int]) -> str:
    """Where in the file: “sections, number 2, questions, number 3, word_limit”."""
    words = [
        _("number %(number)s") % {"number": one + 1} if isinstance(one, int) else str(one)
        for one in path
    ]
    return ", ".join(words) or _("the whole file")


def _in_words(error: ValidationError) -> str:
    place, rule = place_of(error.absolute_path), error.validator_value
    words = {
        "type": _("this must be %(kind)s") % {"kind": _kinds(rule)},
        "required": _("“%(name)s” is missing") % {"name": _missing(error)},
        "additionalProperties": _("“%(name)s” is not known here") % {"name": _unknown(error)},
        "enum": _("this must be one of: %(values)s")
        % {"values": ", ".join(map(str, rule)) if isinstance(rule, list) else ""},
        "const": _("this must be “%(value)s”") % {"value": rule},
        "minLength": _("this must not be empty"),
        "maxLength": _("this is too long: the most is %(most)s characters") % {"most": rule},
        "minimum": _("this must be at least %(least)s") % {"least": rule},
        "maximum": _("this must be at most %(most)s") % {"most": rule},
        "minItems": _("give at least %(least)s") % {"least": rule},
        "maxItems": _("these are too many: the most is %(most)s") % {"most": rule},
        "uniqueItems": _("the same stands here twice"),
    }
    return f"{place}: {words.get(str(error.validator), _('this is not right'))}."


def _kinds(rule: Any) -> str:
    names = {
        "object": _("a group in { }"),
        "array": _("a list in [ ]"),
        "string": _("text in quotation marks"),
        "integer": _("a whole number"),
        "boolean": _("true or false"),
        "null": _("null"),
    }
    kinds = rule if isinstance(rule, list) else [rule]
    return _(" or ").join(names.get(str(kind), str(kind)) for kind in kinds)


def _missing(error: ValidationError) -> str:
    there = error.instance if isinstance(error.instance, dict) else {}
    wanted = error.validator_value if isinstance(error.validator_value, list) else []
    # One error for each missing name; its message begins with the name.
    return next((one for one in wanted if one not in there and repr(one) in error.message), "")


def _unknown(error: ValidationError) -> str:
    known = error.schema.get("properties", {}) if isinstance(error.schema, dict) else {}
    there = error.instance if isinstance(error.instance, dict) else {}
    return ", ".join(str(name)[:60] for name in there if name not in known)


def _unstorable(value: Any, place: str) -> str:
    """Where in ``value`` there is text that no database column holds; nothing when nowhere."""
    if isinstance(value, str):
        bad = any(sign == "\0" or unicodedata.category(sign) == "Cs" for sign in value)
        return place if bad else ""
    items: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = ((_("number %(number)s") % {"number": n + 1}, one) for n, one in enumerate(value))
    for name, one in items:
        if found := _unstorable(one, f"{place}, {name}" if place else str(name)):
            return found
    return ""


def _completed(document: Document) -> Document:
    return {
        "format": FORMAT,
        "call": {**CALL_DEFAULTS, **document["call"]},
        "sections": [
            blank_section(
                **{**section, "key": f"new-{place}"},
            )
            | {"questions": [_completed_question(one) for one in section.get("questions", [])]}
            for place, section in enumerate(document["sections"], start=1)
        ],
        "criteria": [{"help": "", "weight": 1, **one} for one in document.get("criteria", [])],
        "mix": [{"least": 0, "most": None, **one} for one in document.get("mix", [])],
    }


def _completed_question(question: Document) -> Document:
    choices = [blank_choice(**one) for one in question.get("choices", [])]
    return blank_question(**{**question, "choices": choices})


def _dates(call: Document) -> Iterator[str]:
    for name in ("opens_at", "closes_at"):
        if call[name] is None:
            continue
        try:
            moment = datetime.fromisoformat(call[name])
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None or not 2000 <= moment.year <= 2100:
            yield _(
                "%(place)s: write the moment with its offset, such as 2023-03-01T09:00:00+00:00."
            ) % {"place": place_of(["call", name])}
            return
        call[name] = moment
    if call["opens_at"] and call["closes_at"] and call["closes_at"] <= call["opens_at"]:
        yield _("%(place)s: a call closes after it opens.") % {
            "place": place_of(["call", "closes_at"])
        }


def _topics(document: Document) -> Iterator[str]:
    named = {
        *document["call"]["topics"],
        *(one["value"] for one in document["mix"] if one["dimension"] == MixDimension.TOPIC),
    }
    known = set(Topic.objects.filter(slug__in=named).values_list("slug", flat=True))
    for slug in sorted(named - known):
        yield _("%(place)s: there is no topic “%(slug)s” in the portal.") % {
            "place": place_of(["call", "topics"]),
            "slug": slug,
        }


def _form(document: Document) -> Iterator[str]:
    models = document["call"]["delivery_models"]
    for one in problems(document, models=models):
        yield f"{place_of(_path(one))}: {one.words}"
    for number, question in enumerate(questions_in(document), start=1):
        if question["fills"] == "topic":
            yield from _offered(question, document["call"]["topics"], number)
        elif question["fills"] == "model":
            yield from _offered(question, models, number)


def _offered(question: Document, offered: list[str], number: int) -> Iterator[str]:
    for one in question["choices"]:
        if one["value"] not in offered:
            yield _("question %(number)s, “%(text)s”: the call does not offer “%(value)s”.") % {
                "number": number,
                "text": question["text"],
                "value": one["value"],
            }


def _path(problem: Problem) -> list[str | int]:
    path: list[str | int] = ["sections", problem.section]
    return path if problem.question is None else [*path, "questions", problem.question]


def mix_values() -> dict[str, set[str]]:
    """The values of each dimension of the mix that do not come from the database."""
    return {
        MixDimension.NATION: set(Nation.values),
        MixDimension.KIND: set(OrganisationKind.values),
        MixDimension.MODEL: set(DeliveryModel.values),
        MixDimension.FIRST_TIMER: {"yes"},
        MixDimension.STRUGGLING: {"yes"},
    }


def _mix(lines: list[Document]) -> Iterator[str]:
    known, seen = mix_values(), set()
    for number, line in enumerate(lines):
        place = place_of(["mix", number])
        dimension, value = line["dimension"], line["value"]
        if dimension in known and value not in known[dimension]:
            yield _("%(place)s: “%(value)s” cannot be counted by %(dimension)s.") % {
                "place": place,
                "value": value,
                "dimension": dimension,
            }
        if (dimension, value) in seen:
            yield _("%(place)s: this line stands here twice.") % {"place": place}
        if line["most"] is not None and line["most"] < line["least"]:
            yield _("%(place)s: the most is below the least.") % {"place": place}
        seen.add((dimension, value))
