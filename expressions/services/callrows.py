"""A form as a document, written into the rows of its call."""

from collections.abc import Sequence

from django.db.models import Max

from ..callform.document import (
    QUESTION_FIELDS,
    SECTION_TEXTS,
    Document,
    section_key,
)
from ..enums import CallState
from ..models import Call, Question, Section

# Out of the way while rows change places: no two may ever have the same one.
ASIDE = 10_000
BEHIND = 1_000


def write_sections(call: Call, sections: Sequence[Document]) -> None:
    """Make the rows of ``call`` say what ``sections`` say.

    Of a draft, what is not there any more is deleted. Of any other call its questions are
    retired: no longer asked, with their answers kept. Call it on the locked call, in a
    transaction.
    """
    there = {section_key(one): one for one in Section.objects.filter(call=call)}
    asked = {one.key: one for one in Question.objects.filter(section__call=call, is_retired=False)}
    _step_aside(call)
    written: dict[str, Question] = {}
    kept = set()
    for place, document in enumerate(sections, start=1):
        section = there.get(document["key"]) or Section(call=call, is_example=call.is_example)
        for name in SECTION_TEXTS:
            setattr(section, name, document[name])
        section.order = place
        section.save()
        kept.add(section.pk)
        for order, one in enumerate(document["questions"], start=1):
            row = asked.get(one["key"]) or Question(key=one["key"], is_example=call.is_example)
            _write_question(row, one, section, order, written)
    gone = [one.pk for key, one in asked.items() if key not in written]
    _take_out(call, gone)
    _take_out_sections(call, [one for one in there.values() if one.pk not in kept], len(kept))


def _step_aside(call: Call) -> None:
    """Give every row a place beyond all that are used, so that each place below is free."""
    sections = list(Section.objects.filter(call=call))
    for number, section in enumerate(sections):
        section.order = ASIDE + number
    Section.objects.bulk_update(sections, ["order"])
    rows = list(Question.objects.filter(section__call=call, is_retired=False))
    for number, question in enumerate(rows):
        question.order = ASIDE + number
    Question.objects.bulk_update(rows, ["order"])
    retired = Question.objects.filter(section__call=call, is_retired=True, order__lt=BEHIND)
    _put_behind(call, list(retired))


def _put_behind(call: Call, rows: list[Question]) -> None:
    """Give retired rows places of their own behind all that are asked."""
    behind = Question.objects.filter(section__call=call, order__gte=BEHIND, order__lt=ASIDE)
    last = behind.aggregate(last=Max("order"))["last"] or BEHIND - 1
    for number, question in enumerate(rows, start=last + 1):
        question.order = number
    Question.objects.bulk_update(rows, ["order"])


def _write_question(
    row: Question, document: Document, section: Section, order: int, written: dict[str, Question]
) -> None:
    for name in QUESTION_FIELDS:
        setattr(row, name, document[name])
    condition = document["condition"]
    row.condition = written[condition["question"]] if condition else None
    row.condition_values = condition["answers"] if condition else []
    row.section, row.order = section, order
    row.save()
    written[row.key] = row


def _take_out(call: Call, gone: list[int]) -> None:
    rows = Question.objects.filter(pk__in=gone)
    rows.update(condition=None, condition_values=[])
    if call.state == CallState.DRAFT:
        rows.delete()
        return
    rows.update(is_retired=True)
    _put_behind(call, list(rows))


def _take_out_sections(call: Call, sections: list[Section], behind: int) -> None:
    for place, section in enumerate(sections, start=behind + 1):
        if section.questions.exists():
            Section.objects.filter(pk=section.pk).update(order=place)
        else:
            section.delete()
