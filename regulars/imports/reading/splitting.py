"""Delimited text into records, so that an open quote never spoils more than its own record."""

import re
import sys
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TextIO

from regulars.imports.reading.limits import Limits


@dataclass(slots=True)
class Split:
    """One record as the file has it. `line` is the physical line where it starts, from 1.

    `column` is the place of the trouble, from 0, when it has one.
    """

    line: int
    cells: list[str]
    text: str
    problem: str | None = None
    column: int | None = None
    repaired: str | None = None


@dataclass(slots=True)
class Line:
    """One physical line without its ending."""

    number: int
    text: str
    ending: str
    cut: bool = False


class _Open(Exception):
    """The text ended inside quotes."""


class _Misquoted(Exception):
    """Something follows a closing quote that does not belong there."""


@dataclass(slots=True)
class Budget:
    """How many characters may still be looked at; what is looked at twice counts twice."""

    chars: int

    @property
    def spent(self) -> bool:
        return self.chars <= 0


PER_LINE = 16
"""What a line costs beside its characters, so that a million empty ones cost something too."""
PER_FIT = 4
"""How much dearer it is to ask of a line whether it looks like a row."""

Fits = Callable[[list[str]], bool]
"""Whether these cells look like a row of the table."""


@lru_cache(maxsize=32)
def _patterns(delimiter: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    mark = re.escape(delimiter)
    spaces = "" if delimiter == "\t" else " *"
    opening = re.compile(f'{spaces}"')
    closing = re.compile(f'" *(?:{mark}|$)' if delimiter != "\t" else f'"(?:{mark}|$)')
    return opening, closing


_QUOTED = re.compile('(?>[^"]+|"")*+')


def physical_lines(stream: TextIO, *, limits: Limits) -> Iterator[Line]:
    """Lines ending in LF, CR LF or CR, mixed as they come; what exceeds the limit is dropped."""
    number = 0
    while piece := stream.readline(limits.record_chars):
        number += 1
        cut = False
        while not piece.endswith(("\n", "\r")):
            more = stream.readline(limits.record_chars)
            if not more:
                break
            cut = True
            if more.endswith(("\n", "\r")):
                break
        text = piece.rstrip("\r\n") if not cut else piece
        yield Line(number, text, piece[len(text) :], cut)


def split(
    lines: Iterator[Line],
    *,
    delimiter: str,
    limits: Limits,
    width: int | None = None,
    fits: Fits | None = None,
    budget: Budget | None = None,
) -> Iterator[Split]:
    """Every record that is not a blank line. `width` and `fits` help to tell a text with line
    breaks from a quote that was never closed. Ends early when the budget is spent, but not before
    the first record."""
    splitter = _Splitter(lines, delimiter, limits, width, fits, budget or Budget(sys.maxsize))
    first = True
    while (line := splitter.take()) is not None:
        record = splitter.record(line)
        if splitter.budget.spent and not (first and record is not None):
            return
        if record is not None:
            first = False
            yield record


class _Splitter:
    def __init__(
        self,
        lines: Iterator[Line],
        delimiter: str,
        limits: Limits,
        width: int | None,
        fits: Fits | None,
        budget: Budget,
    ) -> None:
        self.lines = lines
        self.delimiter = delimiter
        self.limits = limits
        self.width = width
        self.fits = fits
        self.budget = budget
        self.waiting: deque[Line] = deque()
        self.after_null = False

    def take(self) -> Line | None:
        if self.budget.spent:
            return None
        line = self.waiting.popleft() if self.waiting else next(self.lines, None)
        if line is not None:
            self.budget.chars -= len(line.text) + PER_LINE
        return line

    def record(self, line: Line) -> Split | None:
        if self.after_null and line.text.startswith("\x00"):
            # The second half of a two-byte line ending: it belongs to the record before.
            line.text = line.text[1:]
        self.after_null = "\x00" in line.text
        repaired = None
        if line.text.startswith("\ufeff"):
            line.text = line.text.lstrip("\ufeff")
            repaired = "A byte order mark in the middle of the file was removed."
        if not line.text.strip():
            return None
        found = self._split(line)
        found.repaired = found.repaired or repaired
        return found

    def _split(self, line: Line) -> Split:
        if line.cut:
            problem = f"The line is longer than {self.limits.record_chars:,} characters."
            return Split(line.number, [], line.text[:2_000], problem)
        if '"' not in line.text:
            return self._checked(Split(line.number, line.text.split(self.delimiter), line.text))
        cells: list[str] = []
        try:
            parse(line.text, self.delimiter, cells)
        except _Misquoted:
            return self._misquoted(line, cells)
        except _Open:
            return self._several_lines(line, len(cells))
        return self._checked(Split(line.number, cells, line.text))

    def _checked(self, found: Split) -> Split:
        limits = self.limits
        if len(found.cells) > limits.columns:
            found.problem = (
                f"The row has {len(found.cells):,} columns; at most {limits.columns:,} are read."
            )
            found.cells = found.cells[:20]
        elif len(found.text) > limits.field_chars:
            for column, cell in enumerate(found.cells):
                if len(cell) > limits.field_chars:
                    found.problem = (
                        f"A cell holds {len(cell):,} characters; "
                        f"at most {limits.field_chars:,} are read."
                    )
                    found.column = column
                    found.cells = [one[:200] for one in found.cells]
                    break
        return found

    def _misquoted(self, line: Line, cells: list[str]) -> Split:
        column = len(cells)
        kept = loosely(line.text, self.delimiter)
        if kept is None or len(kept) != self.width:
            kept = as_typed(line.text, self.delimiter)
        if kept is not None and len(kept) == self.width:
            sentence = f"A quotation mark inside the text of column {column + 1} was kept as typed."
            return self._checked(Split(line.number, kept, line.text, repaired=sentence))
        problem = (
            "Text follows a closing quotation mark; a quotation mark inside a text is doubled."
        )
        return Split(line.number, literally(line.text, self.delimiter), line.text, problem, column)

    def _several_lines(self, first: Line, column: int) -> Split:
        """A quote is open at the end of the line: a text with line breaks, or a forgotten quote."""
        taken = [first]
        size = len(first.text)
        while (line := self.take()) is not None:
            taken.append(line)
            size += len(line.text) + 1
            if line.cut or size > self.limits.record_chars:
                break
            inside = _QUOTED.match(line.text)
            end = inside.end() if inside else 0
            if end == len(line.text):
                if size > self.limits.field_chars + 10_000:
                    break
                continue
            if not _patterns(self.delimiter)[1].match(line.text, end):
                break
            try:
                joined = self._joined(taken)
            except _Misquoted:
                break
            if joined is None:
                continue
            if self._is_one_record(joined, taken):
                return self._checked(joined)
            break
        self.waiting.extendleft(reversed(taken[1:]))
        problem = "A quotation mark is opened in this row and never closed."
        return Split(
            first.number, literally(first.text, self.delimiter), first.text, problem, column
        )

    def _joined(self, taken: list[Line]) -> Split | None:
        text = "".join(one.text + one.ending for one in taken[:-1]) + taken[-1].text
        self.budget.chars -= len(text)
        cells: list[str] = []
        try:
            parse(text, self.delimiter, cells)
        except _Open:
            if len(cells) > self.limits.columns:
                raise _Misquoted from None
            return None
        return Split(taken[0].number, cells, text)

    def _is_one_record(self, joined: Split, taken: list[Line]) -> bool:
        if self.width is None:
            return True
        self.budget.chars -= len(joined.text) * PER_FIT
        middle = [self._alone(line) for line in taken[1:-1]]
        if len(joined.cells) != self.width:
            alone = any(cells and len(cells) == self.width > 1 for cells in middle)
            ends = [len(literally(taken[end].text, self.delimiter)) for end in (0, -1)]
            return not alone and not (ends == [self.width, self.width] and self.width > 1)
        if self.fits is None:
            return True
        if any(cells and self.fits(cells) for cells in middle):
            return False
        first, last = (literally(taken[end].text, self.delimiter) for end in (0, -1))
        return bool(middle) or not (self.fits(first) and self.fits(last))

    def _alone(self, line: Line) -> list[str] | None:
        cells: list[str] = []
        try:
            parse(line.text, self.delimiter, cells)
        except (_Open, _Misquoted):
            return None
        return cells


def parse(text: str, delimiter: str, cells: list[str]) -> None:
    """Append the cells of one record's text; `cells` keeps what was read before any trouble.

    Raises _Open when the text ends inside quotes, _Misquoted when text follows a closing quote.
    """
    opening, closing = _patterns(delimiter)
    position = 0
    while True:
        quoted = opening.match(text, position)
        if quoted is None:
            end = text.find(delimiter, position)
            if end < 0:
                cells.append(text[position:])
                return
            cells.append(text[position:end])
            position = end + 1
            continue
        start = quoted.end()
        inside = _QUOTED.match(text, start)
        end = inside.end() if inside else start
        if end == len(text):
            raise _Open
        closed = closing.match(text, end)
        if closed is None:
            raise _Misquoted
        cells.append(text[start:end].replace('""', '"'))
        if not closed.group().endswith(delimiter):
            return
        position = closed.end()


def loosely(text: str, delimiter: str) -> list[str] | None:
    """The cells when a quote closes only before a delimiter or the end; None if one stays open."""
    opening, closing = _patterns(delimiter)
    cells: list[str] = []
    position = 0
    while True:
        quoted = opening.match(text, position)
        if quoted is None:
            end = text.find(delimiter, position)
            cells.append(text[position : end if end >= 0 else len(text)])
            if end < 0:
                return cells
            position = end + 1
            continue
        closed = closing.search(text, quoted.end())
        if closed is None:
            return None
        cells.append(text[quoted.end() : closed.start()].replace('""', '"'))
        if not closed.group().endswith(delimiter):
            return cells
        position = closed.end()


def as_typed(text: str, delimiter: str) -> list[str] | None:
    """The cells when quotation marks are plain signs, if each cell opens and closes its own."""
    cells = text.split(delimiter)
    return cells if all(cell.count('"') % 2 == 0 for cell in cells) else None


def literally(text: str, delimiter: str) -> list[str]:
    """The cells when quotation marks mean nothing: what a person sees in the line."""
    return [cell.strip().strip('"') for cell in text.split(delimiter)]
