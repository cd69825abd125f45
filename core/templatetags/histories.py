"""The way from an object's page to what is on record about it."""

from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag(takes_context=True)
def history_link(context: Context, kind: str, obj: Any) -> SafeString | str:
    """``{% history_link "meeting" meeting %}``: a link for those who may read the history."""
    user = context.get("user")
    if user is None or not user.has_perm("impact_portal.view_history", obj):
        return ""
    return format_html(
        '<p class="govuk-body"><a class="govuk-link" href="{}">{}</a></p>',
        reverse("history:page", args=[kind, obj.pk]),
        _("Who saw and changed what"),
    )
