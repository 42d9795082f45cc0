"""Cells that leave the house: no spreadsheet may run one as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

BOM = "\ufeff"
_RUN = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def guarded(cell: str) -> str:
    """With an apostrophe before what a spreadsheet would run; plain numbers stay as they are."""
    if cell.startswith(_RUN) and not cell[1:].replace(" ", "").replace("-", "").isdecimal():
        return "'" + cell
    return cell


def line(cells: Sequence[str]) -> str:
    """One line of a CSV file as every program reads it: all quoted, CRLF."""
    stream = io.StringIO()
    csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(cells)
    return stream.getvalue()


def is_formula(value: str) -> bool:
    """Whether a spreadsheet would run the value: ``=1+1``, ``@SUM(A1)``, ``+cmd|…``."""
    if value[:1] in ("=", "＝"):
        return True
    return (
        value[:1] in ("@", "+", "-", "＠", "＋", "－")
        and bool(re.search(r"[(|!]", value[1:]))
        and bool(re.match(r".\s*[A-Za-z_]", value))
    )
