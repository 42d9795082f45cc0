"""Which records look like one person, from the pairs alone."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.matching.clusters import LEAST, MOST, Cluster, Link, clusters

Apart = set[frozenset[int]]
CHAIN = [(1, 2, 20.0), (2, 3, 10.0)]
PATH = [(n, n + 1, 30.0 - n) for n in range(1, 12)]


def made(pairs: list[tuple[int, int, float]], apart: Apart) -> list[Cluster]:
    links = [Link(n, a, b, score) for n, (a, b, score) in enumerate(pairs)]
    return clusters(links, lambda a, b: frozenset((a, b)) in apart)


@pytest.mark.parametrize(
    ("pairs", "apart", "expected"),
    [
        pytest.param([], [], [], id="nobody"),
        pytest.param([(1, 2, 20)], [], [], id="two are a pair"),
        pytest.param(CHAIN, [], [((1, 2, 3), 10)], id="who is like the same one is one of them"),
        pytest.param(
            [*CHAIN, (1, 3, 15)], [], [((1, 2, 3), 15)], id="the weakest link is one that joins"
        ),
        pytest.param([*CHAIN, (4, 5, 9)], [], [((1, 2, 3), 10)], id="a pair beside them"),
        pytest.param(CHAIN, [(1, 3)], [], id="two apart break the chain at its weakest link"),
        pytest.param(
            [(1, 2, 20), (2, 3, 10), (3, 4, 15), (3, 5, 12)], [(1, 5)],
            [((3, 4, 5), 12)], id="and each side is one by itself",
        ),
        pytest.param(
            [(1, 2, 20), (2, 3, 18), (3, 4, 16), (1, 4, 6)], [(2, 4)],
            [((1, 2, 3), 18)], id="no way around leads back",
        ),
        pytest.param([(1, 2, 9), (2, 3, 8), (1, 3, 7)], [(1, 2)], [], id="a pair itself may be"),
        pytest.param(
            [(1, 2, 7), (2, 3, 5), (4, 5, 9), (5, 6, 8)], [],
            [((4, 5, 6), 8), ((1, 2, 3), 5)], id="the surest first",
        ),
        pytest.param(
            PATH, [], [(tuple(range(1, 10)), 22), ((10, 11, 12), 19)],
            id="too many fall apart where they hold least",
        ),
    ],
)  # fmt: skip
def test_records_are_put_together_from_pairs(
    pairs: list[tuple[int, int, float]],
    apart: list[tuple[int, int]],
    expected: list[tuple[tuple[int, ...], float]],
) -> None:
    found = made(pairs, {frozenset(two) for two in apart})
    assert [(one.members, one.weakest.score) for one in found] == expected


def test_who_cannot_be_among_them_is_said() -> None:
    (one,) = made([(1, 2, 20), (2, 3, 18), (4, 3, 16)], {frozenset((1, 4))})
    assert [(no.link.a, no.apart) for no in one.refused] == [(4, (4, 1))]
    first, second = made(PATH, set())
    assert [no.apart for no in (*first.refused, *second.refused)] == [None, None]


PEOPLE = st.integers(1, 14)
TWO = st.tuples(PEOPLE, PEOPLE).filter(lambda two: two[0] < two[1])


@given(
    pairs=st.dictionaries(TWO, st.integers(0, 6), max_size=50),
    apart=st.sets(TWO.map(frozenset), max_size=8),
    dice=st.randoms(use_true_random=False),
)
def test_no_two_clusters_share_anybody_and_nobody_in_one_is_apart(
    pairs: dict[tuple[int, int], int], apart: Apart, dice: object
) -> None:
    links = [Link(n, a, b, float(score)) for n, ((a, b), score) in enumerate(pairs.items())]

    def is_apart(a: int, b: int) -> bool:
        return frozenset((a, b)) in apart

    found = clusters(links, is_apart)
    shuffled = links[:]
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert clusters(shuffled, is_apart) == found
    everybody = [pk for one in found for pk in one.members]
    assert len(everybody) == len(set(everybody))
    for one in found:
        assert LEAST <= len(one.members) <= MOST
        assert not any(is_apart(*two) for two in combinations(one.members, 2))
        assert {pk for link in one.links for pk in (link.a, link.b)} == set(one.members)
        assert len(one.links) == len(one.members) - 1
        outside = [no.link for no in one.refused]
        for link in links:
            if (link.a in one.members) != (link.b in one.members):
                assert link in outside
