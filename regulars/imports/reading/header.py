"""Where the table begins: title lines above it, and whether its first row names the columns."""

from collections import Counter
from collections.abc import Sequence

from regulars.imports.reading.headings import is_heading
from regulars.imports.reading.shapes import Shape, is_blank, shape_of

_VALUES = {Shape.EMAIL, Shape.URL, Shape.DATE, Shape.PHONE, Shape.NUMBER, Shape.DIGITS}


def usual_width(rows: Sequence[Sequence[str]]) -> int:
    """The number of cells most rows have; the larger on a tie."""
    counts = Counter(len(cells) for cells in rows)
    return max(counts, key=lambda width: (counts[width], width)) if counts else 0


def first_row(rows: Sequence[Sequence[str]]) -> int:
    """The index of the table's first row: titles and remarks above it fill few cells."""
    width = usual_width(rows)
    if width < 3:
        return 0
    for index, cells in enumerate(rows[:15]):
        filled = sum(not is_blank(cell) for cell in cells)
        if filled >= max(2, min(width, len(cells)) * 0.5):
            return index
    return 0


def names_columns(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row holds headings rather than the first values."""
    if not rows:
        return False
    first, rest = rows[0], rows[1:]
    filled = [cell for cell in first if not is_blank(cell)]
    if not filled:
        return False
    values = sum(shape_of(cell) in _VALUES for cell in filled)
    known = sum(is_heading(cell) for cell in filled)
    if known and known >= values:
        return known >= 2 or known >= len(filled) * 0.3 or not values
    if values:
        return False
    return _unlike_the_rest(first, rest) or (not rest and all(len(cell) <= 40 for cell in filled))


def _unlike_the_rest(first: Sequence[str], rest: Sequence[Sequence[str]]) -> bool:
    """Some column holds numbers, dates or addresses everywhere but in its first cell."""
    for column, cell in enumerate(first):
        below = [row[column] for row in rest[:200] if column < len(row)]
        shapes = [shape_of(one) for one in below if not is_blank(one)]
        enough = len(shapes) >= 2 or Shape.EMAIL in shapes
        if enough and sum(shape in _VALUES for shape in shapes) >= len(shapes) * 0.9:
            return shape_of(cell) not in _VALUES
    return False
