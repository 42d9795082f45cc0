"""What an export of ours says beside its columns: further addresses, contacts, places, ids."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from regulars.imports.rows.cells import BadRow, Cells
from regulars.lib import emails, phones


def add_details(raw: dict[str, Any], cells: Cells) -> None:
    """Lay the details over a customer read from columns. Raises BadRow for what is none of ours."""
    text = cells.text("details")
    if not text:
        return
    said = _read(text, cells.column("details"))
    contacts = raw.get("contacts") or []
    if contacts:
        _reach(contacts[0], "emails", said.get("emails"), "address", emails.normal)
        _reach(contacts[0], "phones", said.get("phones"), "number", _digits)
    for many in ("contacts", "locations", "tags"):
        more = said.get(many)
        if isinstance(more, list):
            raw[many] = [*(raw.get(many) or []), *more]
    ids = said.get("external_ids")
    if isinstance(ids, dict):
        raw["external_ids"] = {**ids, **raw.get("external_ids", {})}


def _read(text: str, column: int | None) -> dict[str, Any]:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise BadRow("These are no details that Regulars wrote.", column)
    return said


def _digits(number: str) -> str:
    return phones.read(number).digits


def _reach(
    person: dict[str, Any], many: str, said: Any, key: str, normal: Callable[[str], str]
) -> None:
    rows: list[dict[str, Any]] = person.setdefault(many, [])
    there = {normal(str(row[key])): row for row in rows}
    for more in said if isinstance(said, list) else []:
        if not isinstance(more, dict) or not isinstance(more.get(key), str):
            continue
        row = there.get(normal(more[key]))
        if row is None:
            rows.append(more)
        else:
            row.update({k: v for k, v in more.items() if k != key})
