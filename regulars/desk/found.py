"""Why a search found somebody: which words of theirs it was. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from regulars.customers.cards import Card
from regulars.customers.search import MIN_DIGITS
from regulars.lib import names

KINDS = {
    "name": "By name",
    "company": "By company",
    "contact": "By a person there",
    "email": "By email",
    "phone": "By phone",
    "other": "By something else we know",
}
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Why:
    """`kind` is one of `KINDS`; `before`, `match` and `after` are the words found, cut in three."""

    kind: str
    before: str = ""
    match: str = ""
    after: str = ""

    @property
    def text(self) -> str:
        return self.before + self.match + self.after


def is_too_short(q: str) -> bool:
    """A single letter, or fewer digits than a number is found by."""
    return len(q) < 2 or (q.isdecimal() and len(q) < MIN_DIGITS)


def why(q: str, card: Card) -> Why:
    """The detail of this card that `q` begins, or for a number also ends."""
    by_address = [("email", _in_address(q, email.address)) for email in card.emails]
    by_words = [
        (kind, _in_words(q, text))
        for kind, text in (("name", card.customer.name), ("company", card.customer.company))
    ]
    for kind, found in by_address + by_words if "@" in q else by_words + by_address:
        if found:
            return Why(kind, *found)
    for phone in card.phones:
        found = _in_digits(q, phone.shown, phone.digits)
        if found:
            return Why("phone", *found)
    return Why("other")


def by_contact(q: str, names_there: Iterable[str]) -> Why:
    """For a hit that none of the card's own details explain: a person to reach there."""
    for name in names_there:
        found = _in_words(q, name)
        if found:
            return Why("contact", *found)
    return Why("other")


def first(reasons: Iterable[Why]) -> Why:
    """The first that says something."""
    return next((why for why in reasons if why.kind != "other"), Why("other"))


def grouped(hits: Iterable[tuple[T, Why]]) -> list[tuple[str, list[tuple[T, Why]]]]:
    """Hits under their headings, in the order of `KINDS`; whose name begins so comes first."""
    groups: dict[str, list[tuple[T, Why]]] = {}
    for row, reason in hits:
        groups.setdefault(reason.kind, []).append((row, reason))
    for kind in ("name", "company", "contact"):
        groups.get(kind, []).sort(key=lambda hit: not hit[1].match or bool(hit[1].before))
    return [(label, groups[kind]) for kind, label in KINDS.items() if kind in groups]


Cut = tuple[str, str, str]


def _in_words(q: str, text: str) -> Cut | None:
    """Where a word of `text` begins with `q`, accents aside; uncut when words changed place."""
    sought = names.fold(q)
    if not sought or not text:
        return None
    folded, places = _folded(text)
    at = f" {folded}".find(f" {sought}")
    if at >= 0:
        start, end = places[at], places[at + len(sought) - 1] + 1
        return text[:start], text[start:end], text[end:]
    first, _, last = folded.partition(" ")
    turned = f" {last} {first}".find(f" {sought}") >= 0
    return (text, "", "") if turned else None


def _folded(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its letters the place it comes from."""
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        plain = names.fold(character)
        if not plain and (character in "'’" or unicodedata.combining(character)):
            continue
        if not plain and (not letters or letters[-1] == " "):
            continue
        for letter in plain or " ":
            letters.append(letter)
            places.append(place)
    return "".join(letters).rstrip(), places


def _in_address(q: str, address: str) -> Cut | None:
    sought, whole = q.lower(), address.lower()
    if " " in sought or len(sought) < 2:
        return None
    if whole.startswith(sought):
        return "", address[: len(sought)], address[len(sought) :]
    domain = whole.find("@")
    if domain >= 0 and whole[domain:].startswith(sought):
        end = domain + len(sought)
        return address[:domain], address[domain:end], address[end:]
    return None


def _in_digits(q: str, shown: str, digits: str) -> Cut | None:
    """Where the number as shown begins or ends with the digits of `q`."""
    sought = "".join(str(int(c)) for c in q if c.isdecimal())
    if len(sought) < MIN_DIGITS:
        return None
    places = [place for place, c in enumerate(shown) if c.isdecimal()]
    there = "".join(shown[place] for place in places)
    at = there.rfind(sought) if there.endswith(sought) else there.find(sought)
    if at < 0:
        known = digits.startswith(sought) or digits.endswith(sought)
        return (shown, "", "") if known else None
    start, end = places[at], places[at + len(sought) - 1] + 1
    return shown[:start], shown[start:end], shown[end:]
