"""History for programs: single changes, and the record as it was in the shape of the record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any, Literal, NotRequired
from uuid import UUID

from typing_extensions import TypedDict

from regulars.customers.custom import values
from regulars.customers.custom.queries import definition
from regulars.customers.models import Customer, CustomField
from regulars.customers.schemas.contacts import ContactRow, EmailRow, PhoneRow
from regulars.customers.schemas.locations import LocationRow
from regulars.customers.schemas.records import CustomSaid, SourceName, TypeName
from regulars.customers.schemas.refs import NamedRow
from regulars.lib import cursors
from regulars.timeline.schemas import ColleagueRef

from . import queries
from .as_of import Record
from .changes import Act, Change, FieldChange, Names, Row, Written, acts
from .ended import EndedRow, ended_by
from .parts import USER, parts
from .queries import Asked, Place

if TYPE_CHECKING:
    from regulars.staff.models import User

START = Place(datetime(9998, 1, 1, tzinfo=UTC), 0, 0)
ALL = 10**6  # of the fields of one row
COLUMNS = {"number": "typed", "primary": "is_primary"}
NULLS = {"kind", "e164", "source"}


class PartRef(TypedDict):
    """Which row of the record: its kind, id and name; `of` is the contact it belongs to."""

    kind: str
    id: int
    name: str
    of: str


class ChangeRow(TypedDict):
    """One field that was written; values as in the record, what an id refers to by its name.

    `who` is null for the house itself, `how` one of import, api, demo, … or null for a page.
    `act` is the same for all that was written together. `did` says whether the part was added,
    changed or removed; “found” is what was there when history began.
    """

    at: datetime
    who: ColleagueRef | None
    how: str | None
    reason: str | None
    act: str | None
    did: Literal["added", "changed", "removed", "found"]
    part: PartRef
    field: str | None
    label: str | None
    old: Any
    new: Any


class ChangePage(TypedDict):
    items: list[ChangeRow]
    next: str | None


class CustomerThen(TypedDict):
    """A customer as the record was at `as_of`, as far as history knows.

    `consents_ended` are the words of consent in it that were over by then. `merged_into` is there
    when the id that was asked for was one with this customer then: their id."""

    id: str
    as_of: datetime
    name: str
    first_name: str
    last_name: str
    company: str
    type: TypeName
    source: SourceName | None
    source_other: str
    owner: NamedRow | None
    store: NamedRow | None
    group: str | None
    category: str | None
    tags: list[str]
    contacts: list[ContactRow]
    locations: list[LocationRow]
    external_ids: dict[str, str]
    custom: dict[str, CustomSaid]
    consents_ended: list[EndedRow]
    created_at: datetime
    archived_at: datetime | None
    merged_into: NotRequired[str]


def page(
    customer: Customer, viewer: User, *, part: str, cursor: str | None, limit: int
) -> ChangePage:
    """The newest changes first; raises `BadCursor`. The caller has passed the gate."""
    after, told = _place(cursor) if cursor else (START, 0)
    # The row that the page before ended in comes again, without what was told of it.
    asked = Asked([part] if part else None, after=after, from_there=True, viewer=viewer)
    written, more = queries.some(customer, asked, limit=limit + 1)
    names = queries.names(viewer, [one for one, _ in written])
    found = [
        (place, n, item)
        for one, place in written
        for n, item in enumerate(_items(one, names))
        if place != after or n >= told
    ]
    items = found[:limit]
    following = None
    if len(found) > limit:
        place, n, _ = items[-1]
        following = _cursor(place, n + 1)
    elif more:
        following = _cursor(written[-1][1], ALL)
    return {"items": [item for _, _, item in items], "next": following}


def _cursor(place: Place, told: int) -> str:
    return cursors.encode(place.at, place.part, place.row, told)


def _place(cursor: str) -> tuple[Place, int]:
    at, part, row, told = cursors.decode(cursor, datetime, int, int, int)
    return Place(at, part, row), told


def _items(one: Written, names: Names) -> Iterator[ChangeRow]:
    for act in acts([one], parts(), names):
        for change in act.changes:
            yield from _rows(act, change, names)


def _rows(act: Act, change: Change, names: Names) -> Iterator[ChangeRow]:
    nothing = FieldChange("", "", None, None, "", "")
    for field in change.fields or [nothing]:
        yield {
            "at": _to_the_microsecond(act.at),
            "who": {"id": act.user, "name": names.get((USER, act.user), "")} if act.user else None,
            "how": act.how or None,
            "reason": str(act.why.get("reason") or "") or None,
            "act": act.key or None,
            "did": change.did,
            "part": {
                "kind": change.part.key,
                "id": change.obj,
                "name": change.title,
                "of": change.of,
            },
            "field": field.key or None,
            "label": field.label or None,
            "old": field.old,
            "new": field.new,
        }


def _to_the_microsecond(at: datetime) -> Any:
    """A moment that, handed back as `as_of`, is not before what was written at it."""
    return at.isoformat()


# --- The record as it was


def then(record: Record, names: Names, zone: tzinfo, *, asked: UUID) -> CustomerThen:
    """One statement more, where something is said in the company's own fields."""
    row = record.customer
    found: CustomerThen = {
        "id": str(row["public_id"]),
        "as_of": _to_the_microsecond(record.at),
        "name": row["name"],
        "first_name": row["first_name"],
        "last_name": row["last_name"],
        "company": row["company"],
        "type": row["type"],
        "source": row["source"] or None,
        "source_other": row["source_other"],
        "owner": _named("staff.user", row["owner_id"], names),
        "store": _named("staff.store", row["store_id"], names),
        "group": names.get(("customers.group", row["group_id"])),
        "category": names.get(("customers.category", row["category_id"])),
        "tags": sorted(
            names.get(("customers.tag", tag["tag_id"]), "") for tag in record.rows["tagging"]
        ),
        "contacts": [_contact(one, record) for one in record.rows["contact"]],
        "locations": [_picked(LocationRow, one) for one in record.rows["location"]],
        "external_ids": {one["system"]: one["value"] for one in record.rows["externalid"]},
        "custom": _custom(record.rows["customvalue"]),
        "consents_ended": list(ended_by(record, record.at.astimezone(zone).date())),
        "created_at": row["created_at"],
        "archived_at": row["archived_at"],
    }
    if found["id"] != str(asked):
        found["merged_into"] = found["id"]
    return found


