"""Names of people: first name, its nicknames, family name, and the generation behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from .given import called, canon, known
from .letters import plain, script

_TITLES = {
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "rev", "sir", "madam", "herr",
    "frau", "mme", "mlle", "capt", "sgt", "hon", "mister", "monsieur", "madame", "mademoiselle",
    "mevr", "mevrouw", "dhr", "meneer", "dott", "dottssa", "sigra", "signor", "signora", "sra",
    "srta", "dipl", "drs", "pani",
}  # fmt: skip
# Before another name these are titles, too; alone they are names, or a generation.
_TITLES_BEFORE = {"sr", "sig", "fr", "hr", "mw", "ir", "ing", "mag", "med", "ra", "lic", "dna"}
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
# Of these a name is known without them, too, and they may stand behind it: “Dijk, van”.
_LEFT_OUT = {"van", "von", "der", "den", "de", "del", "della", "di", "da", "do", "dos", "das", "du",
             "ter", "ten", "zu", "zur", "het", "af", "av", "la", "las", "los"}  # fmt: skip
_BEHIND = {"van", "von", "der", "den", "de", "ter", "ten", "zu", "het"}
_BEFORE_LAST = {"van", "von", "der", "den", "de", "ter", "ten", "zu", "du", "los", "las"}
_SHORT_VAN = re.compile(r"^v\.?\s?/?\s?d\.?[\s/](?=\w)", re.IGNORECASE)
_HYPHENS = re.compile(r"(?<=\w{2})[-‐‑–](?=\w{2})")
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

    `second` is the second of the first names, behind a hyphen where it is written with one;
    `beside` is who else is written in the first field, `turned` what the last name would stand for
    if it were the first, `script` the letters that nothing Latin can be made of.
    """

    first: str = ""
    initial: str = ""
    second: str = ""
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
    given, suffix = _without_suffix(_without_titles(given), "", _IN_FIRST)
    born, suffix = _without_suffix(_words(_SHORT_VAN.sub("van der ", last)), suffix, _IN_LAST)
    name, initial, nicks = _first(given)
    parts = _family(born)
    joined = "".join(parts)
    if joined in _NOBODY:
        joined, parts = "", ()
    turned = called(joined) if len(parts) == 1 else ()
    return Person(
        name, initial, _second(name, given, first), nicks, canon(name, nicks), joined,
        tuple(dict.fromkeys((*parts, *_bare(born)))) if parts else (), suffix, beside,
        turned if len(turned) > 1 else (), script(first + last),
    )  # fmt: skip


def _second(name: str, given: list[str], written: str) -> str:
    """Of John Paul “paul”, of Jean-Luc “-luc”; of J. Robert, who is called Robert, nothing."""
    if len(given) < 2 or given[0] != name:
        return ""
    return f"-{given[1]}" if _HYPHENS.search(written) else given[1]


def _without_titles(words: list[str]) -> list[str]:
    found = [word for word in words if word not in _TITLES]
    while len(found) > 1 and found[0] in _TITLES_BEFORE and len(found[1]) > 1:
        found = found[1:]
    return found


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
    while len(words) > 1 and plain(words[0]).replace(" ", "") in _TITLES:
        words = words[1:]
    if len(words) > 3 and not first.strip() and (words[1] in "&+" or plain(words[1]) in _AND):
        first, last = whole, ""
    if not first.strip() and _is_last(words):
        return "", last
    tail: list[str] = []
    while len(words) > 2 and plain(words[-1]) in _SUFFIXES:
        tail.insert(0, words.pop())
    if first.strip() and len(words) > 1:
        return " ".join(words[:-1]), " ".join([words[-1], *tail])
    if len(words) > 1 and not first.strip():
        return words[0], " ".join([*words[1:], *tail])
    return first, last


def _is_last(words: list[str]) -> bool:
    """“de Boer” and “van der Berg” are last names alone; Van Morrison is two names."""
    if len(words) < 2 or plain(words[0]) not in _BEFORE_LAST:
        return False
    return words[0] != "Van" or plain(words[1]) in _BEFORE_LAST


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
    words = _in_order(words)
    before = ""
    for word in words:
        if word in _PARTICLES and word is not words[-1]:
            before += "saint" if word == "st" else word
        else:
            parts.append(before + word)
            before = ""
    return tuple(parts)


def _in_order(words: list[str]) -> list[str]:
    """“Berg van der” is van der Berg."""
    at = len(words)
    while at > 1 and words[at - 1] in _BEHIND:
        at -= 1
    return [*words[at:], *words[:at]] if 0 < at < len(words) else words


def _bare(words: list[str]) -> tuple[str, ...]:
    """The last name without its particles: Berg of van der Berg."""
    words = _in_order(words)
    at = next((n for n, word in enumerate(words) if word not in _LEFT_OUT), len(words))
    left = words[at:]
    return (left[0],) if at and len(left) == 1 and len(left[0]) > 2 else ()
