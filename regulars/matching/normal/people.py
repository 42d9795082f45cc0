"""Names of people: first name, its nicknames, family name, and the generation behind it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from nicknames import NickNamer

from .letters import plain

_NICKNAMES = NickNamer()
_TITLES = {
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "rev", "sir", "madam", "herr",
    "frau", "mme", "mlle", "capt", "sgt", "hon",
}  # fmt: skip
_SUFFIXES = {
    "jr": "jr", "junior": "jr", "jnr": "jr", "sr": "sr", "senior": "sr", "snr": "sr", "ii": "ii",
    "2nd": "ii", "iii": "iii", "3rd": "iii", "iv": "iv", "4th": "iv",
}  # fmt: skip
_DEGREES = {"md", "phd", "esq", "dds", "dvm", "rn", "cpa", "jd", "mba", "dc", "pe"}
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
# Short forms the package does not know, by how they are written in the languages around us.
_MORE = {
    "pepe": {"jose"}, "paco": {"francisco"}, "pancho": {"francisco"}, "nacho": {"ignacio"},
    "lupe": {"guadalupe"}, "chuy": {"jesus"}, "beto": {"alberto", "roberto"}, "memo": {"guillermo"},
    "sasha": {"alexander", "aleksandr", "alexandra"}, "misha": {"mikhail", "michael"},
    "mikhail": {"michael"}, "katya": {"ekaterina", "katherine"}, "ekaterina": {"katherine"},
    "vanya": {"ivan"}, "dima": {"dmitry", "dmitri", "dmitriy"}, "dmitriy": {"dmitry"},
    "dmitrii": {"dmitry"}, "dmitri": {"dmitry"}, "kolya": {"nikolai"}, "natasha": {"natalia"},
    "natalya": {"natalia"}, "nataliya": {"natalia"}, "olya": {"olga"}, "yura": {"yuri"},
    "yurii": {"yuri"}, "yuriy": {"yuri"}, "yury": {"yuri"}, "sergei": {"sergey"},
    "sergii": {"sergey"}, "serhii": {"sergey"}, "aleksei": {"alexey"}, "aleksey": {"alexey"},
    "alexei": {"alexey"}, "lena": {"elena", "helen"}, "yelena": {"elena"}, "evgenii": {"evgeny"},
    "evgeniy": {"evgeny"}, "yevgeny": {"evgeny"}, "eugene": {"evgeny"}, "hans": {"johannes"},
    "jochen": {"joachim"}, "uli": {"ulrich"}, "seppe": {"josef"}, "sepp": {"josef"},
    "giorgos": {"georgios", "george"}, "georgios": {"george"}, "yiannis": {"ioannis", "john"},
    "ioannis": {"john"}, "giannis": {"ioannis", "john"}, "kostas": {"konstantinos"},
    "nikos": {"nikolaos", "nicholas"}, "joao": {"john"}, "xavi": {"xavier"}, "mo": {"mohammed"},
    "mohamed": {"mohammed"}, "muhammad": {"mohammed"}, "mohammad": {"mohammed"},
    "muhammed": {"mohammed"}, "mohd": {"mohammed"}, "trey": set(), "chris": {"christopher",
    "christine", "christina", "christian"}, "jerry": {"gerald", "jerome", "jeremiah"},
    "teri": {"teresa"}, "rick": {"richard", "frederick", "eric"}, "gabe": {"gabriel"},
    "xander": {"alexander"}, "izzy": {"isabel", "isabella"}, "bella": {"isabella"},
    "manny": {"manuel", "emmanuel"}, "hector": {"hector"}, "jon": {"jonathan", "john"},
}  # fmt: skip

# What the package takes for one name: nobody called Robert goes by Bill.
_OTHERS = {
    "robert": {"bill", "billy"}, "bill": {"robert"}, "billy": {"robert"},
}  # fmt: skip


@dataclass(frozen=True)
class Person:
    """A name taken apart; "" for what is not there. `initial` stands when `first` does not."""

    first: str = ""
    initial: str = ""
    nicks: tuple[str, ...] = ()
    canon: str = ""
    last: str = ""
    parts: tuple[str, ...] = ()
    suffix: str = ""


@lru_cache(maxsize=16_384)
def person(first: str, last: str) -> Person:
    """Read a name in its two fields, as people fill them in."""
    first, last = _two_fields(first, last)
    given = [word for word in _words(first) if word not in _TITLES]
    given, suffix = _without_suffix(given, "")
    born, suffix = _without_suffix(_words(last), suffix)
    name, initial, nicks = _first(given)
    parts = _family(born)
    joined = "".join(parts)
    if joined in _NOBODY:
        joined, parts = "", ()
    return Person(name, initial, nicks, _canon(name, nicks), joined, parts, suffix)


def _two_fields(first: str, last: str) -> tuple[str, str]:
    """“Smith, Bob” or “Bob Smith” in one field, taken apart."""
    whole = (first or last).strip()
    if first.strip() and last.strip():
        return first, last
    before, comma, after = whole.partition(",")
    if comma and plain(after) and plain(after) not in _SUFFIXES:
        return after, before
    words = whole.split()
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


def _without_suffix(words: list[str], suffix: str) -> tuple[list[str], str]:
    while len(words) > 1 and (words[-1] in _SUFFIXES or words[-1] in _DEGREES):
        suffix = _SUFFIXES.get(words.pop(), suffix)
    return words, suffix


def _first(given: list[str]) -> tuple[str, str, tuple[str, ...]]:
    if not given or "".join(given) in _NOBODY:
        return "", "", ()
    initial = given[0][0]
    long = [word for word in given if len(word) > 1]
    if len(given[0]) == 1:
        # “J. Robert Smith” is called Robert.
        name = long[0] if long else ""
        return name, initial, _nicks(name, []) if name else ()
    return given[0], initial, _nicks(given[0], given[1:])


@cache
def _names() -> list[frozenset[str]]:
    """The first names many women and men have, and further ones of women and of men."""
    lines = Path(__file__).with_name("first_names.txt").read_text().splitlines()
    return [frozenset(line.split()) for line in lines]


def is_known(first: str) -> bool:
    """Whether this is a name many have, and so hardly another one misspelled."""
    return any(first in names for names in _names()[:2])


def sex(first: str) -> str:
    """f or m where only one of them is called so, else ""."""
    many_women, many_men, women, men = (first in names for names in _names())
    women, men = women or many_women, men or many_men
    return "f" if women and not men else "m" if men and not women else ""


@lru_cache(maxsize=16_384)
def _known_as(name: str) -> frozenset[str]:
    known = {*_NICKNAMES.canonicals_of(name), *_MORE.get(name, ())} - _OTHERS.get(name, set())
    return frozenset({name, *known})


def _nicks(name: str, more: list[str]) -> tuple[str, ...]:
    found = set(_known_as(name))
    for one in _MORE.get(name, ()):
        found |= _MORE.get(one, set())
    if more and len(more[0]) > 1:
        found |= _known_as(name + more[0])
    return tuple(sorted(found))


def _canon(name: str, nicks: tuple[str, ...]) -> str:
    """One of what the name may stand for, the same for most of its forms: for finding only."""
    if not name:
        return ""
    full = [nick for nick in nicks if nick != name]
    if not full or len(_NICKNAMES.nicknames_of(name)) > 2:
        return name
    return min(full, key=lambda nick: (-len(_NICKNAMES.nicknames_of(nick)), nick))


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
