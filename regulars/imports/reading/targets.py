"""Where a column of a table may go: the fields a customer, a colleague or an event can be given."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What the rows of a file are."""

    CUSTOMERS = "customers"
    STAFF = "staff"
    EVENTS = "events"


@dataclass(frozen=True, slots=True)
class Target:
    """One field a column can fill; `many` when several columns may fill it."""

    key: str
    label: str
    many: bool = False


_CUSTOMERS = (
    Target("regulars_id", "Their id in Regulars"),
    Target("external_id", "Their number in the other system"),
    Target("name", "Full name"),
    Target("first_name", "First name"),
    Target("last_name", "Last name"),
    Target("company", "Company"),
    Target("type", "Type: lead, prospect or account"),
    Target("source", "Source"),
    Target("email", "Email", many=True),
    Target("phone", "Phone", many=True),
    Target("contact_name", "Contact's full name"),
    Target("contact_first_name", "Contact's first name"),
    Target("contact_last_name", "Contact's last name"),
    Target("contact_title", "Contact's job title"),
    Target("contact_role", "Contact's role"),
    Target("contact_language", "Contact's language"),
    Target("contact_time_zone", "Contact's time zone"),
    Target("contact_birthday", "Contact's birthday"),
    Target("contact_about", "Personal facts of the contact"),
    Target("location_name", "Name of the address"),
    Target("location_kind", "Kind of address"),
    Target("line1", "Street"),
    Target("line2", "Street, second line"),
    Target("city", "City"),
    Target("state", "State or region"),
    Target("postal_code", "Postal code"),
    Target("country", "Country"),
    Target("group", "Group"),
    Target("category", "Category"),
    Target("tags", "Tags", many=True),
    Target("store", "Store"),
    Target("owner", "Owner"),
    Target("note", "Keep as a note", many=True),
    Target("created_at", "Customer since"),
    Target("details", "What Regulars exported beside"),
)
_STAFF = (
    Target("external_id", "Their number in the other system"),
    Target("name", "Full name"),
    Target("first_name", "First name"),
    Target("last_name", "Last name"),
    Target("email", "Email"),
    Target("title", "Job title"),
    Target("phone", "Phone"),
    Target("team", "Team"),
    Target("store", "Store"),
    Target("role", "Role"),
)
_EVENTS = (
    Target("external_id", "The event's number in the other system"),
    Target("customer", "Customer, by their number there"),
    Target("customer_email", "Customer, by email"),
    Target("customer_phone", "Customer, by phone"),
    Target("happened_at", "When it happened"),
    Target("kind", "Kind of event"),
    Target("actor", "Colleague: number there, email or name"),
    Target("data", "Keep as a detail", many=True),
)

TARGETS: dict[Kind, dict[str, Target]] = {
    kind: {target.key: target for target in targets}
    for kind, targets in (
        (Kind.CUSTOMERS, _CUSTOMERS),
        (Kind.STAFF, _STAFF),
        (Kind.EVENTS, _EVENTS),
    )
}

NAMES_SOMEBODY = frozenset(
    {"name", "first_name", "last_name", "company", "contact_name", "contact_last_name"}
)
"""At least one of these makes a customer."""
