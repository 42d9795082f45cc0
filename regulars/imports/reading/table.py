"""A file as a table: its header, and its records one after the other, judged and repaired."""

import io
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from regulars.imports.reading import closing, magic, repair, workbook
from regulars.imports.reading import delimiter as delimiters
from regulars.imports.reading import encoding as encodings
from regulars.imports.reading import header as headers
from regulars.imports.reading.limits import CannotRead, Limits
from regulars.imports.reading.profile import TableProfile
from regulars.imports.reading.shapes import is_blank
from regulars.imports.reading.splitting import (
    Budget,
    Fits,
    Line,
    Split,
    physical_lines,
    split,
)

SAMPLE_ROWS = 1_000
COUNTED = 5_000
"""Tables of up to so many records are counted when they are opened, unless they are long."""
_SAMPLE_LINES = 300
_SAMPLE_CHARS = 500_000
_SAMPLE_CELLS = 40_000
_LOOKED_AT = 2_000_000


@dataclass(slots=True)
class Record:
    """One data record. `number` counts records from 1, `line` is the physical line it starts on.

    A record with a `problem` (a sentence) is not to be used; `repaired` says what was put right.
    `column` is the index of the troubled column, when one is known.
    """

    number: int
    line: int
    cells: list[str]
    text: str
    problem: str | None = None
    repaired: str | None = None
    column: int | None = None


@dataclass(frozen=True)
class How:
    """What a person decided about reading the file; None is "guess"."""

    encoding: str | None = None
    delimiter: str | None = None
    has_header: bool | None = None
    sheet: str | None = None


