"""What holds a cluster together, link by link, and who is not in it: as people read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from .clusters import Cluster, Refused
from .webs import Web, Why

WORDS = {
    Why.DIFFERENT: "{outer} was said to be somebody else than {inner}.",
    Why.FAMILY: "{outer} was said to be family of {inner}.",
    Why.HOME: "{outer} lives with {inner}.",
    Why.NAMES: "{outer} and {inner} differ in first name or generation.",
}
FULL = "{outer} is like them too, but more than nine at once are too many to look at."


@dataclass(frozen=True)
class Edge:
    """Two of them by their places, from 1 on; `pair` is 0 where nothing was found between them."""

    one: int
    other: int
    score: float
    reasons: Sequence[dict[str, Any]]
    pair: int = 0
    is_weakest: bool = False


@dataclass(frozen=True)
class KeptOut:
    """Somebody who is like one of them and not among them; `pair` is where the two are compared."""

    pair: int
    name: str
    words: str


@dataclass(frozen=True)
class Evidence:
    """`links` hold them together, `more` are alike besides, `apart` are alike through others only;
    each the surest first."""

    links: Sequence[Edge]
    more: Sequence[Edge]
    apart: Sequence[Edge]
    kept_out: Sequence[KeptOut]


def evidence(web: Web, cluster: Cluster) -> Evidence:
    """Without a query."""
    joining = {frozenset((link.a, link.b)) for link in cluster.links}
    edges: dict[str, list[Edge]] = {"links": [], "more": [], "apart": []}
    for (n, a), (m, b) in combinations(enumerate(cluster.members, 1), 2):
        pair = web.pair(a, b)
        if pair is not None:
            where = "links" if frozenset((a, b)) in joining else "more"
            weakest = pair.pk == cluster.weakest.id
            edges[where].append(Edge(n, m, pair.score, pair.reasons, pair.pk, weakest))
        elif (found := web.judged(a, b)) is not None:
            edges["apart"].append(Edge(n, m, found.weight, found.plain_reasons))
    for some in edges.values():
        some.sort(key=lambda edge: -edge.score)
    return Evidence(**edges, kept_out=_kept_out(web, cluster))


def _kept_out(web: Web, cluster: Cluster) -> list[KeptOut]:
    """Each of them once, by the link that came nearest."""
    found: dict[int, KeptOut] = {}
    for no in cluster.refused:
        outside = no.link.b if no.link.a in cluster.members else no.link.a
        if outside not in found:
            words = _why(web, cluster, no, outside)
            found[outside] = KeptOut(no.link.id, web.names[outside], words)
    return list(found.values())


def _why(web: Web, cluster: Cluster, no: Refused, outside: int) -> str:
    if no.apart is None:
        return FULL.format(outer=web.names[outside])
    inner, outer = no.apart if no.apart[0] in cluster.members else no.apart[::-1]
    place = cluster.members.index(inner) + 1
    names = {"inner": f"{web.names[inner]} ({place})", "outer": web.names[outer]}
    words = WORDS[web.why_apart(inner, outer)].format(**names)
    return words if outer == outside else f"{web.names[outside]} is like {names['outer']}. {words}"
