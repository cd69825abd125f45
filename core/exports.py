"""CSV and Excel, streamed, with every cell harmless in a spreadsheet."""

import csv
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import xlsxwriter
from django.http import FileResponse, StreamingHttpResponse

T = TypeVar("T")

# A cell that starts with one of these is run as a formula by common spreadsheet programs.
# Programs for East Asian text read the full-width signs as the narrow ones.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(value: Any) -> Any:
    """``value``, with a leading apostrophe where text could be read as a formula.

    Whatever is no number or day is looked at as the text that it is written as: a model in a cell
    is written as its name, which somebody typed.
    """
    if value is None or isinstance(value, bool | int | float | Decimal | date):
        return value
    text = str(value)
    is_formula = text.startswith(_FORMULA_STARTS) or text.lstrip().startswith(_FORMULA_STARTS)
    return f"'{text}" if is_formula else text


def pieces(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """``items`` in lists of ``size``, the last one shorter, read as they are asked for."""
    reader = iter(items)
    while piece := list(islice(reader, size)):
        yield piece


class _Echo:
    def write(self, text: str) -> str:
        return text


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The lines of a CSV file, a line at a time, with a byte-order mark so that Excel reads it."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow([harmless(cell) for cell in header])
    for row in rows:
        yield writer.writerow([harmless(cell) for cell in row])


def csv_response(
    filename: str, header: Sequence[str], rows: Iterable[Sequence[Any]]
) -> StreamingHttpResponse:
    """A download of ``rows``; memory does not grow with them."""
    response = StreamingHttpResponse(
        csv_lines(header, rows), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def write_xlsx(
    path: str, sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Any]]]]
) -> None:
    """Write an Excel file of ``(sheet name, header, rows)`` at ``path`` in constant memory.

    Text is written as text: nothing becomes a formula or a link.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "remove_timezone": True,
        "default_date_format": "d mmmm yyyy",
    }
    with xlsxwriter.Workbook(path, options) as book:
        bold = book.add_format({"bold": True})
        for name, header, rows in sheets:
            sheet = book.add_worksheet(name[:31])
            sheet.freeze_panes(1, 0)
            for column, title in enumerate(header):
                sheet.set_column(column, column, _width(column, str(title)))
                sheet.write_string(0, column, str(title), bold)
            for number, row in enumerate(rows, start=1):
                for column, cell in enumerate(row):
                    _write_cell(sheet, number, column, cell)


def _width(column: int, title: str) -> int:
    """Letters that fit a column: the first one holds names, and any can hold a date in words.

    What the cells hold is not known yet: in constant memory widths come before rows.
    """
    return max(36 if column == 0 else 18, min(len(title) + 2, 36))


def xlsx_response(
    filename: str, sheet: str, header: Sequence[str], rows: Iterable[Sequence[Any]]
) -> FileResponse:
    """A download of one sheet, for lists that are short by nature; long ones are report runs."""
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        write_xlsx(file.name, [(sheet, header, rows)])
        content = BytesIO(Path(file.name).read_bytes())
    return FileResponse(
        content,
        as_attachment=True,
        filename=filename,
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )


def _write_cell(sheet: Any, row: int, column: int, cell: Any) -> None:
    if cell is None:
        sheet.write_blank(row, column, None)
    elif isinstance(cell, str):
        sheet.write_string(row, column, cell)
    elif isinstance(cell, bool | int | float) or hasattr(cell, "isoformat"):
        sheet.write(row, column, cell)
    else:
        sheet.write_string(row, column, str(cell))
