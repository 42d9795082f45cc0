"""A row with too many cells, put together again when there is one clearly best way."""

from collections.abc import Sequence
from dataclasses import dataclass

from regulars.imports.reading.profile import TableProfile

EXTRA_AT_MOST = 6
CLEAR_LEAD = 4.0
"""By how much (log-likelihood) the best way must beat the second: about 55 to 1."""
BARE_LEAD = 7.0
"""The same where no space after the delimiter speaks for it."""
LEARNED_AT_LEAST = 5
_BARE_JOIN = -2.0
_SPACED_JOIN = -0.2
_SPACE_LEFT_ALONE = -12.0


@dataclass(frozen=True, slots=True)
class Joined:
    """The row as it was meant, and which columns were put together."""

    cells: list[str]
    columns: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Way:
    score: float
    groups: tuple[tuple[int, int], ...]


def join_neighbours(
    cells: Sequence[str], *, profile: TableProfile, delimiter: str
) -> Joined | None:
    """The one clearly best way of joining neighbouring cells to the table's width, or None.

    Evidence is how each column's values look in well-formed rows, and a cell that begins with a
    space where none ever does: the text after a comma, not a cell of its own.
    """
    extra = len(cells) - profile.width
    if not 0 < extra <= EXTRA_AT_MOST or profile.rows < LEARNED_AT_LEAST:
        return None
    best, second = _best_two(cells, extra, profile, delimiter)
    if best is None:
        return None
    lead, slack = (CLEAR_LEAD, 6.0) if _spaced(cells, best) else (BARE_LEAD, 3.0)
    if second is not None and best.score - second.score < lead:
        return None
    row = [delimiter.join(cells[start:end]) for start, end in best.groups]
    columns = tuple(at for at, (start, end) in enumerate(best.groups) if end - start > 1)
    for at in columns:
        value = _plain(cells[slice(*best.groups[at])])
        if not profile.columns[at].accepts(value, slack=slack):
            return None
    return Joined(row, columns)


def _best_two(
    cells: Sequence[str], extra: int, profile: TableProfile, delimiter: str
) -> tuple[_Way | None, _Way | None]:
    """Column by column from the left, keeping the two best ways for each number of cells used."""
    ways: dict[int, list[_Way]] = {0: [_Way(0.0, ())]}
    for column in range(profile.width):
        longer: dict[int, list[_Way]] = {}
        for used, so_far in ways.items():
            for taken in range(1, extra - (used - column) + 2):
                end = used + taken
                score = _score(cells, used, end, column, profile, delimiter)
                longer.setdefault(end, []).extend(
                    _Way(way.score + score, (*way.groups, (used, end))) for way in so_far
                )
        ways = {
            used: sorted(found, key=lambda way: way.score, reverse=True)[:2]
            for used, found in longer.items()
        }
    found = ways.get(len(cells), [])
    return (found[0] if found else None, found[1] if len(found) > 1 else None)


def _score(
    cells: Sequence[str], start: int, end: int, column: int, profile: TableProfile, delimiter: str
) -> float:
    group = cells[start:end]
    score = profile.columns[column].fit(_plain(group))
    telling = not profile.starts_with_spaces and delimiter != "\t"
    for inner in group[1:]:
        score += _SPACED_JOIN if telling and inner.startswith(" ") else _BARE_JOIN
    if telling and start > 0 and group[0].startswith(" "):
        score += _SPACE_LEFT_ALONE
    return score


def _plain(group: Sequence[str]) -> str:
    """The joined text as well-formed rows would show it: they cannot hold the delimiter."""
    return " ".join(cell.strip() for cell in group)


def _spaced(cells: Sequence[str], way: _Way) -> bool:
    """Whether every join is at a cell that begins with a space."""
    inner = [cells[at] for start, end in way.groups for at in range(start + 1, end)]
    return all(cell.startswith(" ") for cell in inner)


def sentence(row: Joined, header: Sequence[str], delimiter: str) -> str:
    """What was done, for the report."""
    sign = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}.get(delimiter, "delimiter")
    parts = [f"“{row.cells[at]}” as one {header[at]}" for at in row.columns]
    return f"A {sign} inside the text was not quoted; read {' and '.join(parts)}."
