"""What an answer was before, and files as answers."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.enums import FileKind, FileState
from core.models import PortalModel, StateModel

from .calls import Question
from .expressions import Expression


class EarlierAnswer(PortalModel):
    """A text that an answer held once, or that could not be saved because another stood there.

    Rows are only ever added, and go when the call has been closed for a while
    (``services.history.forget_earlier_answers``).
    """

    expression = models.ForeignKey(
        Expression, on_delete=models.CASCADE, related_name="earlier_answers"
    )
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="+")
    # The version of the answer that this was; of a text set aside, the version that its writer had
    # read.
    version = models.PositiveIntegerField()
    value = models.JSONField(_("answer"), default=str, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    written_at = models.DateTimeField(_("written"))
    # It was never the answer: it met somebody else's text, or a question no longer asked.
    is_set_aside = models.BooleanField(_("set aside"), default=False)

    class Meta:
        verbose_name = _("earlier text")
        ordering = ["-written_at", "-id"]
        indexes = [models.Index(fields=["expression", "question"], name="earlier_of_answer")]

    def __str__(self) -> str:
        return f"{self.expression_id}:{self.question_id}:{self.version}"


def answer_file_path(file: "AnswerFile", name: str) -> str:
    """A name that says nothing of what is in it, in a folder for each expression."""
    return f"{ANSWER_FILES}/{file.expression_id}/{uuid4().hex}"


ANSWER_FILES = "answers"


class AnswerFile(StateModel):
    """One file of the answer to a question of kind FILE.

    A refused file is not kept: the row stays so that its writer learns why, and goes with the
    next one.
    """

    expression = models.ForeignKey(Expression, on_delete=models.CASCADE, related_name="files")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="files")
    file = models.FileField(upload_to=answer_file_path, max_length=120, blank=True)
    name = models.CharField(_("name of the file"), max_length=150)
    kind = models.CharField(_("kind of file"), max_length=10, choices=FileKind.choices)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("uploaded"))
    state = models.CharField(
        _("state"), max_length=10, choices=FileState.choices, default=FileState.WAITING
    )

    class Meta:
        verbose_name = _("file")
        ordering = ["uploaded_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="answer_file_kept_unless_refused",
                condition=models.Q(state=FileState.REFUSED, file="")
                | (~models.Q(state=FileState.REFUSED) & ~models.Q(file="")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                name="answer_file_waiting",
                condition=models.Q(state=FileState.WAITING),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_usable(self) -> bool:
        """Whether it may be opened."""
        return self.state in {FileState.CLEAN, FileState.UNSCANNED}

    @property
    def is_waiting(self) -> bool:
        return self.state == FileState.WAITING

    @property
    def is_refused(self) -> bool:
        return self.state == FileState.REFUSED
