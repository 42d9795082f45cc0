"""Checks an address at once and without asking anybody: ZIP, town and state, and its form."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from regulars.customers.models import CheckLevel
from regulars.lib import addresses
from regulars.lib.addresses import STATES, Address, state_code

from . import street, zips
from .contract import Checked
from .zips import Zip, folded

TERRITORIES = {"PR", "GU", "VI", "AS", "MP", "PW", "MH", "FM"}
CLOSE = 0.74  # to the name of the ZIP code's own town
CLOSER = 0.85  # to any town of the state
MILITARY = {"AA", "AE", "AP"}
SHOWN = 4


@dataclass
class _Found:
    """What comparing town, state and ZIP brought: what to write instead, and what was wrong."""

    fixed: Address
    zip: Zip | None = None
    agrees: bool = False
    wrong: bool = False
    reasons: list[str] = field(default_factory=list)

    def is_wrong(self, reason: str, fixed: Address | None = None) -> _Found:
        self.wrong = True
        self.reasons.append(reason)
        self.fixed = fixed or self.fixed
        return self


def check(address: Address) -> Checked:
    """The level reached, with a suggestion where something can be written better."""
    if not address.says_something:
        return Checked()
    country = addresses.country_of(address)
    if country in TERRITORIES:
        country, address = "US", replace(address, country="US", state=address.state or country)
    if country != "US":
        return _abroad(address, country)
    found = _compared(address)
    if found.wrong and _may_be_elsewhere(address, found):
        return _abroad(address, "")
    reads = street.reads(address)
    if (address.line1 or address.line2) and not reads:
        found.reasons.append("The street has no house number and is no box")
    line1, line2 = street.better(address)
    suggestion = replace(found.fixed, line1=line1, line2=line2)
    return Checked(
        level=_level(found, reads),
        suggestion=suggestion if suggestion != address else None,
        reasons=tuple(found.reasons),
        county=found.zip.county if found.zip else "",
        position=found.zip.position if found.zip else None,
    )


def _level(found: _Found, reads: bool) -> CheckLevel:
    if found.wrong:
        return CheckLevel.REFUSED
    if found.agrees:
        return CheckLevel.PLACE
    return CheckLevel.FORMAT if reads else CheckLevel.UNCHECKED


def _may_be_elsewhere(address: Address, found: _Found) -> bool:
    """Five digits are a code in many countries: nothing else says that this is the US."""
    if address.country or state_code(address.state):
        return False
    return not get_close_matches(folded(address.city), [folded(found.fixed.city)], 1, CLOSE) or (
        found.zip is None
    )


def _abroad(address: Address, country: str) -> Checked:
    """Stored as it is: our rules are those of the US."""
    if not country:
        return Checked(reasons=("Not checked: no country, state or ZIP code says where it is",))
    code = addresses.postal_code(address.postal_code, country)
    better = replace(address, postal_code=code)
    reasons = ["Not checked outside the US"]
    if country == "CA" and address.postal_code and not addresses.CANADIAN.fullmatch(code):
        reasons.append("A Canadian postal code looks like K1A 0B1")
    return Checked(suggestion=better if better != address else None, reasons=tuple(reasons))


def _compared(address: Address) -> _Found:
    state = state_code(address.state)
    found = _Found(fixed=_well_written(address, state))
    code = address.postal_code.strip()
    if code and not addresses.ZIP.fullmatch(code):
        return _odd_code(address, state, code, found)
    if code:
        zip = zips.find(code[:5])
        return _with_zip(address, state, zip, found) if zip else _no_such_zip(address, state, found)
    return _without_zip(address, state, found)


def _well_written(address: Address, state: str) -> Address:
    city = address.city
    if city and city == city.lower():
        city = " ".join(word[:1].upper() + word[1:] for word in city.split())
    code = addresses.postal_code(address.postal_code, "US")
    return replace(address, city=city, state=state or address.state, postal_code=code)


def _odd_code(address: Address, state: str, code: str, found: _Found) -> _Found:
    """Spreadsheets eat the zeros that ZIP codes of the East begin with."""
    padded = code.zfill(5) if re.fullmatch("[0-9]{3,4}", code) else ""
    zip = zips.find(padded)
    reason = f"“{code}” is no ZIP code: it has five digits"
    if zip and (not state or zip.state == state):
        found.zip = zip
        return found.is_wrong(reason, _at(found.fixed, zip, keep_city=bool(address.city)))
    return found.is_wrong(reason, _by_town(address, state, found.fixed))


def _at(fixed: Address, zip: Zip, *, keep_city: bool = False) -> Address:
    code = fixed.postal_code if fixed.postal_code[:5] == zip.code else zip.code
    city = fixed.city if keep_city and zip.goes_by(folded(fixed.city)) else zip.city
    return replace(fixed, city=city, state=zip.state, postal_code=code)


def _no_such_zip(address: Address, state: str, found: _Found) -> _Found:
    code = address.postal_code[:5]
    if state in MILITARY:
        found.reasons.append(f"Our list has no {code}: military ZIP codes come and go")
        return found
    towns = _codes(address, state)
    near = _nearest(code, towns)
    fixed = replace(found.fixed, postal_code=near) if near else _by_town(
        address, state, found.fixed
    )  # fmt: skip
    return found.is_wrong(f"No place has the ZIP code {code}", fixed)


def _codes(address: Address, state: str) -> tuple[Zip, ...]:
    return zips.towns(state).get(folded(address.city), ()) if state and address.city else ()


def _by_town(address: Address, state: str, fixed: Address) -> Address:
    """With the town's ZIP code when it has only one."""
    codes = _fitting(address, _codes(address, state))
    return replace(fixed, postal_code=codes[0].code) if len(codes) == 1 else fixed


