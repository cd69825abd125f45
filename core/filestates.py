"""The states of an uploaded file: it waits for the scanner, then it is clean or refused."""

from django.utils.translation import gettext_lazy

from .enums import FileState
from .transitions import Step, state_table

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
