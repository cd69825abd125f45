"""Files that come with a section: taken and taken away by the section's own form."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.filetypes import FileRefused

from .. import selectors
from ..enums import QuestionKind
from ..models import AnswerFile, Expression
from ..services.files import add_file, remove_file


def take(
    request: HttpRequest, expression: Expression, part: selectors.Part, now: datetime
) -> dict[int, str]:
    """Keep the files that were sent, whichever button sent them; what was refused, by question."""
    _take_away(request, expression, now)
    refused: dict[int, str] = {}
    for line in part.asked:
        question = line.question
        upload: Any = request.FILES.get(f"file{question.pk}")
        if question.kind != QuestionKind.FILE or upload is None:
            continue
        try:
            file = add_file(
                obj=expression, question=question, upload=upload, by=request.user, now=now
            )
            messages.success(request, _("%(name)s is uploaded.") % {"name": file.name})
        except FileRefused as problem:
            refused[question.pk] = str(problem)
    return refused


def _take_away(request: HttpRequest, expression: Expression, now: datetime) -> None:
    number = request.POST.get("remove", "").partition(":")[0]
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return
    file = AnswerFile.objects.filter(pk=int(number), expression=expression).first()
    if file:
        remove_file(obj=file, by=request.user, now=now)
        messages.success(request, _("%(name)s is taken away.") % {"name": file.name})
