"""By what two customers find each other: a few values that the same person writes alike."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from .features import Features

LOOKED_AT = 60  # customers behind one key; more of them say nothing by themselves
CANDIDATES = 150


def keys(one: Features) -> list[int]:
    """At most a few dozen signed 64-bit numbers, each a value and its kind."""
    return [_number(text) for text in dict.fromkeys(_texts(one))]


def _number(text: str) -> int:
    digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _texts(one: Features) -> Iterator[str]:
    yield from (f"e{mailbox}" for mailbox in one.emails)
    yield from (f"p{number}" for number in one.phones)
    yield from (f"a{home}" for home in one.homes)
    if one.company:
        yield f"c{one.company}"
        yield f"w{one.words}"
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
            yield f"z{part}|{one.code}"
        if one.canon and one.zip3:
            yield f"n{part}|{one.canon}|{one.zip3}"
        if one.canon and one.local:
            yield f"q{part}|{one.canon}|{one.local[:4]}"
        if one.canon and one.born:
            yield f"y{part}|{one.canon}|{one.born[:4]}"
    if one.sounds and one.canon and one.code:
        yield f"m{one.sounds}|{one.canon}|{one.code}"
    if one.last and one.first and one.code:
        yield f"s{min(one.first, one.last)}|{max(one.first, one.last)}|{one.zip3}"
    yield from _of_doors(one)
    if one.born:
        yield f"y{one.born}"
        yield f"x{one.initial}{one.sounds}"[:40] + one.born[:4]
    yield from (f"l{local}" for local in one.locals if len(local) > 5)
    # Nothing but a name: only a rare one leads anywhere, and the look-up is capped.
    if one.last and one.first:
        yield f"f{one.first}|{one.last}"


def _of_doors(one: Features) -> Iterator[str]:
    """Where either name, the street or the code is misspelled, the others still meet."""
    if one.house and one.code:
        yield f"h{one.house}|{one.code}"
    if one.house and one.town:
        yield f"h{one.house}|{one.town}"
    if one.town and one.first and one.last:  # in whichever field they stand
        yield f"v{one.first}|{one.last[0]}|{one.town}"
        yield f"v{one.last}|{one.first[0]}|{one.town}"
    for name in filter(None, (one.canon, one.sounds)):
        if one.house and one.zip3:
            yield f"k{one.house}|{name}|{one.zip3}"
        if one.street:
            yield f"t{one.street[:6]}|{name}|{(one.town or '')[:4]}"
        if one.street and one.code:
            yield f"u{one.street[:6]}|{one.code}|{name[0]}"
