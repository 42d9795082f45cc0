"""The rows with which reports close: sums, counts, who exported it and when."""

import re
from collections.abc import Sequence

from regulars.imports.reading.shapes import is_blank
from regulars.lib import names

_SUMS = frozenset(
    {
        *("total", "totals", "grand total", "sub total", "subtotal", "total general", "sum"),
        *("summe", "gesamt", "gesamtsumme", "zwischensumme", "totale", "totaal", "suma"),
        *("suma total", "total geral", "razem", "summa"),
    }
)
_ROWS = (
    r"(?:records?|rows?|customers?|contacts?|entries|results|lines|datensatze?|zeilen|eintrage"
    r"|kunden|lignes|filas|registros)"
)
_REMARK = re.compile(
    rf"[\d ]+ {_ROWS}(?: (?:exported|found|imported|listed|printed|in total|total))*"
    rf"|(?:(?:total|number of|count of|anzahl) )*{_ROWS} [\d ]+"
    r"|(?:grand |sub ?)?totals? [\d ]+"
    r"|end of (?:report|file|list|export|data)"
    r"|(?:exported|generated|printed) (?:by|on|at) .+"
)
_AMOUNT = re.compile(r"(?:[A-Z]{3}|\W)*[\d.,\s']*\d[\d.,\s']*(?:[A-Z]{3}|\W)*")


def sums_up(cells: Sequence[str]) -> bool:
    """Whether the row says something about the others: a sum's name and amounts, no more.

    A table of one column names whoever it likes.
    """
    filled = [cell.strip() for cell in cells if not is_blank(cell)]
    if not filled or len(cells) < 2 or len(filled[0]) > 80:
        return False
    said = names.fold(filled[0])
    named = said in _SUMS or bool(_REMARK.fullmatch(said))
    return named and all(_AMOUNT.fullmatch(cell[:40]) for cell in filled[1:])
