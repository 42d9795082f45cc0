"""Ways of speaking that say more than the grammar has words for: “open tasks”, a bare “VIP”."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from regulars.criteria.fields import (
    Asking,
    Choice,
    CustomerField,
    Fields,
    choices_of,
    find_own,
    find_thing,
)
from regulars.criteria.language import Criteria, CriteriaError, Fact
from regulars.criteria.things import Thing
from regulars.criteria.tokens import Token
from regulars.criteria.values import bare

MOST_ADJECTIVES = 2
# Words that begin a filter without being a field; of a search box that takes names, too.
OPENING = frozenset(
    ["has", "with", "no", "without", "not", "more", "less", "fewer", "at", "exactly"]
)


@dataclass(frozen=True)
class Described:
    """A thing as it is spoken of, what its adjectives say of it, and how many words that took."""

    thing: Thing
    facts: tuple[Criteria, ...]
    words: int


def described(words: Sequence[Token], fields: Fields, asking: Asking) -> Described | None:
    """“tasks”, “open tasks”, “overdue phone tasks”; None where these words name no thing."""
    for place, token in enumerate(words[: MOST_ADJECTIVES + 1]):
        if token.kind not in ("word", "quoted"):
            return None
        thing = _thing(token.text, fields)
        if thing is None:
            continue
        said = [_adjective(one.text, fields.of(thing), asking) for one in words[:place]]
        facts = [one for one in said if one is not None]
        return Described(thing, tuple(facts), place + 1) if len(facts) == len(said) else None
    return None


def _thing(word: str, fields: Fields) -> Thing | None:
    try:
        return find_thing(word, fields)
    except CriteriaError:
        return None


def _adjective(word: str, fields: Fields, asking: Asking) -> Criteria | None:
    """What a word says of a thing: a flag of it, or a choice of just one of its fields."""
    flag = find_own(word, fields)
    if flag is not None and flag.type == "flag":
        return Fact(flag.key, "is", True)
    meant = [
        Fact(one.key, "is", (named[0].value,))
        for one in fields
        if one.type == "choice" and (named := _named(one, word, asking))
    ]
    return meant[0] if len(meant) == 1 else None


def _named(one: CustomerField, word: str, asking: Asking) -> list[Choice]:
    choices = choices_of(one, asking) if one.chosen else None
    return [] if choices is None else choices.named(word)


def longest_name(words: Sequence[str], fields: Fields) -> tuple[CustomerField, int] | None:
    """A field by a label of several words, “last activity”, and how many of them that took."""
    for length in range(min(len(words), 4), 1, -1):
        one = find_own(" ".join(words[:length]), fields)
        if one is not None:
            return one, length
    return None


def hint(word: str, fields: Fields, asking: Asking) -> str | None:
    """What somebody means who types a word that is no field: a value of one, or a field of
    something they have. Only what this one may see is known."""
    for one in fields:
        found = _named(one, word, asking) if one.type != "audience" else []
        if found:
            return f"{one.key}:{bare(found[0].value)}"
    for thing in fields.things:
        within = find_own(word, fields.of(thing))
        if within is not None:
            return f"{thing.key}.{within.key}"
    return None
