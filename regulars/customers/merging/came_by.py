"""By which id, number or address of somebody's an entry came: noted where they are one by now.

What an entry came by says whose it is once they are apart again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from regulars.customers.models import MergedProfile

KEY = "came_by"
MOST = 300
_NUMBER = re.compile(r"(?<!\w)\+?\d[\d\s().\-/]{5,30}\d(?!\w)")
_LEAST_DIGITS = 9  # without the country's own


def holding_others(customers: Iterable[int]) -> set[int]:
    """Those of them who hold somebody else."""
    rows = MergedProfile.objects.filter(customer__in=set(customers), undone_at=None)
    return set(rows.values_list("customer", flat=True))


def noted(data: Mapping[str, Any], **way: str) -> dict[str, Any]:
    """The data of an entry with the way it came: an `id`, a `system` with its `id`, an `email` or
    a `phone` (its digits). What the data say themselves stands."""
    long = any(len(said) > MOST for said in way.values())
    return dict(data) if KEY in data or long else {**data, KEY: way}


def word(way: object) -> str:
    """A noted way as `reach` has it; "" for what is none."""
    if not isinstance(way, dict) or not all(isinstance(said, str) for said in way.values()):
        return ""
    if "system" in way and "id" in way:
        return of_system(way["system"], way["id"])
    if "phone" in way:
        return f"+{way['phone'].lstrip('+')}"
    return str(way.get("email") or way.get("id") or "").casefold()


def of_system(system: str, value: str) -> str:
    """What another system calls somebody, as one word that no text says by chance."""
    return f"{system}\0{value}".casefold()


def names(text: str, reach: str) -> bool:
    """Whether a text (casefolded) names an address, or a number however it is written."""
    if reach.startswith("+"):
        return any(_is_number(found, reach[1:]) for found in _NUMBER.findall(text))
    return bool(re.search(rf"(?<![\w.+\-]){re.escape(reach)}(?![\w\-]|\.\w)", text))


def _is_number(said: str, digits: str) -> bool:
    found = re.sub(r"\D", "", said)
    return found == digits or (len(found) >= _LEAST_DIGITS and digits.endswith(found))
