"""The facts themselves, by whose they are: a customer's, a contact's, an address's, a place's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from regulars.customers.models import CustomerType, LocationKind, Source, Status
from regulars.lib import birthdays, countries, languages, names

Choices = tuple[tuple[str, str], ...]


class Kind(StrEnum):
    TEXT = "text"
    LINES = "lines"
    CHOICE = "choice"
    DATE = "date"
    FLAG = "flag"
    ORDER = "order"


@dataclass(frozen=True)
class Fact:
    """One fact: `column` is where it is kept, where that is not its own name.

    `offers` names the rows that may be chosen, `suggests` what completes while typing, `nothing`
    what stands where nothing is said. `adds` marks room for another email or phone. The timeline
    tells from what to what, except of facts that are `private`.
    What is `searched` is found by the search box; what is `compared` tells people apart.
    """

    name: str
    label: str
    kind: Kind = Kind.TEXT
    limit: int = 100
    hint: str = ""
    column: str = ""
    choices: Choices = ()
    offers: str = ""
    suggests: str = ""
    inputmode: str = ""
    nothing: str = "Add"
    needed: bool = False
    adds: bool = False
    private: bool = False
    searched: bool = False
    compared: bool = False
    shown: Callable[[str], str] = str

    @property
    def kept_in(self) -> str:
        return self.column or self.name


def _named(first: Fact, *further: Fact) -> Mapping[str, Fact]:
    return {fact.name: fact for fact in (first, *further)}


def _choices(choices: object) -> Choices:
    return tuple((str(value), str(label)) for value, label in choices)  # type: ignore[attr-defined]


EMAIL_STATUS: Choices = (
    (Status.UNKNOWN, "Not known"),
    (Status.OK, "Works"),
    (Status.BOUNCED, "Bounced"),
    (Status.COMPLAINED, "Reported as spam"),
    (Status.UNSUBSCRIBED, "Unsubscribed"),
)
PHONE_STATUS: Choices = (
    (Status.UNKNOWN, "Not known"),
    (Status.OK, "Works"),
    (Status.BOUNCED, "Out of service"),
    (Status.COMPLAINED, "Complained"),
    (Status.UNSUBSCRIBED, "Answered STOP"),
)
_LABEL = Fact("label", "Label", limit=40, nothing="Label")
_ORDER = Fact("position", "Order", Kind.ORDER, limit=3, compared=True)

SHEET: Mapping[str, Mapping[str, Fact]] = {
    "customer": _named(
        Fact("first_name", "First name", nothing="First name", searched=True, compared=True),
        Fact("last_name", "Last name", nothing="Last name", searched=True, compared=True),
        Fact("company", "Company", limit=200, searched=True, compared=True),
        Fact("type", "Type", Kind.CHOICE, choices=_choices(CustomerType.choices), needed=True),
        Fact("group", "Group", Kind.CHOICE, offers="group", column="group_id"),
        Fact("category", "Category", Kind.CHOICE, offers="category", column="category_id"),
        Fact("source", "Source", Kind.CHOICE, choices=_choices(Source.choices)),
        Fact("store", "Store", Kind.CHOICE, offers="store", column="store_id"),
    ),
    "contact": _named(
        Fact("first_name", "First name", nothing="First name", searched=True, compared=True),
        Fact("last_name", "Last name", nothing="Last name", searched=True, compared=True),
        Fact("title", "Job title", hint="Such as Head of purchasing"),
        Fact("role", "Role", limit=60, hint="Such as Decision maker or Husband"),
        Fact(
            "language",
            "Language",
            limit=60,
            hint="Such as Spanish",
            suggests="languages",
            shown=languages.shown,
        ),
        Fact("time_zone", "Time zone", limit=60, hint="America/Detroit", suggests="zones"),
        Fact(
            "birthday",
            "Birthday",
            Kind.DATE,
            limit=40,
            hint="May 4, or May 4, 1980",
            private=True,
            compared=True,
            shown=birthdays.shown,
        ),
        Fact(
            "about",
            "Personal",
            Kind.LINES,
            limit=2_000,
            hint="Two girls, rides a Ducati",
            private=True,
        ),
        Fact("primary", "Primary contact", Kind.FLAG, column="is_primary", compared=True),
        Fact(
            "email",
            "Email",
            limit=254,
            inputmode="email",
            nothing="Add email",
            adds=True,
            private=True,
            searched=True,
            compared=True,
        ),
        Fact(
            "phone",
            "Phone",
            limit=60,
            inputmode="tel",
            nothing="Add phone",
            adds=True,
            private=True,
            searched=True,
            compared=True,
        ),
    ),
    "email": _named(
        Fact(
            "address",
            "Email",
            limit=254,
            inputmode="email",
            private=True,
            searched=True,
            compared=True,
        ),
        _LABEL,
        Fact("status", "Status", Kind.CHOICE, choices=_choices(EMAIL_STATUS), needed=True),
        _ORDER,
    ),
    "phone": _named(
        Fact(
            "number",
            "Phone",
            limit=60,
            inputmode="tel",
            column="typed",
            private=True,
            searched=True,
            compared=True,
        ),
        _LABEL,
        Fact("status", "Status", Kind.CHOICE, choices=_choices(PHONE_STATUS), needed=True),
        _ORDER,
    ),
    "location": _named(
        Fact("name", "Name", hint="Such as Front desk", nothing="Name it"),
        Fact("kind", "Kind", Kind.CHOICE, choices=_choices(LocationKind.choices)),
        Fact("line1", "Street", limit=200, private=True, compared=True),
        Fact("line2", "Apartment, suite", limit=200, private=True, compared=True),
        Fact("city", "City", compared=True),
        Fact("state", "State"),
        Fact("postal_code", "ZIP or postal code", limit=20, compared=True),
        Fact(
            "country",
            "Country",
            limit=countries.LONGEST,
            hint="Such as Canada",
            suggests="countries",
            compared=True,
            shown=countries.shown,
        ),
        Fact("primary", "Primary location", Kind.FLAG, column="is_primary", compared=True),
    ),
}
MANY = {"email": "emails", "phone": "phones"}
SUGGESTED: Mapping[str, tuple[str, ...]] = {
    "languages": tuple(languages.shown(code) for code in languages.COMMON),
    "countries": countries.offered(),
    "zones": (
        *("America/New_York", "America/Detroit", "America/Chicago", "America/Denver"),
        *("America/Phoenix", "America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu"),
        *("America/Halifax", "America/Toronto", "America/Mexico_City", "Europe/London"),
        *("Europe/Berlin", "Europe/Madrid", "Asia/Kolkata", "Asia/Shanghai", "Asia/Tokyo"),
    ),
}


def facts_of(whose: str) -> Mapping[str, Fact]:
    return SHEET[whose]


def spoken(fact: Fact, of: str = "") -> str:
    """How the timeline names it: `role of Mateo`."""
    name = "emails" if fact.name == "email" else "phones" if fact.name == "phone" else fact.label
    word = name if fact.label[:3].isupper() else f"{name[:1].lower()}{name[1:]}"
    return f"{word} of {names.clean(of)}" if of else word
