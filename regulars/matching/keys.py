"""By what two customers find each other: a few values that the same person writes alike."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from .features import Features

LOOKED_AT = 60  # customers behind one key; more of them say nothing by themselves
NAMESAKES = 6  # the same for keys of hardly more than a name: who shares a common one is a stranger
CANDIDATES = 150


def keys(one: Features) -> list[int]:
    """At most a few dozen signed 64-bit numbers, each a value and its kind.

    The last bit is set in keys of hardly more than a name.
    """
    return [_number(text) for text in dict.fromkeys(_texts(one))]


def most(key: str) -> str:
    """How many customers behind this key are too many to be looked at, in SQL."""
    return f"CASE {key} & 1 WHEN 1 THEN {NAMESAKES} ELSE {LOOKED_AT} END"


def _number(text: str) -> int:
    digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
    number = int.from_bytes(digest, "big", signed=True)
    return number | 1 if text[0] in _NAMES else number & ~1


_NAMES = "finqsvz"


def _texts(one: Features) -> Iterator[str]:
    yield from (f"e{mailbox}" for mailbox in one.emails)
    yield from (f"p{number}" for number in one.phones)
    yield from (f"a{home}" for home in one.homes)
    if one.company:
        yield f"c{one.company}"
        yield f"w{one.words}"
    yield from (f"c{trade}" for trade in one.trades)
    if one.kind == "c":
        yield from _of_firms(one)
    else:
        yield from _of_people(one)


def _of_firms(one: Features) -> Iterator[str]:
    yield from (f"d{domain}" for domain in one.domains)
    yield from (f"e{mailbox}" for mailbox in one.roles)
    if one.company and one.zip3:
        yield f"b{one.company[:6]}|{one.zip3}"


def _of_people(one: Features) -> Iterator[str]:
    for part in dict.fromkeys((*((one.last,) if one.last else ()), *one.parts)):
        if one.code:
            yield f"z{part}|{one.code}|{one.initial}"
        if one.canon and one.zip3 and len(one.parts) > 1:
            yield f"n{part}|{one.canon}|{one.zip3}"
        if one.canon and one.local:
            yield f"q{part}|{one.canon}|{one.local[:4]}"
    if one.sounds and one.canon and one.code:
        yield f"m{one.sounds}|{one.canon}|{one.code}"
        yield f"i{one.sounds}|{one.canon}|{one.zip3}"
    if one.last and one.first and one.zip3:
        yield f"s{min(one.first, one.last)}|{max(one.first, one.last)}|{one.zip3}"
    yield from _of_doors(one)
    yield from _of_birthdays(one)
    # What a mailbox says beyond the name is taken along to another provider.
    if one.rest:
        yield from (f"l{local}" for local in one.locals if len(local) > 5)
    if one.last and one.first:
        yield f"f{one.first}|{one.last}"


def _of_birthdays(one: Features) -> Iterator[str]:
    if one.born:
        yield from (f"y{one.born}|{letter}" for letter in _letters(one))
        yield from (f"y{part}|{one.canon}|{one.born[:4]}" for part in one.parts if one.canon)
        yield f"x{one.initial}{one.sounds}"[:40] + one.born[:4]


def _letters(one: Features) -> list[str]:
    """How the names begin, in whichever field they stand."""
    return sorted({name[0] for name in (one.initial, one.last) if name})


def _of_doors(one: Features) -> Iterator[str]:
    """Where either name, the street or the code is misspelled, the others still meet."""
    street = one.street or ""
    if one.house and street:
        yield from (f"h{one.house}|{street[0]}|{at}" for at in (one.code, one.town) if at)
        yield from (f"g{one.house}|{street[:6]}|{letter}" for letter in _letters(one))
    if one.town and one.first and one.last:  # in whichever field they stand
        yield f"v{one.first}|{one.last[0]}|{one.town}"
        yield f"v{one.last}|{one.first[0]}|{one.town}"
    for name in filter(None, (one.canon, one.sounds)):
        if one.house and one.zip3:
            yield f"k{one.house}|{name}|{one.zip3}"
        if street:
            yield f"t{street[:6]}|{name}|{(one.town or '')[:4]}"
    if street and one.code:
        yield f"u{street[:6]}|{one.code}|{''.join(_letters(one))}"
