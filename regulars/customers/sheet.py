"""A customer as one row of a table, which an import reads back as the same customer.

What a salesperson wants to see in a column has one; what has no place in a column (a fourth email,
further contacts and places, consent) travels in the last one, as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .custom import values
from .custom.values import Definition
from .models import Source
from .schemas.records import CustomerRow

EMAILS = PHONES = 3
DETAILS = "Regulars details"


@dataclass(frozen=True)
class SheetColumn:
    """`target` is where an import puts it."""

    heading: str
    target: str
    cell: Callable[[Any], str]


@dataclass(frozen=True)
class Sheet:
    """One customer ready to be written; `owner` by email, or by name where they have none."""

    row: CustomerRow
    owner: str

    @property
    def contact(self) -> Mapping[str, Any]:
        return next((c for c in self.row["contacts"] if c["primary"]), {})

    @property
    def place(self) -> Mapping[str, Any]:
        return next((p for p in self.row["locations"] if p["primary"]), {})

    @property
    def source(self) -> str:
        if self.row["source_other"]:
            return self.row["source_other"]
        return Source(self.row["source"]).label if self.row["source"] else ""

    @property
    def names_itself(self) -> bool:
        """Whether the primary contact is the customer: a person, or nobody at all."""
        mine = (self.row["first_name"], self.row["last_name"])
        return (self.contact.get("first_name", ""), self.contact.get("last_name", "")) == mine


def _of_contact(key: str) -> Callable[[Sheet], str]:
    return lambda sheet: sheet.contact.get(key) or ""


def _of_place(key: str) -> Callable[[Sheet], str]:
    return lambda sheet: sheet.place.get(key) or ""


def _reach(many: str, key: str, n: int) -> Callable[[Sheet], str]:
    def cell(sheet: Sheet) -> str:
        rows: Sequence[Mapping[str, Any]] = sheet.contact.get(many, [])
        return str(rows[n][key]) if n < len(rows) else ""

    return cell


def _numbered(heading: str, n: int) -> str:
    return heading if n == 0 else f"{heading} {n + 1}"


def _contact_name(key: str) -> Callable[[Sheet], str]:
    return lambda sheet: "" if sheet.names_itself else sheet.contact.get(key) or ""


def _plain(key: str) -> Callable[[Sheet], str]:
    return lambda sheet: str(sheet.row.get(key) or "")


ORDINARY = (
    SheetColumn("Regulars id", "regulars_id", _plain("id")),
    SheetColumn("First name", "first_name", _plain("first_name")),
    SheetColumn("Last name", "last_name", _plain("last_name")),
    SheetColumn("Company", "company", _plain("company")),
    SheetColumn("Contact first name", "contact_first_name", _contact_name("first_name")),
    SheetColumn("Contact last name", "contact_last_name", _contact_name("last_name")),
    *(
        SheetColumn(_numbered("Email", n), "email", _reach("emails", "address", n))
        for n in range(EMAILS)
    ),
    *(
        SheetColumn(_numbered("Phone", n), "phone", _reach("phones", "number", n))
        for n in range(PHONES)
    ),
    SheetColumn("Street", "line1", _of_place("line1")),
    SheetColumn("Street 2", "line2", _of_place("line2")),
    SheetColumn("City", "city", _of_place("city")),
    SheetColumn("State", "state", _of_place("state")),
    SheetColumn("Postal code", "postal_code", _of_place("postal_code")),
    SheetColumn("Country", "country", _of_place("country")),
    SheetColumn("Address name", "location_name", _of_place("name")),
    SheetColumn("Address kind", "location_kind", _of_place("kind")),
    SheetColumn("Job title", "contact_title", _of_contact("title")),
    SheetColumn("Role", "contact_role", _of_contact("role")),
    SheetColumn("Language", "contact_language", _of_contact("language")),
    SheetColumn("Time zone", "contact_time_zone", _of_contact("time_zone")),
    SheetColumn("Birthday", "contact_birthday", _of_contact("birthday")),
    SheetColumn("Personal", "contact_about", _of_contact("about")),
    SheetColumn("Type", "type", lambda sheet: sheet.row["type"]),
    SheetColumn("Group", "group", _plain("group")),
    SheetColumn("Category", "category", _plain("category")),
    SheetColumn("Tags", "tags", lambda s: "; ".join(t for t in s.row["tags"] if _is_plain(t))),
    SheetColumn("Source", "source", lambda sheet: sheet.source),
    SheetColumn("Owner", "owner", lambda sheet: sheet.owner),
    SheetColumn("Store", "store", lambda sheet: (sheet.row["store"] or {"name": ""})["name"]),
    SheetColumn("Customer since", "created_at", lambda s: s.row["created_at"].isoformat()),
)


def columns(fields: Iterable[Definition]) -> list[SheetColumn]:
    """Every column, the company's own fields before the last."""
    own = [SheetColumn(one.label, f"custom.{one.key}", _custom(one)) for one in fields]
    return [*ORDINARY, *own, SheetColumn(DETAILS, "details", _details)]


def _custom(one: Definition) -> Callable[[Sheet], str]:
    def cell(sheet: Sheet) -> str:
        said = sheet.row["custom"].get(one.key)
        return "" if said is None else values.typed(values.read(one, said))

    return cell


TARGETS = {one.heading: one.target for one in ORDINARY} | {DETAILS: "details"}
_REACH = ("label", "status", "consent", "consent_basis", "call_consent", "text_consent")
_SILENT = {"", "unknown", None}


def _details(sheet: Sheet) -> str:
    """What no column says, and nothing else; "" when the columns say it all."""
    found = {
        "emails": _unsaid(sheet.contact.get("emails", []), "address", EMAILS),
        "phones": _unsaid(sheet.contact.get("phones", []), "number", PHONES),
        "contacts": [_bare(c) for c in sheet.row["contacts"] if not c["primary"]],
        "locations": [_bare(p) for p in sheet.row["locations"] if not p["primary"]],
        "external_ids": sheet.row["external_ids"],
        "tags": [t for t in sheet.row["tags"] if not _is_plain(t)],
    }
    said = {key: value for key, value in found.items() if value}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")) if said else ""


def _is_plain(tag: str) -> bool:
    """Whether it can stand in a list of tags."""
    return not set(tag) & set(",;|")


def _unsaid(rows: Sequence[Mapping[str, Any]], key: str, shown: int) -> list[dict[str, Any]]:
    found = []
    for n, row in enumerate(rows):
        more = {k: row[k] for k in _REACH if row.get(k) not in _SILENT}
        if more or n >= shown:
            found.append({key: row[key], **more})
    return found


def _bare(value: Any) -> Any:
    """Without what a new row makes for itself, and without what says nothing."""
    if isinstance(value, Mapping):
        drop = {"id", "email", "phone", "e164", "primary", "county", "latitude", "longitude",
                "check_level", "consent_at", "consent_until"}  # fmt: skip
        bare = {k: _bare(v) for k, v in value.items() if k not in drop}
        return {k: v for k, v in bare.items() if v not in ("", None, "unknown", [])}
    if isinstance(value, list):
        return [_bare(one) for one in value]
    return value
