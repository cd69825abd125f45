"""The words of letters about decisions: fields in curly brackets, filled in for each expression."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.dates import nice_date

from .enums import LetterKind
from .models import Expression, LetterTemplate

FIELD = re.compile(r"\{\s*([^{}]*?)\s*\}")
ANSWER_BY = "answer by"
FIELDS: dict[str, str | Promise] = {
    "organisation": gettext_lazy("the name of the organisation"),
    "reference": gettext_lazy("the reference of its expression of interest"),
    "call": gettext_lazy("the title of the call"),
    "topic": gettext_lazy("the topic that it chose"),
    "delivery model": gettext_lazy("the delivery model that it chose"),
    "feedback": gettext_lazy("the feedback that you write for it"),
    ANSWER_BY: gettext_lazy("the last day to answer; in an offer only"),
}


WELSH = "cy"


def default_wording(kind: str, language: str = settings.LANGUAGE_CODE) -> tuple[str, str]:
    """(subject, letter) of a kind of letter, in plain words, until somebody writes their own.

    In ``language``, whatever that of the person who asks; two empty texts in Welsh that is not
    there yet.
    """
    with translation.override(settings.LANGUAGE_CODE):
        english = _usual(kind)
    if language != WELSH:
        return english
    with translation.override(WELSH):
        welsh = _usual(kind)
    return welsh if welsh[0] != english[0] and welsh[1] != english[1] else ("", "")


def _usual(kind: str) -> tuple[str, str]:
    """(subject, letter) in the language of the moment."""
    return {
        LetterKind.OFFERED: (
            _("We would like to offer you a place: {reference}"),
            _(
                "Thank you for your expression of interest in “{call}”.\n\n"
                "We are pleased to offer {organisation} a place in the programme.\n\n"
                "Your topic: {topic}\nHow we would work together: {delivery model}\n\n"
                "{feedback}\n\n"
                "Please tell us by {answer by} whether you accept. You can do so in the portal. "
                "If you have a question first, write to us."
            ),
        ),
        LetterKind.RESERVE: (
            _("You are on our reserve list: {reference}"),
            _(
                "Thank you for your expression of interest in “{call}”.\n\n"
                "We cannot offer {organisation} a place now. We liked what you wrote, and have "
                "put you on our reserve list. If a place becomes free, we will write to you.\n\n"
                "{feedback}\n\n"
                "You do not need to do anything."
            ),
        ),
        LetterKind.DECLINED: (
            _("Our decision about your expression of interest: {reference}"),
            _(
                "Thank you for your expression of interest in “{call}”, and for the work that "
                "you put into it.\n\n"
                "We are sorry: we cannot offer {organisation} a place this time.\n\n"
                "{feedback}\n\n"
                "We hope that you will apply again. You can carry your answers forward to the "
                "next call."
            ),
        ),
        LetterKind.INELIGIBLE: (
            _("Your expression of interest did not fit this call: {reference}"),
            _(
                "Thank you for your expression of interest in “{call}”.\n\n"
                "We are sorry: what {organisation} sent in does not fit this call, so we did "
                "not read it further.\n\n"
                "{feedback}\n\n"
                "Another call may fit you better. If you think that we are wrong, write to us."
            ),
        ),
    }[LetterKind(kind)]


def problem_of(text: str, kind: str) -> str:
    """What is wrong with the fields of ``text``, in words; empty when nothing is."""
    known = [name for name in FIELDS if kind == LetterKind.OFFERED or name != ANSWER_BY]
    for name in FIELD.findall(text):
        if name == ANSWER_BY and name not in known:
            return _("Only an offer has the field {answer by}: this letter asks for no answer.")
        if name not in known:
            listed = ", ".join(f"{{{one}}}" for one in known)
            return _("There is no field {%(name)s}. The fields are %(fields)s.") % {
                "name": name,
                "fields": listed,
            }
    if set("{}") & set(FIELD.sub("", text)):
        return _(
            "A curly bracket stands alone. Write a field like this: {organisation}, "
            "and use no curly brackets otherwise."
        )
    return ""


def values_of(expression: Expression, *, feedback: str, answer_by: date | None) -> dict[str, str]:
    """What stands for each field in the letter about ``expression``, in the language of now."""
    return {
        "organisation": expression.organisation.name,
        "reference": expression.reference,
        "call": expression.call.title,
        "topic": expression.topic.title if expression.topic else _("not chosen"),
        "delivery model": str(expression.get_delivery_model_display()) or _("not chosen"),
        "feedback": feedback.strip(),
        ANSWER_BY: nice_date(answer_by) if answer_by else _("[the last day to answer]"),
    }


def fill(text: str, values: Mapping[str, Any]) -> str:
    """``text`` with its fields filled in; what is filled in is never read as a field itself.

    Lines that a field left empty are closed up.
    """
    filled = FIELD.sub(lambda found: str(values.get(found[1], found[0])), text)
    return re.sub(r"\n{3,}", "\n\n", filled.replace("\r\n", "\n")).strip()


def written(
    wording: LetterTemplate, expression: Expression, *, feedback: str, answer_by: date | None
) -> dict[str, str]:
    """The letter about ``expression``, by field of ``Letter``: in English and, where the wording
    has it, in Welsh. Dates and choices stand in the language of the letter, not in that of the
    person who sends it."""
    found = {"subject_cy": "", "body_cy": ""}
    for language, suffix in ((settings.LANGUAGE_CODE, ""), (WELSH, "_cy")):
        body = getattr(wording, f"body{suffix}")
        if not body:
            continue
        with translation.override(language):
            values = values_of(expression, feedback=feedback, answer_by=answer_by)
        subject = fill(getattr(wording, f"subject{suffix}"), values)
        found[f"subject{suffix}"] = " ".join(subject.split())[:250]
        found[f"body{suffix}"] = fill(body, values)
    return found
