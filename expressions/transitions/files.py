"""The states of an uploaded file: it waits for the scanner, then it is clean or refused."""

from datetime import datetime

from django.utils.translation import gettext_lazy

from core.enums import FileState
from core.transitions import Step, state_table, transition

from ..models import AnswerFile

FILE_STEPS = state_table(
    Step(
        name="pass",
        sources=frozenset({FileState.WAITING}),
        target=FileState.CLEAN,
        label=gettext_lazy("Pass the file"),
        permission=None,
        repeatable=True,
    ),
    Step(
        name="refuse",
        sources=frozenset({FileState.WAITING}),
        target=FileState.REFUSED,
        label=gettext_lazy("Refuse the file"),
        permission=None,
        repeatable=True,
    ),
)


def pass_file(*, obj: AnswerFile, now: datetime) -> AnswerFile:
    """The scanner found nothing: the file may be opened."""
    return transition(obj=obj, step=FILE_STEPS["pass"], by=None, now=now)


def refuse_file(*, obj: AnswerFile, now: datetime) -> AnswerFile:
    """The scanner found something: the content goes, the row says so."""

    def apply(file: AnswerFile) -> None:
        file.file.name = ""

    return transition(obj=obj, step=FILE_STEPS["refuse"], by=None, now=now, apply=apply)