def _fitting(address: Address, codes: tuple[Zip, ...]) -> tuple[Zip, ...]:
    """Boxes have codes of their own, which no street has."""
    if street.is_box(address.line1):
        return codes
    return tuple(code for code in codes if code.is_ordinary) or codes


def _nearest(typed: str, codes: tuple[Zip, ...]) -> str:
    """The one code that is a slip of the finger away: another digit, or two that changed places."""

    def is_slip(code: str) -> bool:
        differ = [n for n in range(5) if typed[n] != code[n]]
        if len(differ) == 2 and differ[1] == differ[0] + 1:
            return typed[differ[0]] == code[differ[1]] and typed[differ[1]] == code[differ[0]]
        return len(differ) == 1

    near = [code.code for code in codes if is_slip(code.code)]
    return near[0] if len(near) == 1 else ""


def _with_zip(address: Address, state: str, zip: Zip, found: _Found) -> _Found:
    city = folded(address.city)
    where = f"{zip.code} is {zip.city}, {zip.state}"
    if state and state != zip.state:
        return _other_state(address, state, zip, found)
    found.zip = zip
    if not city:
        found.fixed = _at(found.fixed, zip)
        found.reasons.append(f"The city is missing: {where}")
    elif zip.goes_by(city):
        found.agrees = True
        found.fixed = _at(found.fixed, zip, keep_city=city in zip.names)
        if address.state and not state:
            found.reasons.append(f"“{address.state}” is written {zip.state}")
        if city not in zip.names:
            found.reasons.append(f"The post calls it {zip.city}")
    else:
        return _other_town(address, zip, found, where)
    return found


def _other_state(address: Address, state: str, zip: Zip, found: _Found) -> _Found:
    city = folded(address.city)
    where = f"{zip.code} is {zip.city}, {zip.state}"
    if not city or zip.goes_by(city):
        found.zip = zip
        reason = f"{zip.code} is in {STATES.get(zip.state, zip.state)}, not {STATES[state]}"
        return found.is_wrong(reason, _at(found.fixed, zip, keep_city=bool(city)))
    codes = _codes(address, state)
    if codes:
        fixed = _by_town(address, state, replace(found.fixed, postal_code=""))
        near = _nearest(zip.code, codes) or fixed.postal_code
        kept = replace(found.fixed, postal_code=near) if near else found.fixed
        return found.is_wrong(f"{where}, not {found.fixed.city}, {state}", kept)
    return found.is_wrong(f"{where}, not {STATES[state]}", _at(found.fixed, zip))


def _other_town(address: Address, zip: Zip, found: _Found, where: str) -> _Found:
    """A slip in the name, a slip in the code, or neither."""
    city = folded(address.city)
    if get_close_matches(city, zip.names, 1, CLOSE):
        return found.is_wrong(where, _at(found.fixed, zip))
    near = _nearest(zip.code, _codes(address, zip.state))
    if near:
        slip = replace(found.fixed, state=zip.state, postal_code=near)
        return found.is_wrong(f"{where}, not {found.fixed.city}", slip)
    return found.is_wrong(f"{where}, not {found.fixed.city}", _at(found.fixed, zip))


def _without_zip(address: Address, state: str, found: _Found) -> _Found:
    city = folded(address.city)
    if address.state and not state:
        found.reasons.append(f"“{address.state}” is no state of the US")
    if not (city and state):
        if not address.postal_code:
            found.reasons.append("The ZIP code is missing")
        return found
    codes = _codes(address, state)
    if not codes:
        close = get_close_matches(city, zips.towns(state), 1, CLOSER)
        if not close:
            found.reasons.append(f"No ZIP code is known in {found.fixed.city}, {state}")
            return found
        codes = zips.towns(state)[close[0]]
        town = next((code.city for code in codes if folded(code.city) == close[0]), codes[0].city)
        found.fixed = replace(found.fixed, city=town)
        found.reasons.append(f"There is no {address.city} in {STATES[state]}")
    return _one_of(_fitting(address, codes), found)


def _one_of(codes: tuple[Zip, ...], found: _Found) -> _Found:
    """The town's only code is a suggestion; of several the centre of the first will do."""
    found.zip = codes[0]
    if len({code.county for code in codes}) > 1:
        found.zip = codes[0]._replace(county="")
    if len(codes) == 1:
        found.reasons.append("The ZIP code is missing")
        found.fixed = replace(found.fixed, postal_code=codes[0].code)
        return found
    some = ", ".join(code.code for code in codes[:SHOWN])
    more = " …" if len(codes) > SHOWN else ""
    found.reasons.append(f"The ZIP code is missing: {found.fixed.city} has {some}{more}")
    return found
