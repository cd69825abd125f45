"""Exports: harmless in a spreadsheet, readable, and streamed."""

import openpyxl
import pytest

from core.exports import csv_lines, harmless, write_xlsx
from partners.models import Organisation

FORMULAS = [
    "=1+1",
    "+1",
    "-1+2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1",
    "\n=1",
    "\u00a0=1",
    "\v-1",
    "＝1+1",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_could_run_is_made_harmless(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("value", ["plain", "a=b", -5, 3.5, None, ""])
def test_everything_else_stays_as_it_is(value):
    assert harmless(value) == value


def test_name_of_a_model_in_a_cell_is_made_harmless():
    assert harmless(Organisation(name="=1+1")) == "'=1+1"


def test_csv_has_a_byte_order_mark_and_one_line_a_row():
    assert list(csv_lines(["Name"], [["Café"], ["=1"]])) == [
        "\ufeffName\r\n",
        "Café\r\n",
        "'=1\r\n",
    ]


def test_xlsx_holds_text_as_text(tmp_path):
    path = tmp_path / "book.xlsx"
    write_xlsx(
        str(path), [("Projects", ["Name", "Places"], [["=1+1", 4], ["https://x.org", None]])]
    )
    sheet = openpyxl.load_workbook(path)["Projects"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["Name", "Places"],
        ["=1+1", 4],
        ["https://x.org", None],
    ]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s", "n"}
    # A date in words fits each column, or a spreadsheet program would show "####".
    assert [sheet.column_dimensions[letter].width for letter in "AB"] == [
        pytest.approx(36, abs=1),
        pytest.approx(18, abs=1),
    ]
