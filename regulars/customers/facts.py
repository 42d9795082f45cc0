"""What a person, a program or a file says about a customer, cleaned or refused by field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from regulars.lib import addresses, birthdays, countries, emails, languages, names, phones, zones
from regulars.lib.addresses import Address
from regulars.lib.errors import Invalid

from .models import Consent, CustomerType, LocationKind, Method, Source, Status

MOST = {"contacts": 100, "locations": 100, "tags": 50, "external_ids": 20, "emails": 20}


@dataclass(frozen=True)
class EmailFacts:
    address: str
    label: str = ""
    status: str = Status.UNKNOWN
    consent: str = Consent.UNKNOWN
    consent_basis: str = ""
    consent_at: datetime | None = None
    consent_how: str = field(default="", compare=False)
    id: int | None = field(default=None, compare=False)

    @property
    def line(self) -> tuple[str, ...]:
        """The same for two spellings of one address."""
        return (emails.normal(self.address),)


@dataclass(frozen=True)
class PhoneFacts:
    number: phones.Number
    label: str = ""
    status: str = Status.UNKNOWN
    call_consent: str = Consent.UNKNOWN
    text_consent: str = Consent.UNKNOWN
    id: int | None = field(default=None, compare=False)

    @property
    def line(self) -> tuple[str, ...]:
        """The same for two spellings of one number; another extension is another line."""
        return (self.number.digits, self.number.extension)


@dataclass(frozen=True)
class ContactFacts:
    first_name: str = ""
    last_name: str = ""
    title: str = ""
    role: str = ""
    language: str = ""
    time_zone: str = ""
    birthday: str = ""
    about: str = ""
    emails: tuple[EmailFacts, ...] = ()
    phones: tuple[PhoneFacts, ...] = ()
    primary: bool = False
    id: int | None = field(default=None, compare=False)

    @property
    def says_something(self) -> bool:
        return bool(self.first_name or self.last_name or self.emails or self.phones)

    @property
    def lines(self) -> list[tuple[str, ...]]:
        return [email.line for email in self.emails] + [phone.line for phone in self.phones]

    def said_twice(self, before: Collection[tuple[str, ...]] = ()) -> dict[str, str]:
        """A sentence, by its path, for each address and number that stands here once too often.

        What stood twice `before` may go on so: a file may have brought it.
        """
        had, seen, found = Counter(before), Counter[tuple[str, ...]](), {}
        lines = [
            (f"emails.{n}.address", "email", email.line) for n, email in enumerate(self.emails)
        ]
        lines += [
            (f"phones.{n}.number", "number", phone.line) for n, phone in enumerate(self.phones)
        ]
        for path, noun, line in lines:
            seen[line] += 1
            if seen[line] > max(1, had[line]):
                found[path] = f"This contact has this {noun} already"
        return found


@dataclass(frozen=True)
class LocationFacts:
    name: str = ""
    kind: str = ""
    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = ""
    primary: bool = False
    id: int | None = field(default=None, compare=False)

    @property
    def says_something(self) -> bool:
        return any(getattr(self, f.name) for f in fields(self) if f.type == "str")

    @property
    def address(self) -> Address:
        return Address(
            self.line1, self.line2, self.city, self.state, self.postal_code, self.country
        )


@dataclass(frozen=True)
class CustomerFacts:
    """Clean facts; `owner`, `store` and `group` stay with the action, which knows the rows."""

    first_name: str = ""
    last_name: str = ""
    company: str = ""
    type: str = CustomerType.LEAD
    source: str = ""
    source_other: str = ""
    tags: tuple[str, ...] = ()
    contacts: tuple[ContactFacts, ...] = ()
    locations: tuple[LocationFacts, ...] = ()
    external_ids: tuple[tuple[str, str], ...] = ()

    @property
    def is_company(self) -> bool:
        return not (self.first_name or self.last_name)

    @property
    def name(self) -> str:
        return names.person(self.first_name, self.last_name) or self.company

    @property
    def sort_name(self) -> str:
        return names.fold(
            f"{self.last_name} {self.first_name}" if not self.is_company else self.name
        )


class _Reader:
    """Reads one mapping, collecting what is wrong under each field's path."""

    def __init__(self, raw: Mapping[str, Any], path: str, errors: dict[str, str]) -> None:
        self.raw, self.path, self.errors = raw, path, errors

    def wrong(self, key: str, sentence: str) -> None:
        self.errors.setdefault(f"{self.path}{key}", sentence)

    def text(self, key: str, limit: int) -> str:
        value = self.raw.get(key)
        if value is None:
            return ""
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            self.wrong(key, "This must be text")
            return ""
        cleaned = names.clean(value) if len(value) <= limit * 8 else value
        if len(cleaned) > limit:
            self.wrong(key, f"This is longer than {limit} characters")
            return cleaned[:limit]
        return cleaned

    def choice(self, key: str, choices: type[Any], default: str) -> str:
        value = self.text(key, 40).lower().replace(" ", "_").replace("-", "_")
        if not value:
            return default
        if value not in choices.values:
            self.wrong(key, "This must be one of " + ", ".join(choices.values))
            return default
        return value

    def read(self, key: str, read: Callable[[str], str], limit: int) -> str:
        """Text that `read` understands, or refuses with a `ValueError` for people."""
        try:
            return read(self.text(key, limit))
        except ValueError as problem:
            self.wrong(key, str(problem))
            return ""

    def lines(self, key: str, limit: int) -> str:
        """Text of several lines."""
        value = self.raw.get(key)
        if value is not None and not isinstance(value, str):
            self.wrong(key, "This must be text")
            return ""
        cleaned = names.lines(value or "", limit)
        if cleaned is None:
            self.wrong(key, f"This is longer than {limit:,} characters")
        return cleaned or ""

    def moment(self, key: str) -> datetime | None:
        """A time with its zone."""
        value = self.raw.get(key)
        if value is None or (isinstance(value, datetime) and value.tzinfo is not None):
            return value
        self.wrong(key, "This must be a time with its zone")
        return None

    def ident(self) -> int | None:
        """The id of a row that stays the same row; anything else is a new one."""
        value = self.raw.get("id")
        return value if type(value) is int and 0 < value < 2**63 else None

    def flag(self, key: str) -> bool:
        return self.raw.get(key) is True or self.raw.get("is_" + key) is True

    def each(self, key: str, read: Callable[[_Reader], Any], limit: int) -> list[Any]:
        value = self.raw.get(key)
        if value is None:
            return []
        if not isinstance(value, list | tuple):
            self.wrong(key, "This must be a list")
            return []
        if len(value) > limit:
            self.wrong(key, f"At most {limit} are kept")
            return []
        found = []
        for n, item in enumerate(value):
            if isinstance(item, Mapping):
                found.append(read(_Reader(item, f"{self.path}{key}.{n}.", self.errors)))
            else:
                self.wrong(f"{key}.{n}", "This must be an object")
        return found


def clean(raw: Mapping[str, Any], *, region: str = "US") -> CustomerFacts:
    """Facts from nested plain data shaped as in the API; raises `Invalid` with every problem.

    `email` and `phone` at the top are short for the primary contact's. `region` (ISO alpha-2) is
    where a phone number without country code is taken to be.
    """
    errors: dict[str, str] = {}
    top = _Reader(raw, "", errors)
    facts = CustomerFacts(
        first_name=top.text("first_name", 100),
        last_name=top.text("last_name", 100),
        company=top.text("company", 200),
        type=top.choice("type", CustomerType, CustomerType.LEAD),
        source=top.choice("source", Source, ""),
        source_other=top.text("source_other", 100),
        tags=clean_tags(top),
        locations=one_primary(top.each("locations", clean_location, MOST["locations"])),
        external_ids=_external_ids(top),
    )
    facts = _with_whole_name(facts, top)
    region = next((p.country for p in facts.locations if p.primary and p.country), region)
    found = top.each("contacts", lambda r: clean_contact(r, region), MOST["contacts"])
    facts = replace(facts, contacts=_contacts(facts, found, top, region))
    if not facts.name:
        _name_from_contacts_or_error(facts, top)
        primary = next((c for c in facts.contacts if c.primary), ContactFacts())
        facts = replace(facts, first_name=primary.first_name, last_name=primary.last_name)
    if facts.source_other and facts.source not in ("", Source.OTHER):
        facts = replace(facts, source_other="")
    if facts.source_other and not facts.source:
        facts = replace(facts, source=Source.OTHER)
    if errors:
        raise Invalid(errors)
    return facts


def read_contact(raw: Mapping[str, Any], *, region: str = "US") -> ContactFacts:
    """One contact by itself; raises `Invalid` with paths like `emails.0.address`."""
    errors: dict[str, str] = {}
    found = clean_contact(_Reader(raw, "", errors), region)
    if errors:
        raise Invalid(errors)
    return found


def read_location(raw: Mapping[str, Any]) -> LocationFacts:
    """One place by itself; raises `Invalid`."""
    errors: dict[str, str] = {}
    found = clean_location(_Reader(raw, "", errors))
    if errors:
        raise Invalid(errors)
    return found


def _with_whole_name(facts: CustomerFacts, top: _Reader) -> CustomerFacts:
    """A single `name` is split at its last space, unless the parts are given, or the company's."""
    whole = top.text("name", 200)
    if not whole or facts.first_name or facts.last_name or whole == facts.company:
        return facts
    first, _, last = whole.rpartition(" ")
    if len(first) > 100 or len(last) > 100:
        return replace(facts, company=facts.company or whole)
    return replace(facts, first_name=first or last, last_name=last if first else "")


def _name_from_contacts_or_error(facts: CustomerFacts, top: _Reader) -> None:
    if not any(c.primary and (c.first_name or c.last_name) for c in facts.contacts):
        top.wrong("name", "A customer needs a name: a first or last name, or a company")


def _contacts(
    facts: CustomerFacts, found: list[ContactFacts], top: _Reader, region: str
) -> tuple[ContactFacts, ...]:
    short = clean_contact(
        _Reader({"email": top.raw.get("email"), "phone": top.raw.get("phone")}, "", top.errors),
        region,
    )
    contacts = [c for c in found if c.says_something]
    if not contacts and (short.says_something or not facts.is_company):
        contacts = [ContactFacts(facts.first_name, facts.last_name, primary=True)]
    contacts = list(one_primary(contacts))
    if not contacts:
        return ()
    at = next(n for n, c in enumerate(contacts) if c.primary)
    known = {emails.normal(e.address) for e in contacts[at].emails}
    contacts[at] = replace(
        contacts[at],
        first_name=contacts[at].first_name
        or (facts.first_name if not contacts[at].last_name else ""),
        last_name=contacts[at].last_name
        or (facts.last_name if not contacts[at].first_name else ""),
        emails=tuple(e for e in short.emails if emails.normal(e.address) not in known)
        + contacts[at].emails,
        phones=tuple(p for p in short.phones if p not in contacts[at].phones) + contacts[at].phones,
    )
    return tuple(contacts)


def one_primary(items: list[Any]) -> tuple[Any, ...]:
    """Exactly one primary among these: the first that claims it, else the first."""
    if not items:
        return ()
    at = next((n for n, item in enumerate(items) if item.primary), 0)
    return tuple(replace(item, primary=n == at) for n, item in enumerate(items))


def clean_contact(reader: _Reader, region: str) -> ContactFacts:
    raw = reader.raw
    emails_given = list(raw.get("emails") or []) if isinstance(raw.get("emails"), list) else []
    phones_given = list(raw.get("phones") or []) if isinstance(raw.get("phones"), list) else []
    if raw.get("email"):
        emails_given.insert(0, {"address": raw["email"], "consent": raw.get("email_consent")})
    if raw.get("phone"):
        phones_given.insert(0, {"number": raw["phone"]})
    both = _Reader({"emails": emails_given, "phones": phones_given}, reader.path, reader.errors)
    short_email, short_phone = bool(raw.get("email")), bool(raw.get("phone"))
    return ContactFacts(
        first_name=reader.text("first_name", 100),
        last_name=reader.text("last_name", 100),
        title=reader.text("title", 100),
        role=reader.text("role", 60),
        language=reader.read("language", languages.read, 60),
        time_zone=reader.read("time_zone", zones.read, 60),
        birthday=reader.read("birthday", birthdays.read, 40),
        about=reader.lines("about", 2_000),
        emails=tuple(
            e for e in both.each("emails", lambda r: _email(r, short_email), MOST["emails"]) if e
        ),
        phones=tuple(
            p
            for p in both.each("phones", lambda r: _phone(r, region, short_phone), MOST["emails"])
            if p
        ),
        primary=reader.flag("primary"),
        id=reader.ident(),
    )


