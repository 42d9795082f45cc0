"""Whom a customer is more like, since a fact of theirs was changed or while it is typed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from regulars.customers.editing.cells import ident
from regulars.customers.editing.keys import At
from regulars.customers.models import Contact, Customer
from regulars.desk.forms.customer import PLACE
from regulars.matching import keeping, looking
from regulars.matching.alike import Alike, hinted
from regulars.matching.features import Features, Written, features
from regulars.ui.wording import listed

if TYPE_CHECKING:
    from regulars.customers.editing import Cell
    from regulars.staff.models import User

MAIN = {"email": "address", "phone": "number"}
NAMES = ("first_name", "last_name", "company")
ROW = re.compile(r"(?:emails|phones)-\d{1,2}-(address|number)", re.ASCII)
Given = Mapping[str, Any]


@dataclass(frozen=True)
class Hint:
    """`ident` is the cell under which it is said."""

    ident: str
    others: Sequence[Alike]


def since(cell: Cell, typed: str, who: Customer, by: User, *, before: Features) -> Hint | None:
    """After a fact was kept; None where nobody came nearer. `before` is `looking.kept` of then."""
    if not cell.fact.compared:
        return None
    kind = _way(cell) if typed.strip() else ""
    region = who.store.country if who.store else "US"
    said = features(looking.of_raw({kind: typed}, region)) if kind else Features()
    now = looking.kept(who.pk)
    if now == before and not kind:
        return None
    found = hinted(looking.nearer(by, who.pk, before=before, now=now, typed=said))
    return Hint(_at(cell, kind, who), found) if found else None


def sentence(hint: Hint) -> str:
    """Without script, where there is no cell to say it under."""
    names = [one.customer.name for one in hint.others]
    return f"Compare with {listed(names)}, who {'is' if len(names) == 1 else 'are'} like them."


def _way(cell: Cell) -> str:
    """Email or phone, where the fact is one; else ""."""
    if cell.fact.adds:
        return cell.fact.name if cell.fact.name in MAIN else ""
    return {"address": "email", "number": "phone"}.get(cell.fact.name, "")


def _at(cell: Cell, kind: str, who: Customer) -> str:
    """The cell itself, or the one of the row that it added."""
    if not cell.fact.adds:
        return cell.ident
    rows = who.emails if kind == "email" else who.phones
    return ident(f"{kind}:{rows.latest('pk').pk}:{MAIN[kind]}")


def typing(
    who: Customer, typed: Mapping[str, str], by: User, *, contact: Contact | None
) -> list[Alike]:
    """While a form of theirs is filled in, of `contact` where it is theirs; nothing is kept."""
    known = keeping.written([who.pk]).get(who.pk)
    if known is None:
        return []
    ways = {"emails": _rows(typed, "address"), "phones": _rows(typed, "number")}
    given = _given(typed, ways, known, contact)
    found = looking.nearer(
        by,
        who.pk,
        before=features(known),
        now=features(looking.changed(known, given) if given else known),
        typed=features(looking.of_raw(ways, known.region)),
    )
    return hinted(found)


def as_form(who: Customer, at: At, value: str) -> tuple[dict[str, str], Contact | None]:
    """One fact as the form it belongs to would say it, with the contact whose form that is."""
    name = at.fact.name
    if name in (*MAIN, *MAIN.values()):
        kind = name if at.fact.adds else at.of
        of = at.pk if at.fact.adds else _contact_of(who, at)
        contact = who.contacts.filter(pk=of or 0).first()
        return {f"{kind}s-0-{MAIN[kind]}": value}, contact
    if at.of == "location" and name in PLACE:
        row = who.locations.filter(pk=at.pk or 0).first()
        return {key: getattr(row, key, "") for key in PLACE} | {name: value}, None
    if at.of == "customer" and name in NAMES:
        return {key: getattr(who, key) for key in NAMES} | {name: value}, None
    contact = who.contacts.filter(pk=at.pk or 0).first() if at.of == "contact" else None
    if contact is None or name not in NAMES:
        return {}, None
    return {key: getattr(contact, key) for key in NAMES[:2]} | {name: value}, contact


def _contact_of(who: Customer, at: At) -> int | None:
    rows = who.emails if at.of == "email" else who.phones
    return rows.filter(pk=at.pk or 0).values_list("contact", flat=True).first()


def _rows(typed: Mapping[str, str], key: str) -> list[dict[str, str]]:
    """Of a contact's form, the lines of its addresses or numbers."""
    rows = ((ROW.fullmatch(name), text) for name, text in typed.items())
    return [{key: text} for row, text in rows if row and row[1] == key and text.strip()]


def _given(typed: Mapping[str, str], ways: Given, known: Written, contact: Contact | None) -> Given:
    """What of the form is the record's own: of a person, that of nobody but themselves."""
    if "line1" in typed:
        return {"locations": [{key: typed.get(key, "") for key in PLACE}]}
    if "company" in typed:
        return {key: typed.get(key, "") for key in NAMES}
    if known.is_company:
        return ways
    if contact is None or not contact.is_primary:
        return {}
    names = {key: typed.get(key, "") for key in NAMES[:2]}
    return {**ways, **(names if any(names.values()) else {})}
