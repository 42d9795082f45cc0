"""Names of companies, without what lawyers and shops hang on them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from .letters import plain

_LEGAL = {
    "inc", "incorporated", "llc", "ltd", "limited", "corp", "corporation", "co", "company", "gmbh",
    "ag", "kg", "ohg", "ug", "sa", "srl", "sarl", "sas", "bv", "nv", "plc", "pty", "lp", "llp",
    "pllc", "pc", "pa", "oy", "ab", "as", "aps", "spa", "cv", "de", "sl", "sociedad", "kk", "sro",
    "zoo", "sp", "holdings", "holding", "gbr", "ev", "ek", "eg", "kgaa", "mbh", "vof", "bvba",
    "sprl", "cvba", "snc", "sasu", "eurl", "sci", "slu", "slp", "sau", "srls", "ltee",
    "enr", "senc", "sencrl", "ulc", "hb", "kft", "doo", "eood", "ood", "spzoo", "lda", "sagl",
}  # fmt: skip
# Legal forms of several words, as they stand when all signs are gone.
_FORMS = re.compile(
    r" (?:gesellschaft mit beschrankter haftung|ges ?m ?b ?h|g m b h|ug haftungsbeschrankt|v o f|"
    r"e k|e u|eu|e v|e g|g b r|b v|n v|sp ?z ?o ?o|s a r l|s r l|s p a|s a s|s l|s a|"
    r"limited liability company|societe anonyme|pty ltd|and co)$"
)
_SPELLED = re.compile(r"(?<=[bcdfghklmnprstvwz][aou])e(?=[bcdfghjklmnprstvwxz])")
_LONG = {
    "intl": "international", "mfg": "manufacturing", "svc": "services", "svcs": "services",
    "service": "services", "bros": "brothers", "assoc": "associates", "assocs": "associates",
    "ctr": "center", "centre": "center", "natl": "national", "grp": "group", "mgmt": "management",
    "dist": "distributors", "equip": "equipment", "ind": "industries", "inds": "industries",
    "tech": "technologies", "technology": "technologies", "auto": "automotive", "dept":
    "department", "univ": "university", "rest": "restaurant", "mkt": "market", "st": "saint",
    "solution": "solutions", "system": "systems", "son": "sons", "n": "and", "und": "and",
    "et": "and", "y": "and",
}  # fmt: skip
_DOTTED = re.compile(r"\b(?:\w\.){2,}")
_DBA = re.compile(
    r"\b(?:d\s*/?\s*b\s*/?\s*a|d\.b\.a\.?|t/a|o/a|a/k/a|aka|trading as|doing business as|"
    r"operating as)"
    r"(?=\s|:)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Company:
    """`name` run together without legal form, `words` the same sorted, ae for ä as a; `trade` is
    what stands behind “dba”."""

    name: str = ""
    words: str = ""
    trade: str = ""


@lru_cache(maxsize=16_384)
def company(text: str) -> Company:
    """“The Smith & Sons Co., L.L.C.” and “Smith and Sons” are one name."""
    said, trade = _split(text)
    words = _words(said)
    return Company(
        "".join(words), " ".join(sorted(_SPELLED.sub("", w) for w in words)), "".join(_words(trade))
    )


def _split(text: str) -> tuple[str, str]:
    found = _DBA.search(text)
    return (text[: found.start()], text[found.end() :]) if found else (text, "")


def _words(text: str) -> list[str]:
    text = _DOTTED.sub(lambda found: found[0].replace(".", ""), text)
    said = plain(text.replace("&", " and ").replace("+", " and "))
    while (bare := _FORMS.sub("", said)) != said:
        said = bare
    words = said.split()
    words = [_LONG.get(word, word) for word in words]
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    if len(words) > 2 and words[-1] == "the":
        words = words[:-1]
    while len(words) > 1 and words[-1] in _LEGAL | {"and"}:
        words = words[:-1]
    return [word for word in words if word != "and"] or words
