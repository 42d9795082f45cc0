"""Asks the US Postal Service (Addresses v3) whether mail arrives; only the worker does."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.core.cache import cache

from regulars.customers.models import CheckLevel
from regulars.lib import addresses
from regulars.lib.addresses import Address, state_code

from . import street
from .contract import Checked
from .zips import folded

KEPT = 30 * 24 * 3600
TEXT = 200
LEVELS = {
    "Y": (CheckLevel.CONFIRMED, ()),
    "D": (CheckLevel.NO_UNIT, ("USPS knows the building and asks for the apartment or suite",)),
    "S": (CheckLevel.ODD_UNIT, ("USPS knows the building, but not this apartment or suite",)),
    "N": (CheckLevel.REFUSED, ("USPS does not deliver to this address",)),
}


def is_configured() -> bool:
    return bool(settings.USPS_CLIENT_ID and settings.USPS_CLIENT_SECRET)


def can_be_asked(address: Address) -> bool:
    """A street in the US, its state, and a town or a ZIP code."""
    state = state_code(address.state)
    whole = address.line1 and state and (address.city or address.postal_code)
    return bool(whole) and addresses.country_of(address) == "US"


def ask(address: Address) -> Checked:
    """What USPS says; the answer is kept for a month.

    Raises `NotNow` when it has to be another time, `NotLetIn` when it is no use.
    """
    known = recalled([address]).get(address)
    if known is not None:
        return known
    from . import wire  # the web processes never need it

    found = _read(wire.asked(_question(address)), address)
    cache.set(_key(address), _packed(found), KEPT)
    return found


def recalled(asked: Sequence[Address]) -> dict[Address, Checked]:
    """What USPS said of these lately; asks nobody."""
    keys = {_key(address): address for address in asked if can_be_asked(address)}
    kept = cache.get_many(list(keys)) if keys else {}
    return {keys[key]: _unpacked(packed) for key, packed in kept.items()}


def _key(address: Address) -> str:
    return "usps:1:" + hashlib.sha256(street.key(address).encode()).hexdigest()


def _packed(found: Checked) -> dict[str, Any]:
    better = found.suggestion
    return {
        "level": str(found.level),
        "reasons": list(found.reasons),
        "better": better and {name: getattr(better, name) for name in better.__dataclass_fields__},
    }


def _unpacked(kept: Mapping[str, Any]) -> Checked:
    better = kept["better"]
    return Checked(
        CheckLevel(kept["level"]), Address(**better) if better else None, tuple(kept["reasons"])
    )


def _question(address: Address) -> dict[str, str]:
    said = {
        "streetAddress": address.line1,
        "secondaryAddress": address.line2,
        "city": address.city,
        "state": state_code(address.state),
        "ZIPCode": address.postal_code[:5],
    }
    return {key: text for key, text in said.items() if text}


def _read(answer: Mapping[str, Any] | None, address: Address) -> Checked:
    if answer is None:
        return Checked(CheckLevel.REFUSED, None, ("USPS knows no such address",))
    more, said = answer.get("additionalInfo"), answer.get("address")
    code = more.get("DPVConfirmation") if isinstance(more, dict) else None
    level, reasons = LEVELS[code if isinstance(code, str) and code in LEVELS else "N"]
    better = _better(said, address) if isinstance(said, dict) else None
    return Checked(level, better, reasons)


def _better(said: Mapping[str, Any], address: Address) -> Address | None:
    """The address as USPS has it, when that is another one than was typed."""

    def text(key: str) -> str:
        value = said.get(key)
        return " ".join(value.split())[:TEXT] if isinstance(value, str) else ""

    theirs = replace(
        address,
        line1=text("streetAddress"),
        line2=text("secondaryAddress"),
        city=text("city")[:100],
        state=text("state")[:2],
        postal_code=text("ZIPCode")[:5],
    )
    if not (theirs.line1 and theirs.city and theirs.state):
        return None
    if _same(theirs, address):
        return None
    return replace(
        theirs,
        line1=street.titled(theirs.line1),
        line2=street.titled(theirs.line2),
        city=street.titled(theirs.city),
    )


def _same(theirs: Address, ours: Address) -> bool:
    return (
        street.key(replace(theirs, city="")) == street.key(
            replace(ours, city="", state=state_code(ours.state))
        )
        and folded(theirs.city) == folded(ours.city)
    )  # fmt: skip
