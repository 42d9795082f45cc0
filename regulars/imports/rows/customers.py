"""A record read as a customer."""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from regulars.customers import facts as customer_facts
from regulars.customers.custom import values
from regulars.customers.custom.values import Definition, Value
from regulars.customers.facts import CustomerFacts
from regulars.imports.reading.mapping import TYPES
from regulars.imports.reading.shapes import is_shortened, western_digits
from regulars.imports.rows.cells import BadRow, Cells, Several
from regulars.imports.rows.details import add_details
from regulars.lib import names
from regulars.lib.errors import Invalid

OUR_SYSTEM = "regulars"
"""Stands for our own id in a key; it is never stored as an id of another system."""
ROW_SYSTEM = "import-row"
"""Under this name a row without a number of its own is remembered, by what it said."""

_FIRM = re.compile(
    r"\b(?:inc|llc|ltd|limited|gmbh|ag|kg|ohg|e\.?k|corp|corporation|co|company|plc|s\.?a\.?s?"
    r"|s\.?l|s\.?r\.?l|s\.?p\.?a|b\.?v|n\.?v|a/?s|aps|oy|ab|hb|sarl|s\.?c|pty|bros|group|& sons)"
    r"\.?$",
    re.IGNORECASE,
)
_PERSON = ("title", "role", "language", "time_zone", "birthday", "about")
_LOCATION = ("line1", "line2", "city", "state", "postal_code", "country")
_SOURCES = {
    "internet": "internet", "web": "internet", "website": "internet", "online": "internet",
    "email": "internet", "phone": "phone", "call": "phone", "telephone": "phone",
    "telefon": "phone", "walk in": "walk_in", "walk-in": "walk_in", "walkin": "walk_in",
    "walk_in": "walk_in", "showroom": "walk_in", "other": "other",
}  # fmt: skip


@dataclass(frozen=True)
class CustomerDraft:
    """What the row says. `said` are the targets it fills; `owner`, `store` and `group` are still
    names. `key` is the external id that makes a second import of the row find the first."""

    facts: CustomerFacts
    said: frozenset[str]
    key: tuple[str, str]
    has_own_number: bool
    owner: str = ""
    store: str = ""
    group: str = ""
    category: str = ""
    public_id: UUID | None = None
    note: str = ""
    created_at: datetime.datetime | None = None
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    custom: Mapping[Definition, Value] = field(default_factory=dict)


def read_customer(
    cells: Cells, *, system: str, region: str, fields: Mapping[str, Definition] | None = None
) -> CustomerDraft:
    """A draft of the customer; `region` (ISO alpha-2) is where phone numbers without country are;
    `fields` are the custom fields by their targets' keys.

    Raises BadRow with the column and the reason.
    """
    blame: dict[str, int | None] = {}
    problems: list[BadRow] = []
    raw: dict[str, Any] = _names(cells, blame)
    raw |= _relation(cells, blame)
    _tried(lambda: _whole_numbers(cells), problems)
    location = _tried(lambda: _location(cells, blame), problems)
    if location:
        raw["locations"] = [location]
    created_at = _tried(lambda: cells.moment("created_at"), problems)
    custom = {
        one: _tried(partial(_custom, cells, target, one), problems)
        for target, one in (fields or {}).items()
        if cells.text(target)
    }
    number = cells.number("external_id")
    ours = _tried(lambda: _our_id(cells), problems)
    key = (system, number) if number else (ROW_SYSTEM, _digest(cells))
    if ours is not None and not number:
        key = (OUR_SYSTEM, str(ours))
    else:
        raw["external_ids"] = {key[0]: key[1]}
    blame["external_ids"] = cells.column("external_id")
    _tried(lambda: add_details(raw, cells), problems)
    facts = _tried(lambda: _clean(raw, region, blame), problems)
    if problems or facts is None:
        raise _together(problems, cells)
    return CustomerDraft(
        facts=facts,
        said=frozenset(cells.at),
        key=key,
        has_own_number=bool(number),
        owner=cells.text("owner"),
        store=cells.text("store"),
        group=cells.text("group"),
        category=cells.text("category"),
        public_id=ours,
        note=_note(cells),
        created_at=created_at,
        emails=tuple(email.address for one in facts.contacts for email in one.emails),
        phones=tuple(phone.number.digits for one in facts.contacts for phone in one.phones),
        custom=custom,
    )


def _custom(cells: Cells, target: str, one: Definition) -> Value:
    """What the row says in a custom field; days are read in the order found for the column."""
    if one.kind == "date":
        moment = cells.moment(target)
        return moment.date() if moment else None
    try:
        return values.read(one, cells.text(target))
    except ValueError as problem:
        raise BadRow(f"{problem}.", cells.column(target)) from None


T = TypeVar("T")


def _tried(read: Callable[[], T], problems: list[BadRow]) -> T | None:
    """A row is told everything that is wrong with it, not only the first."""
    try:
        return read()
    except BadRow as bad:
        problems.append(bad)
        return None


def _clean(raw: dict[str, Any], region: str, blame: dict[str, int | None]) -> CustomerFacts:
    try:
        return customer_facts.clean(raw, region=region)
    except Invalid as error:
        found = [BadRow(f"{said}.", _blamed(path, blame)) for path, said in error.errors.items()]
        raise found[0] if len(found) == 1 else Several(found) from error


