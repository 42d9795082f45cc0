"""One record's cells by what they are for."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence

from regulars.imports.reading.dates import NotADate, Order, read_date, read_moment
from regulars.imports.reading.mapping import Column
from regulars.imports.reading.shapes import text_of, western_digits
from regulars.lib.sheets import is_formula


class BadRow(Exception):
    """The record cannot be used; `column` is the index of the troubled column, if one is."""

    def __init__(self, reason: str, column: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.column = column


class Several(BadRow):
    """More than one thing is wrong with the record."""

    def __init__(self, each: Sequence[BadRow]) -> None:
        super().__init__(each[0].reason, each[0].column)
        self.each = tuple(each)


class Cells:
    """Cells of one record, looked up by target. Blank words (`NULL`, `-`) count as empty."""

    def __init__(
        self,
        cells: Sequence[str],
        columns: Sequence[Column],
        *,
        date_orders: Mapping[int, Order] | None = None,
        zone: datetime.tzinfo = datetime.UTC,
    ) -> None:
        self.columns = columns
        self.date_orders = date_orders or {}
        self.zone = zone
        self.at: dict[str, list[int]] = {}
        self.texts: dict[int, str] = {}
        for index, (cell, column) in enumerate(zip(cells, columns, strict=True)):
            if column.target is None:
                continue
            text = text_of(cell.replace("\r\n", "\n").replace("\r", "\n"))
            if not text:
                continue
            if is_formula(text) and not cell.strip().startswith("'"):
                raise BadRow(f"“{text[:40]}” is a formula, not a value.", index)
            self.at.setdefault(column.target, []).append(index)
            self.texts[index] = text

    def text(self, target: str) -> str:
        """The target's text, "" when its cell is empty."""
        return next((self.texts[index] for index in self.at.get(target, ())), "")

    def column(self, target: str) -> int | None:
        """The index of the target's column when it has a text."""
        return next(iter(self.at.get(target, ())), None)

    def first_column(self, *targets: str) -> int | None:
        """The column of the first of these targets that has a text."""
        found = (self.column(target) for target in targets)
        return next((at for at in found if at is not None), None)

    def all(self, target: str) -> Iterator[tuple[int, str]]:
        """Each filled cell of a target that may have several."""
        for index in self.at.get(target, ()):
            yield index, self.texts[index]

    def moment(self, target: str) -> datetime.datetime | None:
        """An aware time; without a zone in the text it is read in the importing person's zone.

        Raises BadRow for what is no date.
        """
        index = self.column(target)
        if index is None:
            return None
        try:
            found = read_date(self.texts[index], self.date_orders.get(index, "day"))
            return found if found.tzinfo else found.replace(tzinfo=self.zone)
        except NotADate as error:
            raise BadRow(str(error), index) from error

    def day(self, target: str) -> datetime.date | None:
        """The day, when the cell names one and no time of it. Raises BadRow for what is no date."""
        index = self.column(target)
        if index is None or self.moment(target) is None:
            return None
        found = read_moment(self.texts[index], self.date_orders.get(index, "day"))
        return found.at.date() if found.is_day else None

    def number(self, target: str) -> str:
        """An identifier, with western digits."""
        return western_digits(self.text(target))
