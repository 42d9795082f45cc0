"""Cursors: where the next page of a list begins, as a text that callers only hand back."""

import base64
import binascii
import json
from datetime import UTC, datetime
from typing import Any

from . import numbers
from .errors import Invalid


class BadCursor(Invalid):
    def __init__(self) -> None:
        super().__init__({"cursor": "This cursor is not one of ours; start from the first page"})


def encode(*values: str | int | datetime) -> str:
    """The sort keys of a page's last row; times keep their microseconds."""
    plain = [v.isoformat() if isinstance(v, datetime) else v for v in values]
    raw = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")


def decode(cursor: str, *kinds: type[str] | type[int] | type[datetime]) -> list[Any]:
    """What `encode` was given, of exactly these kinds; raises `BadCursor` for anything else."""
    try:
        raw = base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4))
        values = json.loads(raw)
        if not isinstance(values, list) or len(values) != len(kinds):
            raise BadCursor
        return [_read(value, kind) for value, kind in zip(values, kinds, strict=True)]
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error):
        raise BadCursor from None


def row(cursor: str) -> int:
    """The id at which a list by rows goes on; raises `BadCursor`."""
    found = numbers.whole(cursor)
    if found is None:
        raise BadCursor
    return found


def _read(value: object, kind: type[str] | type[int] | type[datetime]) -> str | int | datetime:
    if kind is int and type(value) is int and 0 <= value < 2**63:
        return value
    if kind is str and isinstance(value, str) and "\x00" not in value:
        value.encode()
        return value
    if kind is datetime and isinstance(value, str):
        at = datetime.fromisoformat(value)
        # In UTC: the database reads no zone sixteen hours away, or one of half seconds.
        if at.tzinfo is not None and 1 < at.year < 9999:
            return at.astimezone(UTC)
    raise BadCursor
