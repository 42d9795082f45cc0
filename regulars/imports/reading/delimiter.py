"""Which sign parts the cells: the one that gives most rows the same number of them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from regulars.imports.reading.limits import Limits
from regulars.imports.reading.splitting import Line, split

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


def declared(first: str) -> str | None:
    """The delimiter of Excel's own hint, a first line `sep=;`."""
    text = first.strip("\ufeff \r\n")
    return text[4] if text.lower().startswith("sep=") and len(text) == 5 else None


def guess_delimiter(lines: Sequence[Line], *, limits: Limits) -> str:
    """One of `DELIMITERS`; a comma when the text has a single column."""
    scores = {sign: _score(lines, sign, limits) for sign in DELIMITERS}
    best = max(scores, key=lambda sign: scores[sign])
    return best if scores[best] > 0 else ","


def _score(lines: Sequence[Line], sign: str, limits: Limits) -> float:
    copies = iter([replace(line) for line in lines])
    widths = [len(found.cells) for found in split(copies, delimiter=sign, limits=limits)]
    if not widths:
        return 0.0
    usual, rows = Counter(widths).most_common(1)[0]
    if usual < 2:
        several = sum(width > 1 for width in widths)
        return 0.05 * several / len(widths) if widths[0] > 1 else 0.0
    headed = 0.3 if widths[0] == usual else 0.0
    return rows / len(widths) + headed + min(usual, 30) * 0.01
