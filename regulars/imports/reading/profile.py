"""What the well-formed rows of a table look like, so that a broken one can be judged."""

import math
from collections import Counter
from collections.abc import Sequence

from regulars.imports.reading.shapes import Shape, is_blank, shape_of

KNOWN_AT_MOST = 2_000
_SHAPES = len(Shape)
_NEW_VALUE = -1.5
"""What a value never seen costs where values repeat: little, for new ones do come."""


class ColumnProfile:
    """One column's habits: shapes, first letters, lengths, and its values when they repeat."""

    def __init__(self) -> None:
        self.seen = 0
        self.shapes: Counter[str] = Counter()
        self.starts: Counter[str] = Counter()
        self.lengths: Counter[int] = Counter()
        self.values: Counter[str] = Counter()
        self.floor = -math.inf

    def learn(self, value: str) -> None:
        """Take one value of a well-formed row into account."""
        self.seen += 1
        self.shapes[shape_of(value)] += 1
        if is_blank(value):
            return
        self.starts[_start(value)] += 1
        self.lengths[_length(value)] += 1
        if len(self.values) < KNOWN_AT_MOST or value in self.values:
            self.values[value.strip()] += 1

    @property
    def filled(self) -> int:
        """How many of the values seen were not blank."""
        return self.seen - self.shapes[Shape.BLANK]

    @property
    def repeats(self) -> bool:
        """Whether the column draws from a small set: countries, job titles, towns."""
        return self.filled >= 10 and len(self.values) <= self.filled * 0.6

    def share(self, *shapes: Shape) -> float:
        """Which part of the filled values has one of these shapes, 0–1."""
        return sum(self.shapes[one] for one in shapes) / self.filled if self.filled else 0.0

    def accepts(self, value: str, *, slack: float) -> bool:
        """Whether the value would pass among the column's own: a wrong join must look wrong."""
        return self.fit(value) >= self.floor - slack

    def fit(self, value: str) -> float:
        """How well a value suits the column: a log-likelihood, 0 at best; compare, do not read."""
        score = _log(self.shapes[shape_of(value)], self.seen, _SHAPES)
        if is_blank(value):
            return score
        score += _log(self.starts[_start(value)], self.filled, 4)
        score += _log(self.lengths[_length(value)], self.filled, 10)
        if self.repeats and value.strip() not in self.values:
            score += _NEW_VALUE
        return score


def _log(count: int, total: int, choices: int) -> float:
    return math.log((count + 0.5) / (total + 0.5 * choices))


def _start(value: str) -> str:
    first = value.strip()[0]
    if first.isdigit():
        return "digit"
    if first.isalpha():
        return "small" if first.islower() else "capital"
    return "sign"


def _length(value: str) -> int:
    return int(math.log2(len(value.strip())) * 1.5)


def _low(scores: list[float]) -> float:
    return sorted(scores)[len(scores) // 20] if scores else -math.inf


class TableProfile:
    """The habits of all columns of a table, learned from rows of the right width."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.columns = [ColumnProfile() for _ in range(width)]
        self.rows = 0
        self.leading_spaces = 0
        self.floor = -math.inf
        """The fit that all but the oddest twentieth of the well-formed rows reach."""

    def learn(self, rows: Sequence[Sequence[str]]) -> None:
        """Take rows of the right width into account, at most once."""
        for cells in rows:
            self.rows += 1
            self.leading_spaces += any(cell.startswith(" ") for cell in cells[1:])
            for column, cell in zip(self.columns, cells, strict=True):
                column.learn(cell)
        self.floor = _low([self.fit(cells) for cells in rows])
        for at, column in enumerate(self.columns):
            column.floor = _low([column.fit(cells[at]) for cells in rows])

    @property
    def starts_with_spaces(self) -> bool:
        """Whether well-formed rows have cells that begin with a space."""
        return self.leading_spaces > self.rows * 0.02

    def fit(self, cells: Sequence[str]) -> float:
        """How well a row of the right width suits the table."""
        return sum(column.fit(cell) for column, cell in zip(self.columns, cells, strict=True))

    def looks_like_a_row(self, cells: Sequence[str]) -> bool:
        """Whether these cells would pass as a row of their own."""
        if len(cells) != self.width or self.width < 2:
            return False
        if self.rows < 20:
            return self.width > 2
        return self.fit(cells) >= self.floor - 3
