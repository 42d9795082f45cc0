"""All that hangs together with some pairs, as a colleague may see it; read in one statement."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import connection

from regulars.lib import clock

from .clusters import Cluster, Link, clusters
from .features import from_json
from .judging import Judged, judge
from .learned import known
from .models import Pair, Verdict
from .queries import COUNTED, certain, visible
from .relations import Relation, never_one

if TYPE_CHECKING:
    from regulars.staff.models import User

# So many records at once. Where more hang together, which nobody has met yet, they are taken apart
# by what was read of them.
MOST = 1_000

Two = tuple[int, int]

# Along open pairs both of whose records the reader sees; then all that is known among these.
WEB = """
WITH RECURSIVE near(id) AS (
  SELECT unnest(%s::bigint[])
  UNION
  SELECT met.id FROM near n CROSS JOIN LATERAL (
    SELECT o.other_id AS id FROM ({open}) o WHERE o.customer_id = n.id
    UNION ALL
    SELECT o.customer_id FROM ({open}) o WHERE o.other_id = n.id
  ) met
), found AS MATERIALIZED (SELECT id FROM near LIMIT {most})
SELECT 'pair', p.customer_id, p.other_id, jsonb_build_object(
  'id', p.id, 'score', p.score, 'probability', p.probability, 'relation', p.relation,
  'certain', p.certain, 'reasons', p.reasons, 'later_until', p.later_until)::text
FROM found f JOIN matching_pair p ON p.customer_id = f.id
WHERE p.other_id IN (SELECT id FROM found)
UNION ALL
SELECT 'verdict', v.customer_id, v.other_id, to_jsonb(v.verdict)::text
FROM found f JOIN matching_verdict v ON v.customer_id = f.id
WHERE v.other_id IN (SELECT id FROM found)
UNION ALL
SELECT 'record', c.id, c.household_id, jsonb_build_array(c.name, l.data)::text
FROM found f JOIN customers_customer c ON c.id = f.id
LEFT JOIN matching_likeness l ON l.customer_id = f.id
UNION ALL
SELECT 'weights', max(id), NULL, NULL FROM matching_learned
UNION ALL
SELECT 'certain', count(*), NULL, NULL FROM ({certain}) sure
"""


class Why:
    """Why two are never taken for one."""

    DIFFERENT, FAMILY = Verdict.Says.DIFFERENT.value, Verdict.Says.FAMILY.value
    HOME, NAMES = "home", "names"


@dataclass
class Web:
    """`clusters` are of one kind, the surest first; `certain` counts pairs beyond doubt, to 101."""

    kind: str
    names: dict[int, str] = field(default_factory=dict)
    certain: int = 0
    _pairs: dict[Two, Pair] = field(default_factory=dict)
    _said: dict[Two, str] = field(default_factory=dict)
    _homes: dict[int, int | None] = field(default_factory=dict)
    _features: dict[int, Any] = field(default_factory=dict)
    _weights: int | None = None
    _judged: dict[Two, Judged] = field(default_factory=dict)

    def pair(self, a: int, b: int) -> Pair | None:
        """What was found about the two, whatever it is."""
        return self._pairs.get(_two(a, b))

    def judged(self, a: int, b: int) -> Judged | None:
        """What the two look like beside each other, where nothing was found."""
        a, b = _two(a, b)
        if (a, b) not in self._judged:
            one, other = self._features.get(a), self._features.get(b)
            if one is None or other is None:
                return None
            found = judge(from_json(one), from_json(other), known(self._weights))
            self._judged[a, b] = found
        return self._judged[a, b]

    def why_apart(self, a: int, b: int) -> str:
        """Why the two are never one; "" for two who may be."""
        said, home = self._said.get(_two(a, b), ""), self._homes.get(a)
        if said in (Why.DIFFERENT, Why.FAMILY):
            return said
        if home is not None and home == self._homes.get(b):
            return Why.HOME
        pair = self.pair(a, b)
        if pair is not None:
            return Why.NAMES if pair.relation == Relation.HOUSEHOLD else ""
        found = self.judged(a, b)
        return Why.NAMES if found and never_one(found.a, found.b, found.score) else ""

    @cached_property
    def clusters(self) -> list[Cluster]:
        """Of pairs of this kind that are open now."""
        now = clock.now()
        links = [
            Link(pair.pk, *two, pair.score)
            for two, pair in self._pairs.items()
            if pair.relation == self.kind
            and two not in self._said
            and (pair.later_until is None or pair.later_until <= now)
        ]
        return clusters(links, lambda a, b: bool(self.why_apart(a, b)))

    @cached_property
    def _whose(self) -> dict[int, Cluster]:
        return {pk: one for one in self.clusters for pk in one.members}

    def around(self, pair: Pair) -> Cluster | None:
        """The cluster both are in."""
        here, there = (self._whose.get(pk) for pk in (pair.customer_id, pair.other_id))
        return here if here is there else None


def web(user: User, kind: str, pairs: Sequence[Pair]) -> Web:
    """Of open pairs that the user sees, all of one kind; one statement."""
    found = Web(kind)
    ids = {pk for pair in pairs for pk in (pair.customer_id, pair.other_id)}
    if not ids:
        return found
    gate = visible(user).filter(relation=kind).order_by().values("customer_id", "other_id")
    opened, given = gate.query.sql_with_params()
    counted, more = certain(user).order_by().values("pk")[:COUNTED].query.sql_with_params()
    sql = WEB.format(open=opened, certain=counted, most=MOST)
    with connection.cursor() as cursor:
        cursor.execute(sql, [sorted(ids), *given, *given, *more])
        for what, one, other, said in cursor.fetchall():
            _put(found, what, one, other, json.loads(said) if said else None)
    return found


def _put(found: Web, what: str, one: int, other: int, said: Any) -> None:
    match what:
        case "pair":
            found._pairs[one, other] = _pair(one, other, said)
        case "verdict":
            found._said[one, other] = said
        case "record":
            found.names[one], found._features[one] = said
            found._homes[one] = other
        case "weights":
            found._weights = one
        case "certain":
            found.certain = one


def _pair(one: int, other: int, said: Mapping[str, Any]) -> Pair:
    later = said["later_until"] and datetime.fromisoformat(said["later_until"])
    return Pair(customer_id=one, other_id=other, **{**said, "later_until": later})


def _two(a: int, b: int) -> Two:
    return (a, b) if a < b else (b, a)
