"""What may be said in a custom field, and how it is kept, shown and given back. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from regulars.lib import names

MOST_TEXT = 500
MOST_DIGITS = 15
DECIMALS = 6
YES = frozenset(["yes", "y", "true", "1", "on", "x"])
NO = frozenset(["no", "n", "false", "0", "off"])

# None for nothing said.
Value = str | Decimal | date | bool | None


@dataclass(frozen=True)
class Definition:
    """One custom field: `kind` is text, number, date, choice, yes_no or link."""

    id: int
    key: str
    label: str
    kind: str
    choices: tuple[str, ...] = ()
    help: str = ""


def read(field: Definition, said: object) -> Value:
    """The value that a person, a program or a file means; None for nothing.

    Raises `ValueError` with a sentence for people.
    """
    if said is None or (isinstance(said, str) and not said.strip()):
        return None
    return _READERS[field.kind](field, said)


def _words(said: object) -> str:
    if isinstance(said, int | float | Decimal) and not isinstance(said, bool):
        said = str(said)
    if not isinstance(said, str):
        raise ValueError("This must be text")
    cleaned = names.clean(said) if len(said) <= MOST_TEXT * 8 else said
    if len(cleaned) > MOST_TEXT:
        raise ValueError(f"This is longer than {MOST_TEXT} characters")
    return cleaned


def _text(field: Definition, said: object) -> str | None:
    return _words(said) or None


_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[,  ]\d{3})+(?:\.\d+)?")


def _number(field: Definition, said: object) -> Decimal:
    text = str(said).strip()[:60] if not isinstance(said, bool) else ""
    if _GROUPED.fullmatch(text):
        text = re.sub("[,  ]", "", text)
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"“{text[:40]}” is not a number") from None
    if not number.is_finite() or len(number.normalize().as_tuple().digits) > MOST_DIGITS:
        raise ValueError(f"A number has at most {MOST_DIGITS} digits")
    if abs(number) >= 10**12 or number != round(number, DECIMALS):
        raise ValueError("A number lies within a trillion and has at most 6 decimals")
    return number.normalize() + 0


def _day(field: Definition, said: object) -> date:
    if isinstance(said, date):
        return said
    text = said.strip() if isinstance(said, str) else ""
    us = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text)
    try:
        if us:
            return date(int(us[3]), int(us[1]), int(us[2]))
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"There is no such day as {text}") from None
    raise ValueError("Write the day as 2026-11-30 or 11/30/2026")


def _choice(field: Definition, said: object) -> str:
    wanted = names.fold(_words(said))
    found = next((c for c in field.choices if names.fold(c) == wanted), None)
    if found is None:
        raise ValueError("This must be one of " + ", ".join(field.choices))
    return found


def _yes_no(field: Definition, said: object) -> bool:
    if isinstance(said, bool):
        return said
    word = str(said).strip().lower()[:10]
    if word not in YES | NO:
        raise ValueError("This must be yes or no")
    return word in YES


def _link(field: Definition, said: object) -> str:
    text = _words(said)
    if "://" not in text and re.match(r"[\w-]+(\.[\w-]+)+([/?#:]|$)", text):
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname or " " in text:
        raise ValueError("A link begins with https:// or http://")
    return text


_READERS = {
    "text": _text,
    "number": _number,
    "date": _day,
    "choice": _choice,
    "yes_no": _yes_no,
    "link": _link,
}


def columns(value: Value) -> dict[str, Any]:
    """How a value lies in its row."""
    said: dict[str, Any] = {"text": "", "folded": "", "number": None, "day": None}
    if isinstance(value, bool):
        word = "yes" if value else "no"
        return said | {"text": word, "folded": word}
    if isinstance(value, Decimal):
        return said | {"number": value}
    if isinstance(value, date):
        return said | {"day": value}
    return said | {"text": value or "", "folded": names.fold(value or "") or (value or "")[:50]}


def kept(field: Definition, row: Mapping[str, Any]) -> Value:
    """The value that lies in a row's columns."""
    if field.kind == "number":
        number = row["number"]
        return None if number is None else Decimal(str(number)).normalize() + 0
    if field.kind == "date":
        day = row["day"]
        return date.fromisoformat(day) if isinstance(day, str) else day
    text = row["text"]
    if field.kind == "yes_no":
        return None if not text else text == "yes"
    return text or None


def shown(value: Value) -> str:
    """In words, as a cell or a column shows it; "" for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Decimal):
        return f"{value:,f}"
    if isinstance(value, date):
        return f"{value:%b} {value.day}, {value.year}"
    return value


def typed(value: Value) -> str:
    """As it stands in a field of a form and in a file; `read` takes it back."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value or ""


def given(value: Value) -> str | int | float | bool | None:
    """As programs see it: numbers as numbers, days as 2026-11-30."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def read_all(
    fields: Sequence[Definition], said: Mapping[str, object], errors: dict[str, str]
) -> dict[Definition, Value]:
    """Every value named by its field's key; what is wrong goes to `errors` under `custom.<key>`."""
    known = {field.key: field for field in fields}
    found: dict[Definition, Value] = {}
    for key, value in said.items():
        field = known.get(key)
        if field is None:
            errors[f"custom.{key[:60]}"] = "There is no such custom field"
            continue
        try:
            found[field] = read(field, value)
        except ValueError as problem:
            errors[f"custom.{key}"] = str(problem)
    return found
