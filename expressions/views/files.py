"""Files of answers: opened as downloads, and watched while the scanner looks at them."""

from typing import Any

from django.db import models
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from core.access import ObjectView
from core.enums import FileKind
from core.filetypes import CONTENT_TYPES

from .. import fields
from ..enums import QuestionKind
from ..models import AnswerFile, Expression, Question
from .base import WritingView


class FileDownload(ObjectView):
    """A file, always as a download; not before the scanner has passed it."""

    permission = "expressions.open_file"
    target: AnswerFile

    def visible(self) -> models.QuerySet[AnswerFile]:
        known = Expression.objects.visible_to(self.request.user)
        found = AnswerFile.objects.filter(expression__in=known.values("pk"))
        return found.select_related("expression__call", "expression__organisation")

    def permission_object(self) -> AnswerFile:
        super().permission_object()
        # Who may not read the answers learns nothing of the file.
        may_open = self.request.user.has_perm(self.permission, self.target)
        if not may_open or not self.target.is_usable:
            raise Http404
        return self.target

    def get(self, request: HttpRequest, **kwargs: Any) -> FileResponse:
        file = self.target
        if not file.file.storage.exists(str(file.file.name)):
            raise Http404
        response = FileResponse(
            file.file.open("rb"),
            as_attachment=True,
            filename=file.name,
            content_type=CONTENT_TYPES[FileKind(file.kind)],
        )
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response["Cache-Control"] = "private, no-store"
        return response


class FileProgress(WritingView):
    """The files of one question; asked for again while the scanner looks at them."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        question = get_object_or_404(
            Question,
            pk=self.kwargs["question"],
            section__call_id=self.target.call_id,
            kind=QuestionKind.FILE,
        )
        field = fields.file_field(question, self.target)
        context = {"field": field, "may_change": self.is_editable()}
        response = render(request, "expressions/partials/file_list.html", context)
        response["Cache-Control"] = "private, no-store"
        return response
