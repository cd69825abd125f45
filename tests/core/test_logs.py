"""Lines of the log hold no secret of a path and no words of an exception."""

import logging

import pytest

from core.logs import LineFormatter

LINE = LineFormatter("{levelname} {message}", style="{")


@pytest.mark.parametrize(
    ("message", "line"),
    [
        ("Forbidden: /you/invitations/a-9OIQCYx_eee33kjh2/", "Forbidden: /you/invitations/.../"),
        ("Not Found: /messages/stop/Mzk:1uX8aB:abcdefg/?x=1", "Not Found: /messages/stop/.../?x=1"),
        ("Not Found: /projects/living-well-in-mid-antrim/", None),
        ("report.failed id=17 kind=expressions.copy", None),
    ],
)
def test_secret_of_a_path_is_left_out(message, line):
    record = logging.makeLogRecord({"levelname": "WARNING", "msg": message})
    assert LINE.format(record) == f"WARNING {line or message}"


def refuse(words):
    raise ValueError(words)


def fail(words):
    try:
        refuse(words)
    except ValueError as error:
        raise LookupError(words) from error


def test_exception_says_where_and_of_what_kind_but_not_what_was_written():
    words = "@".join(["Key (email)=(nia", "example.org) already exists."])
    with pytest.raises(LookupError) as caught:
        fail(words)
    line = LINE.formatException((caught.type, caught.value, caught.tb))
    assert "nia@" not in line
    assert line.index("builtins.ValueError") < line.index("builtins.LookupError")
    assert "test_logs.py" in line
