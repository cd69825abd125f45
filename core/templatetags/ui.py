"""Template tags and filters of the portal's components. Usage: ``docs/components.md``."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django import template
from django.template import Context
from django.template.defaultfilters import linebreaks_filter
from django.template.loader import render_to_string
from django.urls import get_script_prefix, get_urlconf
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import dates
from core.charts import Chart
from core.filters import PortalFilterSet
from core.markdown import as_typed as words_as_typed
from core.markdown import render_markdown
from core.worddiff import render_comparison

register = template.Library()

TAG_COLOURS = {
    "neutral": "govuk-tag--grey",
    "info": "",
    "good": "govuk-tag--green",
    "warning": "govuk-tag--yellow",
    "bad": "govuk-tag--red",
    **{
        colour: f"govuk-tag--{colour}"
        for colour in ["grey", "green", "yellow", "red", "orange", "teal", "purple", "magenta"]
    },
}

register.filter("nice_date", dates.nice_date)
register.filter("short_date", dates.short_date)
register.filter("nice_time", dates.nice_time)
register.filter("nice_datetime", dates.nice_datetime)


@register.filter
def as_typed(text: object) -> str:
    """Words that stay words in the Markdown of a message: ``{{ person.name|as_typed }}``."""
    return words_as_typed(text)


@register.filter
def markdown(text: str | None) -> SafeString:
    """Markdown as safe HTML in running-text style."""
    return format_html('<div class="impact-prose">{}</div>', render_markdown(text))


@register.filter
def prose(text: str | None) -> SafeString:
    """Plain text as paragraphs in running-text style; every character is shown as it stands."""
    return format_html(
        '<div class="impact-prose">{}</div>', linebreaks_filter(text) if text else ""
    )


@register.filter
def of_total(part: Any, whole: Any) -> str:
    """A figure with its denominator: ``{{ 23|of_total:31 }}`` is "23 of 31"."""
    return _("%(part)s of %(whole)s") % {"part": _number(part), "whole": _number(whole)}


def _number(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int | float) else str(value)


@register.simple_tag
def tag(text: Any, colour: str = "neutral") -> SafeString:
    """A status in a word; ``colour``: neutral, info, good, warning, bad, or a colour's name."""
    extra = TAG_COLOURS.get(colour, TAG_COLOURS["neutral"])
    return format_html(
        '<strong class="govuk-tag{}">{}</strong>', f" {extra}" if extra else "", text
    )


@register.simple_tag
def example_badge(obj: Any) -> SafeString | str:
    """ "Example data" for an object, or a row as a dict, of the demonstration; else nothing."""
    example = obj.get("is_example") if isinstance(obj, dict) else getattr(obj, "is_example", False)
    if not example:
        return ""
    return format_html('<strong class="impact-example">{}</strong>', _("Example data"))


@register.simple_tag
def footer() -> SafeString:
    """The foot of every page: the same for everybody, so drawn once for each language."""
    return _footer(get_language(), get_urlconf(), get_script_prefix())


@cache
def _footer(language: str | None, urlconf: str | None, prefix: str) -> SafeString:
    return render_to_string("components/footer.html")


@register.simple_tag(takes_context=True)
def filter_panel(context: Context, filters: PortalFilterSet) -> SafeString:
    """The panel of a list's filters, beside the list in a div of class impact-list-page."""
    return filters.panel(clear_url=context["request"].path)


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(*pairs: Any) -> dict[str, Any]:
    """The way here from the start page: ``{% breadcrumbs url1 text1 url2 text2 %}``."""
    return {"crumbs": list(zip(pairs[::2], pairs[1::2], strict=True))}


@register.inclusion_tag("components/back_link.html")
def back_link(url: str, text: str = "") -> dict[str, Any]:
    """A link back; say where to when it is not simply the page before."""
    return {"url": url, "text": text or _("Back")}


@register.inclusion_tag("components/summary_list.html")
def summary_list(rows: Iterable[Any]) -> dict[str, Any]:
    """Questions and answers; a row is a dict or tuple of key, value and perhaps url, action."""
    names = ("key", "value", "url", "action")
    return {
        "rows": [
            dict.fromkeys(names, "")
            | dict(row if isinstance(row, Mapping) else zip(names, row, strict=False))
            for row in rows
        ]
    }


@register.inclusion_tag("components/stat.html")
def stat(value: Any, label: str, url: str = "") -> dict[str, Any]:
    """A figure and what it counts; give a part with its whole: ``23|of_total:31``.

    ``url`` leads to the rows behind the figure.
    """
    return {"value": _number(value), "label": label, "url": url}


@register.inclusion_tag("components/progress.html")
def progress(value: float, maximum: float, words: str) -> dict[str, Any]:
    """How far long work has come, as a bar and in words."""
    return {"value": value, "maximum": maximum, "words": words}


@register.inclusion_tag("components/timeline.html")
def timeline(entries: Iterable[Any]) -> dict[str, Any]:
    """What happened, in the order given: ``at``, ``text`` and perhaps ``who``, ``reason``."""
    return {"entries": entries}


@register.inclusion_tag("components/todo.html")
def todo(items: Iterable[Any]) -> dict[str, Any]:
    """What needs you today: ``text``, ``url`` and perhaps ``count``, ``due``, ``is_late``."""
    listed = list(items)
    return {"items": listed, "counted": any(item.count for item in listed)}


@register.inclusion_tag("components/task_list.html")
def task_list(items: Iterable[Any]) -> dict[str, Any]:
    """Sections of a long form: ``title``, ``url``, ``is_done``, perhaps ``hint``, ``status``."""
    return {"items": items}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page: Any) -> dict[str, Any]:
    """Links to the pages before and after a keyset page; the address keeps its other parameters."""
    request = context.get("request")
    query = request.GET.copy() if request else None
    return {
        "page": page,
        "previous": _address(query, page.previous_cursor),
        "next": _address(query, page.next_cursor),
    }


def _address(query: Any, cursor: str | None) -> str:
    if cursor is None:
        return ""
    if query is None:
        return f"?cursor={cursor}"
    query["cursor"] = cursor
    return f"?{query.urlencode()}"


@register.simple_tag
def word_diff(old: str, new: str) -> SafeString:
    """Two texts as one, with what was inserted and deleted marked."""
    return format_html('<div class="impact-diff">{}</div>', render_comparison(old, new))


@register.inclusion_tag("components/chart.html")
def chart(chart: Chart) -> dict[str, Any]:
    """A chart and the table of its figures."""
    return {
        "chart": chart,
        "drawing": chart.draw(),
        "columns": chart.columns(),
        "rows": chart.table_rows(),
    }


@register.simple_block_tag
def details(content: str, summary: str) -> SafeString:
    """Text that opens: ``{% details "How we decide" %}...{% enddetails %}``."""
    return format_html(
        '<details class="govuk-details"><summary class="govuk-details__summary">'
        '<span class="govuk-details__summary-text">{}</span></summary>'
        '<div class="govuk-details__text">{}</div></details>',
        summary,
        content,
    )


@register.simple_block_tag
def inset(content: str) -> SafeString:
    """A passage set apart from the text round it."""
    return format_html('<div class="govuk-inset-text">{}</div>', content)


@register.simple_block_tag
def warning_text(content: str) -> SafeString:
    """What somebody must know before they go on."""
    return format_html(
        '<div class="govuk-warning-text">'
        '<span class="govuk-warning-text__icon" aria-hidden="true">!</span>'
        '<strong class="govuk-warning-text__text">'
        '<span class="govuk-visually-hidden">{}</span> {}</strong></div>',
        _("Warning"),
        content,
    )


@register.simple_block_tag
def card(content: str, title: str, url: str = "", level: int = 2) -> SafeString:
    """A box with a heading, which is a link when ``url`` is given."""
    heading = format_html('<a class="govuk-link" href="{}">{}</a>', url, title) if url else title
    return format_html(
        '<div class="impact-card"><h{0} class="impact-card__title">{1}</h{0}>{2}</div>',
        level,
        heading,
        content,
    )


@register.simple_block_tag
def empty_state(content: str, title: str, level: int = 2) -> SafeString:
    """What will be here, and how to begin."""
    return format_html(
        '<div class="impact-empty"><h{0} class="impact-empty__title">{1}</h{0}>{2}</div>',
        level,
        title,
        content,
    )


@register.simple_block_tag
def scroll_region(content: str, label: str, tall: bool = False) -> SafeString:
    """A wide table that scrolls by itself, also by keyboard; ``label`` names it."""
    return format_html(
        '<div class="impact-scroll{}" role="region" aria-label="{}" tabindex="0">{}</div>',
        " impact-scroll--tall" if tall else "",
        label,
        content,
    )