def _custom(rows: Sequence[Row]) -> dict[str, CustomSaid]:
    """By the keys that the fields have today."""
    ids = [row["field_id"] for row in rows]
    known = {one.pk: definition(one) for one in CustomField.objects.filter(pk__in=ids or [])}
    found = {}
    for row in rows:
        field = known.get(row["field_id"])
        value = values.given(values.kept(field, row)) if field else None
        if field and value is not None:
            found[field.key] = value
    return found


def _named(model: str, pk: int | None, names: Names) -> NamedRow | None:
    return None if pk is None else {"id": pk, "name": names.get((model, pk), "")}


def _contact(row: Row, record: Record) -> ContactRow:
    emails, phones = (
        [one for one in record.rows[key] if one["contact_id"] == row["pgh_obj_id"]]
        for key in ("email", "phone")
    )
    more = {
        "email": emails[0]["address"] if emails else None,
        "phone": (phones[0]["e164"] or phones[0]["typed"]) if phones else None,
        "emails": [_picked(EmailRow, one) for one in emails],
        "phones": [_picked(PhoneRow, one) for one in phones],
    }
    found: ContactRow = _picked(ContactRow, {**row, **more})
    return found


def _picked(shape: Any, row: Mapping[str, Any]) -> Any:
    """The row in the shape that answers have today; what was not kept then is null."""
    found = {}
    for key in shape.__annotations__:
        value = row.get(COLUMNS.get(key, key))
        found[key] = None if key in NULLS and value == "" else value
    return found
