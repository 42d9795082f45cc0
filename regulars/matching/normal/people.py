"""Names of people: first name, its nicknames, family name, and the generation behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from .given import called, canon, known
from .letters import plain, script

_TITLES = {
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "rev", "sir", "madam", "herr",
    "frau", "mme", "mlle", "capt", "sgt", "hon",
}  # fmt: skip
_SUFFIXES = {
    "jr": "jr", "junior": "jr", "jnr": "jr", "sr": "sr", "senior": "sr", "snr": "sr", "ii": "ii",
    "2nd": "ii", "second": "ii", "iii": "iii", "3rd": "iii", "third": "iii", "iv": "iv",
    "4th": "iv", "fourth": "iv", "v": "v", "5th": "v", "fifth": "v",
}  # fmt: skip
_DEGREES = {"md", "phd", "esq", "dds", "dvm", "rn", "cpa", "jd", "mba", "dc", "pe"}
_IN_LAST = frozenset(_SUFFIXES) | _DEGREES
# There a V is the first letter of a second name, and Second a word like any other.
_IN_FIRST = _IN_LAST - {"v", "second", "third", "fourth", "fifth"}
_PARTICLES = {
    "de", "del", "della", "di", "da", "do", "dos", "das", "du", "la", "le", "las", "los", "van",
    "von", "der", "den", "ter", "ten", "el", "al", "bin", "ibn", "ben", "mc", "mac", "o", "st",
    "saint", "san", "santa", "zu", "zur", "af", "av",
}  # fmt: skip
_NOBODY = {
    "", "na", "none", "unknown", "test", "customer", "guest", "client", "noname", "nolastname",
    "nofirstname", "anonymous", "walkin", "cash", "tbd", "null", "lastname", "firstname", "xx",
    "xxx", "asdf",
}  # fmt: skip
# What stands between two who are written as one customer; the short words only before a name.
_AND = {"and", "und", "et", "och", "og", "y", "e"}
_SIGN = re.compile(r"[&+]|(?<=\w{3})/(?=\w{3})")


@dataclass(frozen=True)
class Person:
    """A name taken apart; "" for what is not there. `initial` stands when `first` does not.

    `beside` is who else is written in the first field, `turned` what the last name would stand for
    if it were the first, `script` the letters that nothing Latin can be made of.
    """

    first: str = ""
    initial: str = ""
    nicks: tuple[str, ...] = ()
    canon: str = ""
    last: str = ""
    parts: tuple[str, ...] = ()
    suffix: str = ""
    beside: str = ""
    turned: tuple[str, ...] = ()
    script: str = ""


@lru_cache(maxsize=16_384)
def person(first: str, last: str) -> Person:
    """Read a name in its two fields, as people fill them in."""
    first, last = _two_fields(first, last)
    given, beside = _two_people(_words(_SIGN.sub(" and ", first)))
    given, suffix = _without_suffix([word for word in given if word not in _TITLES], "", _IN_FIRST)
    born, suffix = _without_suffix(_words(last), suffix, _IN_LAST)
    name, initial, nicks = _first(given)
    parts = _family(born)
    joined = "".join(parts)
    if joined in _NOBODY:
        joined, parts = "", ()
    turned = called(joined) if len(parts) == 1 else ()
    return Person(
        name, initial, nicks, canon(name, nicks), joined, parts, suffix, beside,
        turned if len(turned) > 1 else (), script(first + last),
    )  # fmt: skip


def _two_people(words: list[str]) -> tuple[list[str], str]:
    """“Tom & Sue”: whose first name it is, and who stands beside."""
    for at, word in enumerate(words[:-1]):
        if word in _AND and (len(word) > 2 or (at and known(words[at + 1]))):
            beside = words[at + 1]
            # “Mr. & Mrs. Tom Smith”
            return words[:at] if {*words[:at]} - _TITLES else words[at + 1 :], beside
    return words, ""


def _two_fields(first: str, last: str) -> tuple[str, str]:
    """“Smith, Bob” or “Bob Smith” in one field, taken apart."""
    whole = (first or last).strip()
    if first.strip() and last.strip():
        return first, last
    before, comma, after = whole.partition(",")
    if comma and plain(after) and plain(after) not in _SUFFIXES:
        return after, before
    words = whole.split()
    if len(words) > 3 and not first.strip() and (words[1] in "&+" or plain(words[1]) in _AND):
        first, last = whole, ""
    tail: list[str] = []
    while len(words) > 2 and plain(words[-1]) in _SUFFIXES:
        tail.insert(0, words.pop())
    if first.strip() and len(words) > 1:
        return " ".join(words[:-1]), " ".join([words[-1], *tail])
    if len(words) > 1 and not first.strip():
        return words[0], " ".join([*words[1:], *tail])
    return first, last


def _words(text: str) -> list[str]:
    return plain(text.replace(".", " ")).split()


def _without_suffix(words: list[str], suffix: str, ends: frozenset[str]) -> tuple[list[str], str]:
    while len(words) > 1 and words[-1] in ends:
        suffix = _SUFFIXES.get(words.pop(), suffix)
        if len(words) > 1 and words[-1] == "the":
            words.pop()
    return words, suffix


def _first(given: list[str]) -> tuple[str, str, tuple[str, ...]]:
    if not given or "".join(given) in _NOBODY:
        return "", "", ()
    initial = given[0][0]
    long = [word for word in given if len(word) > 1]
    if len(given[0]) == 1:
        # “J. Robert Smith” is called Robert.
        name = long[0] if long else ""
        return name, initial, called(name) if name else ()
    return given[0], initial, called(*given[:2])


def beyond_name(local: str, who: Person) -> str:
    """What a mailbox says that does not follow from the name: of jsmith24 only 24."""
    text = "".join(c for c in plain(local) if c.isalnum())
    for said in ((who.last, *who.parts), (who.first, *who.nicks)):
        found = max((name for name in said if len(name) > 1 and name in text), key=len, default="")
        text = text.replace(found, "", 1) if found else text
    initials = {who.initial, who.last[:1]} - {""}
    return text[1:] if text[:1] in initials and not text[1:2].isalpha() else text


def _family(words: list[str]) -> tuple[str, ...]:
    """Particles belong to the word after them: de la Cruz García is delacruz, garcia."""
    parts: list[str] = []
    before = ""
    for word in words:
        if word in _PARTICLES and word is not words[-1]:
            before += "saint" if word == "st" else word
        else:
            parts.append(before + word)
            before = ""
    return tuple(parts)
