"""What somebody typed and sent after their session had ended, kept until they are signed in again.

It lies in the visitor's own new session, on the server and never in an address, and only if the
page that was sent carries the mark that the portal gave its writer: no stranger fills the sessions.
Shown to that writer alone, on the page that it was typed on.
"""

import json
from datetime import timedelta
from typing import Any

from django.core import signing
from django.http import HttpRequest, QueryDict

from .models import Expression

SALT = "expressions.writer"
KEY = "typed_when_signed_out"
MOST_BYTES = 600_000
MARK_HOLDS = timedelta(days=30)


def writer_mark(user: Any, expression: Expression) -> str:
    """What a page carries to say whose it is."""
    return signing.dumps([user.pk, expression.pk], salt=SALT)


def keep(request: HttpRequest, expression_id: int) -> bool:
    """Keep what a visitor posted, if the page was a writer's own; whether it was."""
    try:
        person, about = signing.loads(
            request.POST.get("writer", "")[:500], salt=SALT, max_age=MARK_HOLDS
        )
    except (signing.BadSignature, ValueError, TypeError):
        return False
    fields = {
        name: values
        for name, values in request.POST.lists()
        if name[:1] in {"q", "v", "f"} and (name[1:].isdigit() or name == "finished")
    }
    if about != expression_id or len(json.dumps(fields)) > MOST_BYTES:
        return False
    request.session[KEY] = {"person": person, "path": request.path, "fields": fields}
    return True


def found(request: HttpRequest) -> QueryDict | None:
    """What the signed-in person had typed on this very page; nothing for anybody else."""
    stashed = request.session.get(KEY)
    if not stashed or stashed["path"] != request.path or stashed["person"] != request.user.pk:
        return None
    fields = QueryDict(mutable=True)
    for name, values in stashed["fields"].items():
        fields.setlist(name, values)
    return fields


def drop(request: HttpRequest) -> None:
    """Forget it: what was typed here has been sent again."""
    if found(request) is not None:
        del request.session[KEY]
