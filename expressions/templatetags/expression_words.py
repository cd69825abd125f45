"""How answers stand in e-mails."""

from django import template

register = template.Library()


@register.filter
def quoted(text: str) -> str:
    """Each line as a quotation, so that nothing in an answer is taken for a heading of ours."""
    return "\n".join(f"> {line}" for line in text.splitlines())
