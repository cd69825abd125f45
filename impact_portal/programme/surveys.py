"""The stakeholder survey, open now, with example answers from all nations and roles."""

import uuid
from datetime import datetime, time, timedelta
from itertools import chain, repeat
from random import Random
from typing import Any

from django.utils import timezone

from accounts.models import User
from surveys import services, transitions
from surveys.enums import OptionPart, QuestionKind, SurveyState
from surveys.models import Option, Page, Question, Response, Survey
from surveys.questionnaire import UNANSWERED, Item, Questionnaire, questionnaire

from .frame import Programme

BEGUN = timedelta(days=19)
LEFT = timedelta(days=12)


def load(programme: Programme) -> None:
    """Make the survey, open it around the day of loading, and answer it 2,165 times."""
    data = programme.data("surveys")
    survey = _survey(programme, data)
    if survey.state == SurveyState.DRAFT and not survey.state_changed_at:
        manager = User.objects.get(email="programme.manager@example.org")
        survey = transitions.open_survey(obj=survey, by=manager, now=programme.now)
    if not Response.objects.filter(survey=survey, is_example=True).exists():
        _answers(programme, survey, data["example"])
        services.rebuild(survey=survey, now=programme.now)


def _survey(programme: Programme, data: dict[str, Any]) -> Survey:
    today = timezone.localdate(programme.now)
    closes = datetime.combine(today + LEFT, time(17, 0))
    words = ["title", "introduction", "what_next"]
    survey = programme.put(
        Survey,
        {"slug": data["slug"]},
        **{name: data[name] for word in words for name in (word, f"{word}_cy")},
        estimated_minutes=data["estimated_minutes"],
        opens_on=today - BEGUN,
        closes_at=timezone.make_aware(closes),
        is_example=True,
    )
    for order, entry in enumerate(data["pages"], start=1):
        page = programme.put(
            Page, {"survey": survey, "order": order}, **_words(entry, "title", "introduction")
        )
        for place, question in enumerate(entry["questions"], start=1):
            _question(programme, page, place, question)
    return survey


def _words(entry: dict[str, Any], *names: str) -> dict[str, str]:
    return {key: entry.get(key, "") for name in names for key in (name, f"{name}_cy")}


def _question(programme: Programme, page: Page, order: int, entry: dict[str, Any]) -> None:
    above = entry.get("asked_if")
    question = programme.put(
        Question,
        {"survey": page.survey, "code": entry["code"]},
        page=page,
        order=order,
        kind=entry["kind"],
        most=entry.get("most"),
        asked_if=Question.objects.get(survey=page.survey, code=above) if above else None,
        asked_if_answers=entry.get("asked_if_answers", []),
        **_words(entry, "text", "hint"),
    )
    for part, rows in [
        (OptionPart.ROW, entry.get("rows", [])),
        (OptionPart.ANSWER, entry.get("answers", [])),
    ]:
        for place, (code, text, welsh, *value) in enumerate(rows, start=1):
            programme.put(
                Option,
                {"question": question, "code": code},
                part=part,
                order=place,
                text=text,
                text_cy=welsh,
                value=value[0] if value else None,
            )


def _answers(programme: Programme, survey: Survey, example: dict[str, Any]) -> None:
    chance = programme.chance("surveys")
    nations = list(chain.from_iterable(repeat(*pair) for pair in example["nation"].items()))
    roles = list(chain.from_iterable(repeat(*pair) for pair in example["role"].items()))
    chance.shuffle(roles)
    form = questionnaire(survey)
    rows = [
        Response(
            id=uuid.UUID(int=chance.getrandbits(128), version=4),
            survey=survey,
            answers=_document(form, example, chance, {"nation": nation, "role": role}),
            counted_on=timezone.localdate(programme.now) - timedelta(days=chance.randrange(19)),
            is_example=True,
        )
        for nation, role in zip(nations, roles, strict=True)
    ]
    Response.objects.bulk_create(sorted(rows, key=lambda row: row.id), batch_size=500)
    programme.made += len(rows)


def _document(
    form: Questionnaire, example: dict[str, Any], chance: Random, who: dict[str, str]
) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for item in form.items:
        if item.is_asked(answers):
            answers[item.code] = _answer(item, example, chance, who)
    left_out = [code for code, value in answers.items() if not value]
    return {code: value for code, value in answers.items() if value} | {UNANSWERED: left_out}


def _answer(item: Item, example: dict[str, Any], chance: Random, who: dict[str, str]) -> Any:
    if item.code in who:
        return who[item.code]
    if item.kind == QuestionKind.TEXT:
        texts = example["texts"][item.code]
        return chance.choice(texts) if chance.random() < 0.03 else ""
    if chance.random() < example["skipped"]:
        return None
    codes = [choice.code for choice in item.choices]
    weights = example["weights"][item.code]
    if item.kind == QuestionKind.MATRIX:
        return {
            row.code: chance.choices(codes, weights[row.code])[0]
            for row in item.rows
            if chance.random() > example["skipped"] / 2
        }
    leaning = example["leaning"].get(who["role"], {}).get(item.code, {})
    leant = [weight * leaning.get(code, 1) for code, weight in zip(codes, weights, strict=True)]
    if item.kind == QuestionKind.RATING:
        return chance.choices(codes, leant)[0]
    picked = _draw(chance, codes, leant, item.most or len(codes))
    return picked if item.kind == QuestionKind.RANKING else sorted(picked, key=codes.index)


def _draw(chance: Random, codes: list[str], weights: list[int], most: int) -> list[str]:
    """One to ``most`` of ``codes``, heavier ones sooner, in the order in which they were drawn."""
    left = dict(zip(codes, weights, strict=True))
    drawn = []
    for _time in range(chance.randint(max(1, most - 2), most)):
        code = chance.choices(list(left), list(left.values()))[0]
        drawn.append(code)
        del left[code]
    return drawn