def _named(reader: _Reader, short: bool, many: str, key: str, one: str) -> tuple[_Reader, str]:
    """The first of a list given by its short name is blamed under that name."""
    if short and reader.path.endswith(f"{many}.0."):
        return _Reader(reader.raw, reader.path.removesuffix(f"{many}.0."), reader.errors), one
    return reader, key


def _email(reader: _Reader, short: bool) -> EmailFacts | None:
    blamed, key = _named(reader, short, "emails", "address", "email")
    value = reader.raw.get("address")
    if not value or (isinstance(value, str) and not value.strip()):
        return None
    try:
        address = emails.clean(value if isinstance(value, str) else str(value))
    except ValueError as problem:
        blamed.wrong(key, str(problem))
        return None
    return EmailFacts(
        address,
        label=reader.text("label", 40),
        status=reader.choice("status", Status, Status.UNKNOWN),
        consent=reader.choice("consent", Consent, Consent.UNKNOWN),
        consent_basis=reader.text("consent_basis", 100),
        consent_at=reader.moment("consent_at"),
        consent_how=reader.choice("consent_how", Method, "").replace(Method.MERGE, ""),
        id=reader.ident(),
    )


def _phone(reader: _Reader, region: str, short: bool) -> PhoneFacts | None:
    blamed, key = _named(reader, short, "phones", "number", "phone")
    value = reader.raw.get("number") or reader.raw.get("typed")
    if not isinstance(value, str | int) or isinstance(value, bool):
        if value:
            blamed.wrong(key, "This must be text")
        return None
    typed = names.clean(str(value))
    if not typed:
        return None
    if len(typed) > phones.MAX_LENGTH:
        blamed.wrong(key, f"This is longer than {phones.MAX_LENGTH} characters")
        return None
    number = phones.read(typed, region)
    if not 3 <= len(number.digits) <= 30:
        blamed.wrong(key, f"“{typed[:40]}” is not a phone number")
        return None
    return PhoneFacts(
        number,
        label=reader.text("label", 40),
        status=reader.choice("status", Status, Status.UNKNOWN),
        call_consent=reader.choice("call_consent", Consent, Consent.UNKNOWN),
        text_consent=reader.choice("text_consent", Consent, Consent.UNKNOWN),
        id=reader.ident(),
    )


def clean_location(reader: _Reader) -> LocationFacts:
    country = reader.read("country", countries.read, countries.LONGEST)
    return LocationFacts(
        name=reader.text("name", 100),
        kind=reader.choice("kind", LocationKind, ""),
        line1=reader.text("line1", 200),
        line2=reader.text("line2", 200),
        city=reader.text("city", 100),
        state=reader.text("state", 100),
        postal_code=addresses.postal_code(reader.text("postal_code", 20), country),
        country=country,
        primary=reader.flag("primary"),
        id=reader.ident(),
    )


def clean_tags(top: _Reader) -> tuple[str, ...]:
    value = top.raw.get("tags")
    if value is None:
        return ()
    if not isinstance(value, list | tuple) or not all(isinstance(t, str) for t in value):
        top.wrong("tags", "This must be a list of names")
        return ()
    found: dict[str, str] = {}
    for name in value:
        name = names.clean(name)
        if len(name) > 60:
            top.wrong("tags", "A tag has at most 60 characters")
        elif name:
            found.setdefault(name.lower(), name)
    if len(found) > MOST["tags"]:
        top.wrong("tags", f"At most {MOST['tags']} tags are kept")
    return tuple(found.values())


def _external_ids(top: _Reader) -> tuple[tuple[str, str], ...]:
    value = top.raw.get("external_ids")
    if value is None:
        return ()
    if not isinstance(value, Mapping) or len(value) > MOST["external_ids"]:
        top.wrong("external_ids", "This must be an object of at most 20 systems and ids")
        return ()
    reader = _Reader(value, "external_ids.", top.errors)
    found = []
    for system in value:
        name, ident = names.clean(str(system)), reader.text(system, 200)
        if not name or len(name) > 60:
            top.wrong("external_ids", "A system's name has 1 to 60 characters")
        elif ident:
            found.append((name, ident))
    return tuple(found)
