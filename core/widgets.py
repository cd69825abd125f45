"""Form controls that Django lacks: dates in parts, counted words, choices with hints.

How they look stands in ``templates/django/forms/widgets/``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Parts:
    """A date, or a date and time, as it was typed, part by part; nothing in it is checked."""

    day: str = ""
    month: str = ""
    year: str = ""
    time: str = ""

    def __bool__(self) -> bool:
        return any((self.day, self.month, self.year, self.time))


class DateWidget(forms.Widget):
    """Three boxes for day, month and year, named ``<name>_day`` and so on.

    Its value is ``Parts``, or text when the plain ``<name>`` was sent (an ISO date in an address).
    """

    template_name = "django/forms/widgets/parts.html"
    use_fieldset = True
    parts: tuple[tuple[str, Any, int], ...] = (
        ("day", _("Day"), 2),
        ("month", _("Month"), 2),
        ("year", _("Year"), 4),
    )

    def value_from_datadict(self, data: Mapping, files: Mapping, name: str) -> Any:
        typed = {
            part: str(data.get(f"{name}_{part}") or "").strip()
            for part, _label, _size in self.parts
        }
        return Parts(**typed) or data.get(name) or None

    def value_omitted_from_data(self, data: Mapping, files: Mapping, name: str) -> bool:
        return not any(
            key in data for key in [name, *(f"{name}_{part}" for part, *_rest in self.parts)]
        )

    def id_for_label(self, id_: str | None) -> str:
        return f"{id_}_{self.parts[0][0]}" if id_ else ""

    def as_parts(self, value: Any) -> Parts:
        """What to show in the boxes for a date, a datetime, ``Parts`` or ISO text."""
        if isinstance(value, Parts):
            return value
        if isinstance(value, str):
            try:
                value = datetime.fromisoformat(value)
            except ValueError:
                return Parts(day=value)
        if isinstance(value, date):
            time = f"{value:%H:%M}" if isinstance(value, datetime) else ""
            return Parts(str(value.day), str(value.month), str(value.year), time)
        return Parts()

    def get_context(self, name: str, value: Any, attrs: dict | None) -> dict[str, Any]:
        attrs = dict(attrs or {})
        wrong = attrs.pop("wrong_parts", "").split()
        context = super().get_context(name, None, attrs)
        typed = self.as_parts(value)
        base_id = context["widget"]["attrs"].get("id") or f"id_{name}"
        context["widget"]["parts"] = [
            {
                "name": f"{name}_{part}",
                "id": f"{base_id}_{part}",
                "label": label,
                "size": size,
                "value": getattr(typed, part),
                "wrong": part in wrong,
                "numeric": part != "time",
            }
            for part, label, size in self.parts
        ]
        return context


class DateTimeWidget(DateWidget):
    """``DateWidget`` with a fourth box for the time, such as 2pm, 2:30pm or 14:30."""

    parts = (*DateWidget.parts, ("time", _("Time"), 5))


class WordCountTextarea(forms.Textarea):
    """A textarea that says how many of ``max_words`` are left."""

    template_name = "django/forms/widgets/word_count.html"

    def __init__(self, max_words: int, attrs: dict | None = None) -> None:
        super().__init__({"rows": 8, **(attrs or {})})
        self.max_words = max_words

    def get_context(self, name: str, value: Any, attrs: dict | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["max_words"] = self.max_words
        return context


class _Hinted:
    """Choices of which some carry a sentence of help: ``hints`` is {value: text}."""

    def __init__(
        self,
        attrs: dict | None = None,
        choices: Iterable = (),
        *,
        hints: Mapping[Any, Any] | None = None,
    ) -> None:
        super().__init__(attrs, choices)  # type: ignore[call-arg]
        self.hints = dict(hints or {})

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        hint = self.hints.get(value, self.hints.get(str(value), ""))
        if hint and option["attrs"].get("id"):
            option["hint"] = hint
            option["attrs"]["aria-describedby"] = f"{option['attrs']['id']}_hint"
        return option


class HintedRadioSelect(_Hinted, forms.RadioSelect):
    """Radios with help under some of them."""


class HintedCheckboxSelectMultiple(_Hinted, forms.CheckboxSelectMultiple):
    """Checkboxes with help under some of them."""
