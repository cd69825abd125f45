"""Counting responses in one pass: in SQL on PostgreSQL, in Python elsewhere, with one result."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import connection

from .enums import QuestionKind
from .models import Question, Response, Survey, SurveyRollup
from .questionnaire import UNANSWERED

ANSWERED = "@answered"
LEFT_OUT = "@unanswered"

# What one answer counts for depends on its form: text, one code, several, ranked, or by row.
_COUNT = """
INSERT INTO surveys_surveyrollup (survey_id, question_id, option, nation, role, count)
SELECT %(survey)s, cell.question_id, cell.option,
       coalesce(response.answers ->> %(nation)s, ''), coalesce(response.answers ->> %(role)s, ''),
       count(*)
FROM surveys_response AS response
CROSS JOIN LATERAL (
    SELECT NULL::bigint AS question_id, '' AS option
    UNION ALL
    SELECT question.id, given.option
    FROM jsonb_each(response.answers) AS answer (code, value)
    JOIN surveys_question AS question
      ON question.survey_id = %(survey)s AND question.code = answer.code
    CROSS JOIN LATERAL (
        SELECT '@answered' AS option
        UNION ALL
        SELECT answer.value #>> '{}'
        WHERE jsonb_typeof(answer.value) = 'string' AND question.kind <> 'text'
        UNION ALL
        SELECT CASE WHEN question.kind = 'ranking' THEN picked.code || '#' || picked.place
                    ELSE picked.code END
        FROM jsonb_array_elements_text(
            CASE WHEN jsonb_typeof(answer.value) = 'array' THEN answer.value ELSE '[]' END
        ) WITH ORDINALITY AS picked (code, place)
        UNION ALL
        SELECT rated.row || ':' || rated.code
        FROM jsonb_each_text(
            CASE WHEN jsonb_typeof(answer.value) = 'object' THEN answer.value ELSE '{}' END
        ) AS rated (row, code)
    ) AS given
    UNION ALL
    SELECT question.id, '@unanswered'
    FROM jsonb_array_elements_text(
        coalesce(response.answers -> '_unanswered', '[]')
    ) AS missed (code)
    JOIN surveys_question AS question
      ON question.survey_id = %(survey)s AND question.code = missed.code
) AS cell
WHERE response.survey_id = %(survey)s
GROUP BY 2, 3, 4, 5
"""


def rebuild(survey: Survey) -> None:
    """Replace the rollup of ``survey``. Call it inside a transaction."""
    SurveyRollup.objects.filter(survey=survey).delete()
    questions = {row.code: row for row in Question.objects.filter(survey=survey)}
    codes = {row.kind: row.code for row in questions.values()}
    # A code that no question can have, so that nothing is found.
    nation = codes.get(QuestionKind.NATION, "")
    role = codes.get(QuestionKind.ROLE, "")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, {"survey": survey.pk, "nation": nation, "role": role})
        return
    documents = Response.objects.filter(survey=survey).values_list("answers", flat=True)
    counted = count(documents.iterator(), questions, nation=nation, role=role)
    SurveyRollup.objects.bulk_create(
        [
            SurveyRollup(
                survey=survey,
                question_id=key[0],
                option=key[1],
                nation=key[2],
                role=key[3],
                count=n,
            )
            for key, n in counted.items()
        ],
        batch_size=500,
    )


Key = tuple[int | None, str, str, str]


def count(
    documents: Iterable[Mapping[str, Any]],
    questions: Mapping[str, Question],
    *,
    nation: str,
    role: str,
) -> "Counter[Key]":
    """How often each (question, option, nation, role) occurs in ``documents``."""
    counted: Counter[Key] = Counter()
    for answers in documents:
        who = (answers.get(nation, ""), answers.get(role, ""))
        counted[(None, "", *who)] += 1
        for code, value in answers.items():
            if question := questions.get(code):
                for option in _options(question, value):
                    counted[(question.pk, option, *who)] += 1
        for code in answers.get(UNANSWERED, ()):
            if question := questions.get(code):
                counted[(question.pk, LEFT_OUT, *who)] += 1
    return counted


def _options(question: Question, value: Any) -> Iterator[str]:
    yield ANSWERED
    if question.kind == QuestionKind.TEXT:
        return
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for place, code in enumerate(value, start=1):
            yield f"{code}#{place}" if question.kind == QuestionKind.RANKING else code
    elif isinstance(value, dict):
        yield from (f"{row}:{code}" for row, code in value.items())
