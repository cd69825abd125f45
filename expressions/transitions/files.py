"""The states of an uploaded file: it waits for the scanner, then it is clean or refused."""

from datetime import datetime

from core.filestates import FILE_STEPS
from core.transitions import transition

from ..models import AnswerFile


def pass_file(*, obj: AnswerFile, now: datetime) -> AnswerFile:
    """The scanner found nothing: the file may be opened."""
    return transition(obj=obj, step=FILE_STEPS["pass"], by=None, now=now)


def refuse_file(*, obj: AnswerFile, now: datetime) -> AnswerFile:
    """The scanner found something: the content goes, the row says so."""

    def apply(file: AnswerFile) -> None:
        file.file.name = ""

    return transition(obj=obj, step=FILE_STEPS["refuse"], by=None, now=now, apply=apply)