@dataclass
class Table:
    """An opened file, of which only the beginning was read.

    `sample` are its first records, judged; `rows` is how many it has, exactly when `counted`, else
    about. `records()` reads the whole file from the start each time and keeps nothing.
    """

    path: Path
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    has_header: bool
    limits: Limits
    profile: TableProfile
    sample: tuple[Record, ...] = ()
    rows: int = 0
    counted: bool = False
    empty_rows: int = 0
    _first_line: int = 0
    _trailing_gaps: bool = False
    _ends_with_marks: bool = False
    _sheet: workbook.Sheet | None = field(default=None, repr=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Drop what was unpacked to read a workbook."""
        if self._sheet is not None:
            self._sheet.close()

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.header)

    @property
    def is_workbook(self) -> bool:
        """Whether the rows come from an Excel sheet."""
        return self._sheet is not None

    @property
    def is_sample_all(self) -> bool:
        """Whether the sample holds every record."""
        return self.counted and len(self.sample) == self.rows

    def records(self) -> Iterator[Record]:
        """Every data record, the rejected ones among them; rows of empty cells are only counted."""
        for number, found in self._data():
            yield self._judged(found, number)

    def _data(self, budget: Budget | None = None) -> Iterator[tuple[int, Split]]:
        self.empty_rows = 0
        number = 0
        for found in self._splits(self.width, self.profile.looks_like_a_row, budget):
            if found.line < self._first_line:
                continue
            if found.problem is None and all(is_blank(cell) for cell in found.cells):
                self.empty_rows += 1
                continue
            number += 1
            yield number, found

    def _splits(
        self, width: int | None = None, fits: Fits | None = None, budget: Budget | None = None
    ) -> Iterator[Split]:
        """The rows of the file; with a budget only its beginning."""
        if self._sheet is not None:
            yield from self._sheet.rows(budget)
            return
        with _text(self.path, self.encoding) as stream:
            lines = physical_lines(stream, limits=self.limits)
            yield from split(
                lines,
                delimiter=self.delimiter,
                limits=self.limits,
                width=width,
                fits=fits,
                budget=budget,
            )

    def _lines(self) -> int:
        """How many lines the file has, or rows the sheet, about."""
        if self._sheet is not None:
            return self._sheet.height
        newlines = returns = 0
        with self.path.open("rb") as stream:
            while piece := stream.read(1 << 20):
                newlines += piece.count(b"\n")
                returns += piece.count(b"\r")
        return newlines or returns

    def _judged(self, found: Split, number: int) -> Record:
        record = Record(
            number,
            found.line,
            found.cells,
            found.text[: self.limits.field_chars],
            found.problem,
            found.repaired,
            found.column,
        )
        if record.problem is None:
            self._judge_letters(record)
        if record.problem is None:
            self._judge_width(record)
        if record.problem is None and self.has_header and record.cells == list(self.header):
            record.problem = "The row repeats the headings."
        if record.problem is None and closing.sums_up(record.cells):
            record.problem = "The row sums up the table and is no record of its own."
        if record.problem is not None or "\x00" in record.text:
            record.text = encodings.printable(record.text)
            record.cells = [encodings.printable(cell) for cell in record.cells]
        return record

    def _judge_letters(self, record: Record) -> None:
        if "\x00" in record.text:
            record.problem = "The row contains a NUL character, which no text has."
            record.column = _first(record.cells, _has_null)
            return
        if not encodings.is_broken(record.text):
            return
        column = _first(record.cells, encodings.is_broken)
        mended = encodings.mended(record.text) if self.encoding.startswith("utf-8") else None
        if mended is None:
            record.problem = f"The row has bytes that are no letters in {self.encoding.upper()}."
            record.column = column
            return
        record.cells = [encodings.mended(cell) or cell for cell in record.cells]
        record.text = mended
        named = f" in {self.header[column]}" if column is not None and column < self.width else ""
        record.repaired = f"Letters{named} written in Windows-1252 were read as such."

    def _judge_width(self, record: Record) -> None:
        cells = record.cells
        if len(cells) == self.width:
            return
        if len(cells) > self.width and self._only_marks(cells):
            del cells[self.width :]
            return
        if len(cells) < self.width:
            if self._trailing_gaps or self.is_workbook:
                cells.extend([""] * (self.width - len(cells)))
                return
            noun = "column" if len(cells) == 1 else "columns"
            record.problem = f"The row has {len(cells)} {noun}, the table {self.width}."
            return
        joined = repair.join_neighbours(cells, profile=self.profile, delimiter=self.delimiter)
        if joined is None:
            record.problem = (
                f"The row has {len(cells)} columns, the table {self.width}; "
                "there is no one clear way to put them together."
            )
            return
        record.cells = joined.cells
        record.repaired = repair.sentence(joined, self.header, self.delimiter)

    def _only_marks(self, cells: list[str]) -> bool:
        """Whether what exceeds the width is nothing but delimiters at the end of the line."""
        if any(cell.strip() for cell in cells[self.width :]):
            return False
        return self._ends_with_marks or self.profile.looks_like_a_row(cells[: self.width])


def open_table(path: Path, *, how: How | None = None, limits: Limits | None = None) -> Table:
    """Open a file for reading, everything not decided in `how` guessed.

    Raises CannotRead, with a sentence, for what is too big, a bomb, or no table.
    """
    how, limits = how or How(), limits or Limits()
    if magic.is_workbook(path, limits=limits):
        sheet = workbook.Sheet(path, how.sheet, limits=limits)
        table = Table(path, "utf-8", "\t", (), False, limits, TableProfile(0), _sheet=sheet)
        try:
            return _understood(table, how)
        except CannotRead:
            table.close()
            raise
    encoding = encodings.encoding_of(path)
    if how.encoding and not encoding.startswith(how.encoding):
        encoding = encodings.chosen(how.encoding)
    with _text(path, encoding) as stream:
        lines = list(_sample_lines(stream, limits))
    first = lines[0].text if lines else ""
    sign = how.delimiter or delimiters.declared(first)
    if sign is None:
        sign = delimiters.guess_delimiter(lines, limits=limits)
    if len(sign) != 1 or sign in '"\r\n ':
        raise CannotRead("A delimiter is one sign, such as a comma, a semicolon or a tab.")
    return _understood(Table(path, encoding, sign, (), False, limits, TableProfile(0)), how)


def _text(path: Path, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(
        path.open("rb"), encoding=encoding, errors=encodings.KEEP_BYTES, newline=""
    )


def _sample_lines(stream: TextIO, limits: Limits) -> Iterator[Line]:
    size = 0
    for line in itertools.islice(physical_lines(stream, limits=limits), _SAMPLE_LINES):
        size += len(line.text)
        yield line
        if size > _SAMPLE_CHARS:
            return


def _understood(table: Table, how: How) -> Table:
    """Find the header, the width and the columns' habits from the first rows."""
    budget = Budget(_LOOKED_AT)
    splits = [
        found
        for found in _some(table._splits(budget=budget))
        if not (found.line == 1 and delimiters.declared(found.text))
    ]
    rows = [found.cells for found in splits]
    start = headers.first_row(rows)
    rows, splits = rows[start:], splits[start:]
    if not rows and budget.spent:
        raise CannotRead("The file begins with too many empty lines. Remove them.")
    if not rows:
        raise CannotRead("The file has no rows. Nothing was imported.")
    table.has_header = headers.names_columns(rows) if how.has_header is None else how.has_header
    if splits[0].problem and (table.has_header or splits[0].column is None):
        raise CannotRead(f"The first row cannot be read. {splits[0].problem}")
    table.header = _header(rows, table.has_header)
    table._first_line = splits[0].line + table.has_header
    _learn(table, rows[1:] if table.has_header else rows)
    _sample(table)
    return table


def _sample(table: Table) -> None:
    """Judge the first records, then count on for a while."""
    budget = Budget(_LOOKED_AT)
    room = _Room()
    sample: list[Record] = []
    line = 0
    for number, found in table._data(budget):
        line = found.line
        if not room.full:
            room.take(found)
            sample.append(table._judged(found, number))
        table.rows = number
        if number > COUNTED:
            break
    else:
        table.counted = not budget.spent
    table.sample = tuple(sample)
    if not table.counted:
        seen = max(1, line - table._first_line + 1)
        table.rows = max(1, _about(table.rows * table._lines() // seen))


def _about(number: int) -> int:
    """Two digits of it: 287,311 is about 290,000."""
    return round(number, 2 - len(str(number)))


def _header(rows: Sequence[Sequence[str]], has_header: bool) -> tuple[str, ...]:
    usual = headers.usual_width(rows[1:] or rows)
    if not has_header:
        return tuple(f"Column {number}" for number in range(1, usual + 1))
    named = [encodings.printable(cell).strip() for cell in rows[0]]
    same = sum(len(cells) == usual for cells in rows[1:])
    filled = any(not is_blank(cell) for cells in rows[1:] for cell in cells[len(named) :])
    if usual > len(named) and filled and same >= len(rows[1:]) * 0.9 and len(rows) > 2:
        named += [""] * (usual - len(named))
    while (
        len(named) > 1
        and not named[-1]
        and all(is_blank(cell) for cells in rows[1:] for cell in cells[len(named) - 1 :])
    ):
        named.pop()
    return tuple(name or f"Column {at}" for at, name in enumerate(named, start=1))


def _learn(table: Table, rows: Sequence[list[str]]) -> None:
    width = table.width
    marked = [cells for cells in rows if len(cells) > width and not any(cells[width:])]
    table._ends_with_marks = len(marked) > len(rows) * 0.5
    whole = [cells for cells in rows if len(cells) == width]
    if table._ends_with_marks:
        whole += [cells[:width] for cells in marked]
    table.profile = TableProfile(width)
    table.profile.learn(whole)
    short = [cells for cells in rows if 1 < len(cells) < width]
    table._trailing_gaps = len(short) >= 5 and len(short) >= len(rows) * 0.2


def _first(cells: Sequence[str], holds: Callable[[str], bool]) -> int | None:
    return next((column for column, cell in enumerate(cells) if holds(cell)), None)


def _has_null(text: str) -> bool:
    return "\x00" in text


class _Room:
    """How many rows a sample may still hold: bounded by rows, characters and cells."""

    def __init__(self) -> None:
        self.rows, self.chars, self.cells = SAMPLE_ROWS, _SAMPLE_CHARS, _SAMPLE_CELLS

    @property
    def full(self) -> bool:
        return min(self.rows, self.chars, self.cells) <= 0

    def take(self, row: Split) -> None:
        self.rows -= 1
        self.chars -= len(row.text)
        self.cells -= len(row.cells)


def _some(rows: Iterator[Split]) -> Iterator[Split]:
    """The first rows, as many as a sample may hold."""
    room = _Room()
    for row in rows:
        room.take(row)
        yield row
        if room.full:
            return