def _together(problems: list[BadRow], cells: Cells) -> BadRow:
    """All of it in one: the first is said of its column, the others name theirs."""
    each = [one for bad in problems for one in (bad.each if isinstance(bad, Several) else [bad])]
    first, *rest = {(one.column, one.reason): one for one in each}.values()
    said = [
        one.reason if one.column is None else f"{cells.columns[one.column].heading}: {one.reason}"
        for one in rest
    ]
    return BadRow(" ".join([first.reason, *said]), first.column)


def _our_id(cells: Cells) -> UUID | None:
    text = cells.text("regulars_id")
    try:
        return UUID(text) if text else None
    except ValueError:
        raise BadRow(f"“{text[:60]}” is no id of ours.", cells.column("regulars_id")) from None


def _names(cells: Cells, blame: dict[str, int | None]) -> dict[str, Any]:
    raw: dict[str, Any] = {"company": cells.text("company")}
    first, last = cells.text("first_name"), cells.text("last_name")
    contact = split_name(cells.text("contact_name"))
    contact = (
        cells.text("contact_first_name") or contact[0],
        cells.text("contact_last_name") or contact[1],
    )
    whole = cells.text("name")
    if whole and not raw["company"] and _FIRM.search(whole):
        raw["company"], whole = whole, ""
    if whole and not (first or last):
        first, last = split_name(whole)
    elif whole and not raw["company"] and names.fold(last) not in names.fold(whole):
        raw["company"] = whole
    person: dict[str, Any] = {key: cells.text(f"contact_{key}") for key in _PERSON}
    person["primary"] = True
    for key in _PERSON:
        blame[f"contacts.0.{key}"] = cells.column(f"contact_{key}")
    if any(contact):
        person["first_name"], person["last_name"] = contact
        if not raw["company"] and not (first or last):
            first, last = person["first_name"], person["last_name"]
    else:
        person["first_name"], person["last_name"] = first, last
    raw["first_name"], raw["last_name"] = first, last
    for said in ("company", "name"):
        blame[said] = cells.column(said)
    for said in ("first_name", "last_name"):
        theirs = (f"contact_{said}", "contact_name")
        own = (said, "name")
        blame[said] = cells.first_column(*own, *theirs)
        blame[f"contacts.0.{said}"] = cells.first_column(*theirs, *own)
    person |= _reach(cells, blame)
    if any(person.get(key) for key in ("first_name", "last_name", "emails", "phones", *_PERSON)):
        raw["contacts"] = [person]
    return raw


def _reach(cells: Cells, blame: dict[str, int | None]) -> dict[str, Any]:
    found: dict[str, Any] = {"emails": [], "phones": []}
    for index, text in cells.all("email"):
        for address in re.split(r"[;,\s]+(?=[^\s;,]*@)", text.replace("mailto:", "")):
            blame[f"contacts.0.emails.{len(found['emails'])}"] = index
            found["emails"].append({"address": address.strip(";, "), "label": _label(cells, index)})
    for index, text in cells.all("phone"):
        blame[f"contacts.0.phones.{len(found['phones'])}"] = index
        found["phones"].append({"number": western_digits(text), "label": _label(cells, index)})
    return found


def _whole_numbers(cells: Cells) -> None:
    for index, text in cells.all("phone"):
        if is_shortened(text):
            raise BadRow(
                f"“{text}” was cut short by a spreadsheet: make the column text, export again.",
                index,
            )


def _label(cells: Cells, index: int) -> str:
    return cells.columns[index].label


def split_name(whole: str) -> tuple[str, str]:
    """First and last name: split at a comma when there is one, else at the last space."""
    last, comma, first = whole.partition(",")
    if comma and first.strip() and last.strip():
        return first.strip(), last.strip()
    first, _, last = whole.strip().rpartition(" ")
    return (first, last) if first else (last, "")


def _relation(cells: Cells, blame: dict[str, int | None]) -> dict[str, Any]:
    raw: dict[str, Any] = {}
    kind = cells.text("type")
    if kind:
        raw["type"] = TYPES.get(kind.lower(), kind)
        blame["type"] = cells.column("type")
    source = cells.text("source")
    if source:
        known = _SOURCES.get(source.lower())
        raw |= {"source": known} if known else {"source": "other", "source_other": source}
        blame["source_other"] = cells.column("source")
    tags = [one.strip() for _, text in cells.all("tags") for one in re.split(r"[,;|]", text)]
    if tags:
        raw["tags"] = [one for one in tags if one]
        blame["tags"] = cells.column("tags")
    return raw


def _location(cells: Cells, blame: dict[str, int | None]) -> dict[str, Any]:
    found: dict[str, Any] = {key: cells.text(key) for key in _LOCATION if cells.text(key)}
    if not found:
        return {}
    for key in found:
        blame[f"locations.0.{key}"] = cells.column(key)
    found["name"] = cells.text("location_name")
    found["kind"] = cells.text("location_kind")
    blame["locations.0.kind"] = cells.column("location_kind")
    found["primary"] = True
    return found


def _note(cells: Cells) -> str:
    """All cells kept as a note; each says which column it comes from unless it stands alone."""
    found = list(cells.all("note"))
    if len(found) == 1:
        heading = cells.columns[found[0][0]].heading
        plain = heading.lower() in ("note", "notes", "comment", "comments")
        return found[0][1] if plain else f"{heading}: {found[0][1]}"
    return "\n".join(f"{cells.columns[index].heading}: {text}" for index, text in found)


def _digest(cells: Cells) -> str:
    said = {target: [cells.texts[at] for at in found] for target, found in cells.at.items()}
    text = json.dumps(said, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:40]


def _blamed(path: str, blame: dict[str, int | None]) -> int | None:
    while path:
        if path in blame:
            return blame[path]
        path = path.rpartition(".")[0]
    return None
