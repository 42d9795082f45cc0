"""Words that were meant: one letter wrong, missing, too many, or two that changed place. Pure."""

from __future__ import annotations

from collections.abc import Collection
from itertools import product

from rapidfuzz.distance import OSA

from regulars.lib import names

from .search import SPELLED

WORDS = 4  # of what was typed
MOST = 3  # other ways to spell all of it


def _may_be_wrong(word: str) -> bool:
    return SPELLED[0] <= len(word) <= SPELLED[1] and word.isalpha()


def pieces(q: str) -> list[str]:
    """Each word, and each with one letter left out: it has one in common with what was meant."""
    found: set[str] = set()
    for word in names.fold(q).split()[:WORDS]:
        if _may_be_wrong(word):
            found |= {word, *(word[:n] + word[n + 1 :] for n in range(len(word)))}
    return sorted(found)


def corrected(q: str, known: Collection[str]) -> list[str]:
    """What was typed in other words of those `known`, the likeliest first."""
    typed = names.fold(q).split()
    if len(typed) > WORDS:
        return []
    ways = [_meant(word, known) for word in typed]
    found = sorted(
        (sum(far for far, _ in way), " ".join(word for _, word in way)) for way in product(*ways)
    )
    return [said for far, said in found if far][:MOST]


def _meant(word: str, known: Collection[str]) -> list[tuple[int, str]]:
    """(how far, word); only itself where none is like it.

    A word that is known may still be meant as another one: known is also whom one may not see.
    """
    if not _may_be_wrong(word):
        return [(0, word)]
    most = 1 if len(word) < 7 else 2
    near = [(OSA.distance(word, other), other) for other in known]
    return sorted((far, other) for far, other in near if far <= most)[:MOST] or [(0, word)]
