"""Which records look like one person when more than two do: a rule about pairs, and nothing else.

Pairs join the surest first, as a chain is as strong as its weakest link: that link is what a
cluster's certainty is. One that would bring two together who cannot be one joins nothing, so that
a chain between the two breaks at its weakest link; nor does one that would make too many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import product

LEAST, MOST = 3, 9


@dataclass(frozen=True)
class Link:
    """A pair that may be one: its id, the two, and how sure it is, in bits."""

    id: int
    a: int
    b: int
    score: float


@dataclass(frozen=True)
class Refused:
    """A link that joins nothing. `apart` are the two who cannot be one, the one on the side of
    `link.a` first; None where they would be too many."""

    link: Link
    apart: tuple[int, int] | None


@dataclass(frozen=True)
class Cluster:
    """Three to nine records; `links` hold them together, the surest first, one less than they are.

    `refused` are the links to others, of whom nobody may or need be the same.
    """

    members: tuple[int, ...]
    links: tuple[Link, ...]
    refused: tuple[Refused, ...] = ()

    @property
    def weakest(self) -> Link:
        return self.links[-1]


def clusters(links: Iterable[Link], apart: Callable[[int, int], bool]) -> list[Cluster]:
    """The surest first. `apart(a, b)` says of two that they are never one.

    Every record is in one cluster at most, and the order in which links are given is no matter.
    """
    groups: dict[int, set[int]] = {}
    joined: list[Link] = []
    refused: list[Refused] = []
    for link in sorted(links, key=lambda one: (-one.score, -one.id)):
        here, there = (groups.setdefault(one, {one}) for one in (link.a, link.b))
        if here is there:
            continue
        no = next((two for two in product(sorted(here), sorted(there)) if apart(*two)), None)
        if no or len(here) + len(there) > MOST:
            refused.append(Refused(link, no))
            continue
        joined.append(link)
        here |= there
        groups.update(dict.fromkeys(there, here))
    found = {id(group): group for group in groups.values() if len(group) >= LEAST}
    made = [_made(group, joined, refused) for group in found.values()]
    return sorted(made, key=lambda one: (-one.weakest.score, -one.weakest.id))


def _made(group: set[int], joined: list[Link], refused: list[Refused]) -> Cluster:
    return Cluster(
        tuple(sorted(group)),
        tuple(link for link in joined if link.a in group),
        tuple(no for no in refused if no.link.a in group or no.link.b in group),
    )
