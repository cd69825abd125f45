"""Reading a file of organisations and checking each row; nothing here writes to the database.

A file is CSV as spreadsheet programs write it: UTF-8 (with a mark or without) or Windows-1252,
with commas, semicolons or tabs. Columns are known by their headings, in any order.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.enums import Nation
from core.forms import validate_storable

from . import identifiers
from .enums import OrganisationKind, OrganisationSize, Scheme, Verdict
from .models import Organisation, OrganisationIdentifier
from .names import name_key

MOST_BYTES = 2_000_000
MOST_ROWS = 5_000
CHUNK = 500

# What a heading may say, besides the name of the field itself, in small letters.
HEADINGS: Mapping[str, Promise] = {
    "name": gettext_lazy("Name"),
    "kind": gettext_lazy("Kind"),
    "nation": gettext_lazy("Nation"),
    "place": gettext_lazy("Place"),
    "size": gettext_lazy("Size"),
    "website": gettext_lazy("Website"),
    "is_first_timer": gettext_lazy("New to this kind of project"),
    "seldom_heard_links": gettext_lazy("Links with people who are seldom heard"),
    "about": gettext_lazy("About"),
}
LENGTHS = {"name": 200, "place": 120, "website": 200, "seldom_heard_links": 4000, "about": 4000}
CHOICES: Mapping[str, Any] = {
    "kind": OrganisationKind,
    "nation": Nation,
    "size": OrganisationSize,
}
YES, NO = {"yes", "y", "true", "1", "ydy", "ie"}, {"", "no", "n", "false", "0", "nac ydy", "na"}

PROBLEMS: Mapping[str, Promise] = {
    "missing": gettext_lazy("This is missing"),
    "long": gettext_lazy("This is too long"),
    "choice": gettext_lazy("This is none of the choices; look at the file to begin with"),
    "yes_no": gettext_lazy("Write yes or no"),
    "website": gettext_lazy("This is not the address of a website"),
    "unstorable": gettext_lazy("This contains a character that cannot be saved"),
    "number": gettext_lazy("This is not such a number"),
    "two": gettext_lazy("These numbers belong to two organisations of the register"),
    "columns": gettext_lazy("This row has more cells than the headings"),
}


class UnreadableFile(Exception):
    """The file as a whole cannot be taken. ``str()`` is fit to be shown."""


@dataclass
class Row:
    """One row: its ``line`` in the file, its values by field, its numbers by scheme.

    ``problems`` is the code of a problem (``PROBLEMS``) by field or scheme. ``match`` is the id of
    the organisation that it is; ``first`` the line of the same one earlier in the file.
    """

    line: int
    values: dict[str, Any] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    verdict: str = Verdict.NEW
    match: int | None = None
    first: int | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Sheet:
    """A file that was read: its rows, checked, and the headings that we did not know."""

    rows: list[Row]
    ignored: list[str]


def column_label(column: str) -> str:
    """The heading of a field or scheme."""
    if column in HEADINGS:
        return str(HEADINGS[column])
    return f"{Scheme(column).label} ({column})" if column in Scheme.values else column


def columns() -> list[str]:
    """All columns of the file to begin with, in its order."""
    return [*HEADINGS, *Scheme.values]


def _headings() -> dict[str, str]:
    """Column by heading: the name of the field, and its words in English and in this language."""
    found = {column.casefold(): column for column in columns()}
    for language in ("en-gb", translation.get_language() or "en-gb"):
        with translation.override(language):
            for column in columns():
                found[column_label(column).casefold()] = column
                if column in Scheme.values:
                    found[str(Scheme(column).label).casefold()] = column
    return found


def _choices(choices: Any) -> dict[str, str]:
    found = {str(value).casefold(): str(value) for value in choices.values}
    for language in ("en-gb", translation.get_language() or "en-gb"):
        with translation.override(language):
            found |= {str(label).casefold(): str(value) for value, label in choices.choices}
    return found


def read(content: bytes) -> Sheet:
    """The rows of a file, each with what is wrong with it. Errors: ``UnreadableFile``."""
    table = _table(_text(content))
    try:
        titles = next(table)
    except (StopIteration, csv.Error):
        raise UnreadableFile(_("There is nothing in this file.")) from None
    known = _headings()
    mapped = [known.get(" ".join(title.split()).casefold()) for title in titles]
    twice = {column for column in mapped if column and mapped.count(column) > 1}
    if twice:
        names = ", ".join(sorted(column_label(column) for column in twice))
        raise UnreadableFile(_("These headings stand there twice: %(names)s") % {"names": names})
    if missing := [column for column in ("name", "kind") if column not in mapped]:
        names = ", ".join(column_label(column) for column in missing)
        raise UnreadableFile(_("These headings are missing: %(names)s") % {"names": names})
    ignored = [title[:80] for title, column in zip(titles, mapped, strict=True) if not column]
    return Sheet(_rows(table, mapped), [title for title in ignored if title.strip()][:50])


def _text(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise UnreadableFile(_("This file is too big. The most is 2 MB."))
    if b"\0" in content:
        raise UnreadableFile(_("This is not a CSV file. In your spreadsheet, save it as CSV."))
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile(_("We cannot read the letters of this file. Save it as CSV UTF-8."))


def _table(text: str) -> Any:
    """The cells; the sign between them is the commonest of three in the headings."""
    first = text.lstrip().split("\n", 1)[0]
    sign = max(",;\t", key=first.count)
    return csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=sign)


def _rows(table: Any, mapped: list[str | None]) -> list[Row]:
    rows: list[Row] = []
    choices = {name: _choices(one) for name, one in CHOICES.items()}
    try:
        for cells in table:
            if not any(cell.strip() for cell in cells):
                continue
            if len(rows) == MOST_ROWS:
                raise UnreadableFile(
                    _("This file has too many rows. The most is %(most)s.")
                    % {"most": f"{MOST_ROWS:,}"}
                )
            rows.append(_row(table.line_num, cells, mapped, choices))
    except csv.Error:
        raise UnreadableFile(
            _("We cannot read this file beyond line %(line)s.") % {"line": table.line_num}
        ) from None
    if not rows:
        raise UnreadableFile(_("There is no organisation below the headings."))
    return rows


def _row(
    line: int, cells: list[str], mapped: list[str | None], choices: Mapping[str, dict[str, str]]
) -> Row:
    row = Row(line)
    if any(cell.strip() for cell in cells[len(mapped) :]):
        row.problems["name"] = "columns"
    for column, cell in zip(mapped, cells, strict=False):
        if column in HEADINGS:
            _take_value(row, str(column), _cell(cell), choices)
        elif column:
            _take_number(row, column, _cell(cell))
    for column in ("name", "kind"):
        if not row.values.get(column):
            row.problems.setdefault(column, "missing")
    if row.problems:
        row.verdict = Verdict.FAULTY
    return row


def _cell(text: str) -> str:
    """A cell without the apostrophe that our own exports put before what looks like a formula."""
    text = text.strip()
    return text[1:] if text[:1] == "'" and text[1:2] in {"=", "+", "-", "@"} else text


def _take_value(row: Row, column: str, text: str, choices: Mapping[str, dict[str, str]]) -> None:
    try:
        validate_storable(text)
    except ValidationError:
        row.problems[column] = "unstorable"
        return
    row.values[column] = text[:4000]
    if column in choices:
        value = choices[column].get(text.casefold())
        if value is None and text:
            row.problems[column] = "choice"
        row.values[column] = value if value is not None else text[:100]
    elif column == "is_first_timer":
        if text.casefold() not in YES | NO:
            row.problems[column] = "yes_no"
        row.values[column] = text.casefold() in YES
    elif len(text) > LENGTHS[column]:
        row.problems[column] = "long"
    elif column == "website" and text:
        _take_website(row, text)
    elif column in {"name", "place"}:
        row.values[column] = " ".join(text.split())


def _take_website(row: Row, text: str) -> None:
    address = text if "://" in text else f"https://{text}"
    try:
        URLValidator(schemes=["http", "https"])(address)
        row.values["website"] = address
        if len(address) > LENGTHS["website"]:
            row.problems["website"] = "long"
    except ValidationError:
        row.problems["website"] = "website"


def _take_number(row: Row, scheme: str, text: str) -> None:
    if not text:
        return
    try:
        validate_storable(text)
        row.numbers[scheme] = identifiers.normalise(scheme, text)
    except ValidationError:
        row.numbers[scheme] = text[: identifiers.LONGEST].replace("\0", "")
        row.problems[scheme] = "number"


def compare(rows: Iterable[Row]) -> None:
    """Say of each sound row whether it is new, known, or twice in the file. Reads in chunks."""
    sound = [row for row in rows if not row.problems]
    by_number = _numbers_held(sound)
    by_name = _names_held(sound)
    earlier: dict[Any, int] = {}
    for row in sound:
        found = {by_number[key] for key in row.numbers.items() if key in by_number}
        if len(found) > 1:
            row.verdict = Verdict.FAULTY
            row.problems = dict.fromkeys(
                [scheme for scheme, value in row.numbers.items() if (scheme, value) in by_number],
                "two",
            )
            continue
        match = found.pop() if found else by_name.get(_name_of(row))
        keys = [*row.numbers.items(), _name_of(row), *([match] if match else [])]
        row.first = next((earlier[key] for key in keys if key in earlier), None)
        row.match = match
        row.verdict = Verdict.MATCH if match else Verdict.NEW
        if row.first is not None:
            row.verdict = Verdict.REPEAT
        for key in keys:
            earlier.setdefault(key, row.line)


def _name_of(row: Row) -> tuple[str, str]:
    return name_key(row.values["name"]), row.values.get("nation", "")


def _numbers_held(rows: list[Row]) -> dict[tuple[str, str], int]:
    wanted = sorted({value for row in rows for value in row.numbers.values()})
    held = {}
    for start in range(0, len(wanted), CHUNK):
        found = OrganisationIdentifier.objects.filter(value__in=wanted[start : start + CHUNK])
        for scheme, value, pk in found.values_list("scheme", "value", "organisation_id"):
            held[scheme, value] = pk
    return held


def _names_held(rows: list[Row]) -> dict[tuple[str, str], int]:
    """The oldest organisation of each name and nation."""
    wanted = sorted({_name_of(row)[0] for row in rows})
    held: dict[tuple[str, str], int] = {}
    for start in range(0, len(wanted), CHUNK):
        found = Organisation.objects.filter(name_key__in=wanted[start : start + CHUNK])
        for key, nation, pk in found.order_by("id").values_list("name_key", "nation", "pk"):
            held.setdefault((key, nation), pk)
    return held
