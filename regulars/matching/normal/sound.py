"""How a family name sounds: a short metaphone for English ears (after L. Philips, 1990)."""

from __future__ import annotations

import re
from functools import lru_cache

_RULES = [
    (re.compile(pattern), to)
    for pattern, to in (
        (r"^(?:kn|gn|pn|wr|ps)", lambda m: m[0][1]),
        (r"^x", "s"),
        (r"^wh", "w"),
        (r"^mac|^mc", "mk"),
        (r"mb$", "m"),
        (r"sch", "sk"),
        (r"tch", "ch"),
        (r"ph", "f"),
        (r"ght?(?=$|[^aeiouy])", lambda m: "t" if m[0].endswith("t") else ""),
        (r"gh(?=[aeiouy])", "g"),
        (r"ti(?=[ao])|si(?=[ao])|ci(?=a)|sh", "X"),
        (r"ch", "X"),
        (r"dg(?=[eiy])", "j"),
        (r"g(?=[eiy])", "j"),
        (r"c(?=[eiy])", "s"),
        (r"th", "0"),
        (r"ck|[cq]", "k"),
        (r"x", "ks"),
        (r"z", "s"),
        (r"v", "f"),
        (r"d(?=t)", ""),
        (r"w(?![aeiouy])|h(?![aeiouy])", ""),
        (r"(?<=[aeiouy])h", ""),
        (r"y(?![aeiou])", "i"),
    )
]
_TWICE = re.compile(r"(.)\1+")
_VOWELS = re.compile(r"(?<!^)[aeiouy]")


@lru_cache(maxsize=65_536)
def sound(name: str) -> str:
    """The consonants as heard, with a first vowel as `a`: smith, smyth and smithe are sm0."""
    if not name.isalpha():
        return name
    heard = _TWICE.sub(r"\1", name)
    for pattern, to in _RULES:
        heard = pattern.sub(to, heard)
    heard = _VOWELS.sub("", heard)
    heard = "a" + heard[1:] if heard[:1] in "aeiouy" and heard else heard
    return _TWICE.sub(r"\1", heard)
