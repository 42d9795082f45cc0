"""Reading what somebody typed or chose: the value as it is kept, or a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from regulars.customers import facts
from regulars.customers.models import Source
from regulars.lib import numbers
from regulars.lib.errors import Invalid

from .keys import At
from .sheet import Fact, Kind

YES = frozenset({"yes", "on", "true", "1"})
MOST_PLACES = 99


def read(at: At, said: str, *, region: str = "US") -> str:
    """The value as kept; raises `Invalid` under "value".

    Every value is text: "yes" or "" for a flag, a row's id for what is chosen among rows,
    "other:Trade fair" for a source of their own. `region` is where a number without a country
    code is.
    """
    try:
        return _read(at, said, region)
    except Invalid as no:
        raise Invalid({"value": next(iter(no.errors.values()))}) from None


def _read(at: At, said: str, region: str) -> str:
    kind = at.fact.kind
    if kind is Kind.CHOICE:
        return _chosen(at.fact, said)
    if kind is Kind.FLAG:
        return "yes" if said.strip().lower() in YES else ""
    if kind is Kind.ORDER:
        return _place(said)
    return _text(at, said, region)


def _place(said: str) -> str:
    if not (said.isascii() and said.isdigit() and len(said) < 4):
        raise Invalid({"value": "This must be a place in the list, counted from 0"})
    return str(min(int(said), MOST_PLACES))


def _chosen(fact: Fact, said: str) -> str:
    value, _, words = said.strip().partition(":")
    if fact.name == "source" and value == Source.OTHER:
        return _other(words)
    value = said.strip()
    if fact.offers:
        wrong = bool(value) and numbers.whole(value) is None
    else:
        wrong = value not in dict(fact.choices) and bool(value)
    if wrong:
        raise Invalid({"value": "Choose one of the list"})
    if fact.needed and not value:
        raise Invalid({"value": "Choose one"})
    return value


def _other(words: str) -> str:
    kept = facts.clean({"company": "-", "source_other": words}).source_other if words else ""
    if not kept:
        raise Invalid({"value": "Say which other source"})
    return f"{Source.OTHER}:{kept}"


def _text(at: At, said: str, region: str) -> str:
    name = at.fact.name
    if at.of == "customer":
        # Whether the customer still has a name is asked where all three parts are known.
        return str(getattr(facts.clean({"first_name": "-", "company": "-", name: said}), name))
    if at.of == "location":
        return str(getattr(facts.read_location({name: said}), name))
    if at.fact.adds or name in ("address", "number"):
        return _reach(at, said, region)
    if at.of == "contact":
        return str(getattr(facts.read_contact({name: said}), name))
    return _label(at.of, {name: said})


def _reach(at: At, said: str, region: str) -> str:
    """An email address or a phone number; nothing is read from nothing."""
    if at.fact.inputmode == "email":
        found = facts.read_contact({"email": said}).emails
        return found[0].address if found else ""
    numbers = facts.read_contact({"phone": said}, region=region).phones
    return numbers[0].number.typed if numbers else ""


def _label(of: str, raw: Mapping[str, Any]) -> str:
    if of == "email":
        return facts.read_contact({"emails": [{"address": "a@example.com", **raw}]}).emails[0].label
    return facts.read_contact({"phones": [{"number": "5550100", **raw}]}).phones[0].label


def same(one: str, other: str) -> bool:
    """Whether two values say the same; browsers send line ends their own way."""
    return _plain(one) == _plain(other)


def _plain(value: str) -> str:
    return value.replace("\r\n", "\n").replace("\r", "\n").strip()
