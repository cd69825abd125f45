"""From messages to e-mail: words, headers, one e-mail for several reminders."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import ngettext

from core.markdown import as_typed, plain_text, render_markdown

from .models import Message
from .registry import reminder_rules
from .unsubscribing import unsubscribe_path


def build_email(messages: Sequence[Message], connection: Any = None) -> EmailMultiAlternatives:
    """The e-mail that carries ``messages``, all to one person; its Message-ID is the first's."""
    first = messages[0]
    person = first.recipient
    language = person.language if person else settings.LANGUAGE_CODE
    with translation.override(language):
        subject, body = _words(messages)
        links = _links(messages)
        context = {"subject": subject, "lang": language, **links}
        html = render_to_string(
            "notifications/email/layout.html", {**context, "body_html": render_markdown(body)}
        )
        text = render_to_string(
            "notifications/email/layout.txt", {**context, "body": plain_text(body)}
        )
    email = EmailMultiAlternatives(
        subject=subject,
        body=text,
        to=[person.email if person else first.address],
        headers=_headers(first, links),
        connection=connection,
    )
    email.attach_alternative(html, "text/html")
    return email


def _words(messages: Sequence[Message]) -> tuple[str, str]:
    if len(messages) == 1:
        return messages[0].subject, messages[0].body
    number = len(messages)
    subject = ngettext("%(number)s reminder", "%(number)s reminders", number) % {"number": number}
    parts = [f"# {as_typed(message.subject)}\n\n{message.body}" for message in messages]
    return subject, "\n\n".join(parts)


def _links(messages: Sequence[Message]) -> dict[str, str]:
    """For reminders, where to stop these and where to choose how often they come."""
    first = messages[0]
    if first.kind not in reminder_rules or first.recipient_id is None:
        return {"stop_url": "", "choose_url": ""}
    stop = unsubscribe_path(first.recipient_id, [message.kind for message in messages])
    base = settings.PORTAL_BASE_URL
    choose = reverse("notifications:preferences")
    return {"stop_url": f"{base}{stop}", "choose_url": f"{base}{choose}"}


def _headers(first: Message, links: dict[str, str]) -> dict[str, str]:
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ")
    headers = {
        "Message-ID": f"<{first.message_id}@{domain}>",
        "Auto-Submitted": "auto-generated",
    }
    if links["stop_url"]:
        headers["List-Unsubscribe"] = f"<{links['stop_url']}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers
