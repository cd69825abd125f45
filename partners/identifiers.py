"""Numbers of organisations as org-id.guide names them: what fits a scheme, and how it is written.

A number is kept in one form, whatever spaces, capitals or leading zeros it was typed with, so that
the same organisation is found again. Lengths: the public registers themselves.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .enums import Scheme

LONGEST = 20


def _plain(text: str) -> str:
    return text


def _without_zeros(text: str) -> str:
    return text.lstrip("0")


def _scottish(text: str) -> str:
    """SC and six digits, also where only the digits were typed."""
    digits = text.removeprefix("SC")
    return f"SC{digits.zfill(6)}" if digits.isdigit() else text


def _northern_irish(text: str) -> str:
    return text.removeprefix("NIC")


def _company(text: str) -> str:
    """Eight characters: zeros come before the digits, behind the letters."""
    found = re.fullmatch(r"([A-Z]{0,2})([0-9]+)", text)
    return found[1] + found[2].zfill(8 - len(found[1])) if found else text


@dataclass(frozen=True)
class Rule:
    """How a scheme's numbers are tidied, the form they must then have, and an example in words."""

    tidy: Callable[[str], str]
    form: str
    example: str | Promise


_COUNCIL = Rule(_plain, r"[A-Z]{3,4}", _("three letters, such as ABC"))
RULES: Mapping[str, Rule] = {
    Scheme.CHARITY_ENGLAND_WALES: Rule(
        _without_zeros, r"[1-9][0-9]{5,6}", _("6 or 7 numbers, such as 1123456")
    ),
    Scheme.CHARITY_SCOTLAND: Rule(
        _scottish, r"SC[0-9]{6}", _("SC and 6 numbers, such as SC012345")
    ),
    Scheme.CHARITY_NORTHERN_IRELAND: Rule(
        _northern_irish, r"1[0-9]{5}", _("6 numbers, such as 101234")
    ),
    Scheme.COMPANY: Rule(
        _company,
        r"[0-9]{8}|[A-Z]{2}[0-9]{6}|[A-Z]{2}[0-9]{5}[A-Z]|R[0-9]{7}",
        _("8 numbers, or 2 letters and 6 numbers, such as 01234567 or SC123456"),
    ),
    Scheme.NHS: Rule(_plain, r"[A-Z0-9]{3,10}", _("3 to 10 letters and numbers, such as RXX")),
    Scheme.COUNCIL_ENGLAND: _COUNCIL,
    Scheme.COUNCIL_SCOTLAND: _COUNCIL,
    Scheme.COUNCIL_WALES: _COUNCIL,
    Scheme.LEARNING_PROVIDER: Rule(_plain, r"1[0-9]{7}", _("8 numbers, such as 10001234")),
}


def normalise(scheme: str, value: str) -> str:
    """``value`` in the one form in which the scheme writes it.

    The whole code, such as "GB-CHC-1123456", is understood too. Errors: ``ValidationError`` for an
    unknown scheme and for what cannot be one of its numbers.
    """
    rule = RULES.get(scheme)
    if rule is None:
        raise ValidationError(_("This list of organisations is not known"), code="scheme")
    text = value.strip().upper().removeprefix(f"{scheme}-")
    # No separator of a number is part of it; anything else that does not fit is refused below.
    text = rule.tidy(re.sub(r"[\s./-]", "", text[: LONGEST * 3]))
    if not re.fullmatch(rule.form, text, re.ASCII):
        raise ValidationError(
            _("This is not such a number. It has %(example)s."),
            code="form",
            params={"example": rule.example},
        )
    return text


def split_code(text: str) -> tuple[str, str] | None:
    """``(scheme, number)`` of a whole code such as "gb-chc-1123456"; ``None`` of anything else."""
    typed = text.strip().upper()
    for scheme in sorted(Scheme.values, key=len, reverse=True):
        if typed.startswith(f"{scheme}-"):
            try:
                return scheme, normalise(scheme, typed)
            except ValidationError:
                return None
    return None
