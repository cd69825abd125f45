"""A page of questions as a form, made from data; and what its answers mean."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.forms import HoneypotMixin, PortalForm, WordLimitField

from .enums import PICK_ONE, QuestionKind
from .questionnaire import UNANSWERED, Block, Item, Questionnaire

LONGEST_TEXT = 300  # words
Raw = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Asked:
    """A question with its fields on a form; a matrix has one for each row."""

    item: Item
    fields: list[forms.BoundField]

    @property
    def is_group(self) -> bool:
        return self.item.kind in {QuestionKind.MATRIX, QuestionKind.RANKING}


class PageForm(PortalForm):
    """The questions of one page that somebody is asked."""

    def __init__(self, items: Sequence[Item], *args: Any, marks_optional: bool, **kwargs: Any):
        fields = {item.code: _fields(item) for item in items}
        self.items = items
        self.mark_optional = marks_optional
        self.names = {code: list(named) for code, named in fields.items()}
        # Where Django looks for a form's fields: so they are checked like those of any form.
        self.base_fields = {
            name: field for named in fields.values() for name, field in named.items()
        }
        super().__init__(*args, **kwargs)

    @property
    def asked(self) -> list[Asked]:
        return [Asked(item, [self[name] for name in self.names[item.code]]) for item in self.items]

    def typed(self) -> dict[str, list[str]]:
        """What was sent, as it was sent, right or wrong."""
        return {name: self.data.getlist(name) for name in self.fields}

    def clean(self) -> dict[str, Any]:
        for item in self.items:
            if item.kind == QuestionKind.MULTIPLE:
                self._check_most(item)
            elif item.kind == QuestionKind.RANKING:
                self._check_ranks(item)
        return self.cleaned_data

    def _check_most(self, item: Item) -> None:
        if item.most and len(self.cleaned_data.get(item.code) or ()) > item.most:
            message = ngettext(
                "Choose at most %(most)s answer", "Choose at most %(most)s answers", item.most
            )
            self.add_error(item.code, f"{_spoken(item)}: {message % {'most': item.most}}")

    def _check_ranks(self, item: Item) -> None:
        taken: dict[int, str] = {}
        for name in self.names[item.code]:
            rank = self.cleaned_data.get(name)
            if not rank:
                continue
            label = self.fields[name].label
            if int(rank) in taken:
                said = _("You gave place %(rank)s to “%(first)s” and “%(second)s”. Give it to one.")
                params = {"rank": rank, "first": taken[int(rank)], "second": label}
                self.add_error(name, said % params)
            else:
                taken[int(rank)] = str(label)
        missing = next((rank for rank in range(1, max(taken, default=0)) if rank not in taken), 0)
        if missing or (item.is_required and not taken):
            said = _("%(question)s: choose what comes in place %(rank)s")
            first = self.names[item.code][0]
            self.add_error(first, said % {"question": _spoken(item), "rank": missing or 1})

    def answers(self) -> dict[str, Any]:
        """The answers on this page; questions left out are named under ``_unanswered``."""
        found: dict[str, Any] = {}
        unanswered = []
        for item in self.items:
            if value := self._answer(item):
                found[item.code] = value
            else:
                unanswered.append(item.code)
        return {**found, UNANSWERED: unanswered}

    def _answer(self, item: Item) -> Any:
        given = {name: self.cleaned_data.get(name) for name in self.names[item.code]}
        if item.kind == QuestionKind.MATRIX:
            return {name.split("__")[1]: value for name, value in given.items() if value}
        if item.kind == QuestionKind.RANKING:
            ranked = [(int(rank), name.split("__")[1]) for name, rank in given.items() if rank]
            return [code for _rank, code in sorted(ranked)]
        return given[item.code]


def _spoken(item: Item) -> str:
    return str(item.text).rstrip("?. ")


def _fields(item: Item) -> dict[str, forms.Field]:
    text, hint = str(item.text), str(item.hint)
    choices = [(choice.code, choice.text) for choice in item.choices]
    if item.kind in PICK_ONE:
        return {item.code: _radios(text, choices, item.is_required, hint)}
    if item.kind == QuestionKind.MULTIPLE:
        field = forms.MultipleChoiceField(
            label=text,
            help_text=hint,
            choices=choices,
            required=item.is_required,
            widget=forms.CheckboxSelectMultiple,
        )
        return {item.code: field}
    if item.kind == QuestionKind.MATRIX:
        return {
            f"{item.code}__{row.code}": _radios(row.text, choices, item.is_required, inline=True)
            for row in item.rows
        }
    if item.kind == QuestionKind.RANKING:
        return {f"{item.code}__{code}": _ranks(label, item) for code, label in choices}
    return {
        item.code: WordLimitField(
            label=text, help_text=hint, required=item.is_required, max_words=LONGEST_TEXT
        )
    }


def _radios(
    label: str, choices: list, required: bool, hint: str = "", *, inline: bool = False
) -> forms.Field:
    widget = forms.RadioSelect({"class": "govuk-radios--inline"} if inline else None)
    return forms.ChoiceField(
        label=label, help_text=hint, choices=choices, required=required, widget=widget
    )


def _ranks(label: str, item: Item) -> forms.Field:
    most = item.most or len(item.choices)
    places = [(str(rank), str(rank)) for rank in range(1, most + 1)]
    return forms.ChoiceField(
        label=label, choices=[("", gettext_lazy("No place")), *places], required=False
    )


def page_form(
    survey_form: Questionnaire, items: Sequence[Item], raw: Raw | None = None, *, bound: bool
) -> PageForm:
    """The form of ``items``: checked when ``bound``, else merely filled with ``raw``."""
    data: MultiValueDict = MultiValueDict(
        {name: list(values) for name, values in (raw or {}).items()}
    )
    marks = any(item.is_required for item in survey_form.items)
    if bound:
        return PageForm(items, data, marks_optional=marks)
    form = PageForm(items, marks_optional=marks)
    for name, field in form.fields.items():
        form.initial[name] = field.widget.value_from_datadict(data, MultiValueDict(), name)
    return form


@dataclass(frozen=True)
class Filled:
    """A page as somebody filled it in so far."""

    number: int
    block: Block
    form: PageForm

    @property
    def items(self) -> Sequence[Item]:
        return self.form.items


def filled_pages(survey_form: Questionnaire, raw: Raw) -> tuple[list[Filled], dict[str, Any]]:
    """The pages that are asked after what was typed (``raw``), each checked; and the answers.

    Answers of questions that are no longer asked are left out.
    """
    answers: dict[str, Any] = {UNANSWERED: []}
    pages: list[Filled] = []
    for block in survey_form.blocks:
        items = block.asked(answers)
        if not items:
            continue
        form = page_form(survey_form, items, raw, bound=True)
        form.full_clean()
        given = form.answers()
        unanswered = [*answers[UNANSWERED], *given.pop(UNANSWERED)]
        answers |= {**given, UNANSWERED: unanswered}
        pages.append(Filled(len(pages) + 1, block, form))
    return pages, answers


def answer_in_words(item: Item, answers: Mapping[str, Any]) -> list[str]:
    """The answer to ``item`` as lines for people to check; no line where there is none."""
    given = answers.get(item.code)
    if not given:
        return []
    if item.kind == QuestionKind.TEXT:
        return str(given).splitlines()
    if item.kind == QuestionKind.MATRIX:
        return [
            f"{row.text}: {item.labels[given[row.code]]}" for row in item.rows if row.code in given
        ]
    if item.kind == QuestionKind.RANKING:
        return [f"{place}. {item.labels[code]}" for place, code in enumerate(given, start=1)]
    picked: Iterable[str] = given if isinstance(given, list) else [given]
    return [item.labels[code] for code in picked]


class SendForm(HoneypotMixin, PortalForm):
    """The last step: sending the answers, once."""

    submission = forms.CharField(widget=forms.HiddenInput, max_length=64)


class StepForm(PortalForm):
    """Why a step is taken, where the step asks for it."""

    reason = forms.CharField(
        label=gettext_lazy("Why, in a sentence or two"), required=False, max_length=500
    )
