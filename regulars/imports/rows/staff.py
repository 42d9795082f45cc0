"""A record read as a colleague."""

from __future__ import annotations

from dataclasses import dataclass

from regulars.imports.reading.shapes import is_email
from regulars.imports.rows.cells import BadRow, Cells
from regulars.lib import names


@dataclass(frozen=True)
class StaffDraft:
    """What the row says; `team`, `store` and `role` are still names. Empty: not said."""

    name: str
    external_id: str = ""
    email: str = ""
    title: str = ""
    phone: str = ""
    team: str = ""
    store: str = ""
    role: str = ""


def read_colleague(cells: Cells) -> StaffDraft:
    """Raises BadRow with the column and the reason."""
    person = names.person(cells.text("first_name"), cells.text("last_name"))
    name = names.clean(cells.text("name") or person)
    if not name:
        raise BadRow("A colleague needs a name.")
    email = cells.text("email").lower()
    if email and not is_email(email):
        raise BadRow(f"“{email[:80]}” is not an email address.", cells.column("email"))
    limits = {"name": 150, "external_id": 100, "title": 100, "phone": 60}
    found = {"name": name, "external_id": cells.number("external_id"), "email": email} | {
        key: names.clean(cells.text(key)) for key in ("title", "phone", "team", "store", "role")
    }
    for key, limit in limits.items():
        if len(found[key]) > limit:
            raise BadRow(f"This is longer than {limit} characters.", cells.column(key))
    return StaffDraft(**found)
