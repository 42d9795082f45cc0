"""Tables as files: CSV line by line, Excel through a temporary file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from regulars.lib import sheets

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS_PER_SHEET = 1_000_000
CELL = 32_767  # characters, by the format
CHUNK = 64 * 1024


def csv_lines(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The file's lines; no cell runs as a formula, and an import takes the guard off again."""
    yield sheets.BOM + sheets.line([sheets.guarded(heading) for heading in headings])
    for row in rows:
        yield sheets.line([sheets.guarded(cell) for cell in row])


def xlsx_chunks(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """The workbook's bytes, every cell a text; a further sheet after each million rows."""
    with tempfile.TemporaryDirectory(prefix="export-") as folder:
        path = Path(folder) / "customers.xlsx"
        _workbook(path, headings, rows)
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk


def _workbook(path: Path, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, {**options, "tmpdir": str(path.parent)}) as book:
        bold = book.add_format({"bold": True})
        sheet, at = None, 0
        for row in rows:
            if sheet is None or at > ROWS_PER_SHEET:
                sheet, at = _sheet(book, headings, bold), 1
            for column, cell in enumerate(row):
                sheet.write_string(at, column, _safe(cell)[:CELL])
            at += 1
        if sheet is None:
            _sheet(book, headings, bold)


def _safe(cell: str) -> str:
    """A text cell runs nothing; the guard is for whoever copies it into another table."""
    return f"'{cell}" if sheets.is_formula(cell) else cell


def _sheet(book: xlsxwriter.Workbook, headings: Sequence[str], bold: Any) -> Any:
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(headings) - 1, 18)
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, bold)
    return sheet
