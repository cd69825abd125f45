"""From the frozen figures to files."""

import hashlib
import logging
from collections.abc import Callable
from pathlib import Path

from django.template.loader import render_to_string

from core.exports import csv_lines, write_xlsx

from .enums import FileKind
from .models import ReportRun
from .registry import ReportKind

# They say hundreds of lines about each PDF, from the moment they are imported.
for _name in ("weasyprint.progress", "fontTools"):
    logging.getLogger(_name).setLevel(logging.WARNING)

Renderer = Callable[[ReportKind, ReportRun, Path], None]


def render_html(kind: ReportKind, run: ReportRun) -> str:
    """The page that the PDF is made from, in the language that is active."""
    figures = run.figures or {}
    context = {"kind": kind, "run": run, "figures": figures, "charts": kind.charts(figures)}
    return render_to_string(kind.template, context)


def _write_pdf(kind: ReportKind, run: ReportRun, path: Path) -> None:
    # Takes two seconds to import, and is needed in a worker only.
    from .pdf import write_pdf

    write_pdf(render_html(kind, run), path)


def _write_xlsx(kind: ReportKind, run: ReportRun, path: Path) -> None:
    write_xlsx(str(path), kind.sheets(run.figures or {}))


def _write_csv(kind: ReportKind, run: ReportRun, path: Path) -> None:
    """The first sheet: a CSV file holds one table."""
    _name, header, rows = kind.sheets(run.figures or {})[0]
    with path.open("w", encoding="utf-8", newline="") as target:
        target.writelines(csv_lines(header, rows))


def _write_docx(kind: ReportKind, run: ReportRun, path: Path) -> None:
    """A heading and a table for each sheet."""
    from docx import Document

    document = Document()
    document.core_properties.title = str(kind.title)
    document.add_heading(str(kind.title), level=0)
    for name, header, rows in kind.sheets(run.figures or {}):
        document.add_heading(name, level=1)
        table = document.add_table(rows=1, cols=len(header), style="Table Grid")
        for cell, title in zip(table.rows[0].cells, header, strict=True):
            cell.text = str(title)
        for row in rows:
            for cell, value in zip(table.add_row().cells, row, strict=True):
                cell.text = "" if value is None else str(value)
    document.save(str(path))


RENDERERS: dict[FileKind, Renderer] = {
    FileKind.PDF: _write_pdf,
    FileKind.XLSX: _write_xlsx,
    FileKind.CSV: _write_csv,
    FileKind.DOCX: _write_docx,
}


def render(kind: ReportKind, run: ReportRun, file_kind: FileKind, path: Path) -> tuple[int, str]:
    """Write one file of ``run`` to ``path``; returns its size in bytes and its SHA-256."""
    RENDERERS[file_kind](kind, run, path)
    with path.open("rb") as written:
        return path.stat().st_size, hashlib.file_digest(written, "sha256").hexdigest()
