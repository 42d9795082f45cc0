"""What this company's own customers teach about the weights: counted, not drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from regulars.matching.levels import ADDRESS
from regulars.matching.scoring import FLOOR_U, Weights

ENOUGH = 5_000  # customers from which on our own counts say more than the shipped ones
SMOOTH = 2_000  # as many made-up customers stand beside ours when names are counted
NAMES = 20_000
CROWD = 12
CHAIN = 3  # areas in which a firm of one domain has more than one place and a new one
MISSED = 2.2  # pairs of the same for one that shares a way to reach them, as among made-up ones
FEW = 50  # of a kind; fewer say nothing of how many are the same


class Learning:
    """`run` asks the DuckDB in which `likeness` stands; values of many are taken out of it."""

    def __init__(self, run: Callable[..., list[Any]]) -> None:
        self._run = run

    def learn(self, base: Weights, customers: int) -> Weights:
        """What is common and what many share here; chances and prior, once there are enough."""
        shared = {
            "email": self._crowded("emails"),
            "phone": self._crowded("phones"),
            "domain": self._chains(),
        }
        self._without("phones", shared["phone"])
        self._run("UPDATE likeness SET phone = phones[1] WHERE phone IS DISTINCT FROM phones[1]")
        self._without("emails", shared["email"])
        self._alone()
        self._without("domains", shared["domain"], "AND kind = 'c'")
        self._meet()
        share = {
            **base.share,
            "first": self._shares("first", base.share.get("first", {})),
            "last": self._shares("last", base.share.get("last", {})),
            "company": self._shares("company", {"": 2e-5}),
        }
        learned = replace(base, share=share, shared=shared, prior=self._priors(base.prior))
        if customers >= ENOUGH:
            learned = replace(learned, u=self._chances(learned.u), homes=self._homes(learned))
        return learned

    def _crowded(self, column: str) -> frozenset[str]:
        """Values of more than twelve different names are the shop's own, or made up."""
        rows = self._run(
            f"SELECT value FROM (SELECT unnest({column}) AS value, "
            "coalesce(canon, initial, '') || '|' || coalesce(last, company, '') AS name "
            f"FROM likeness) GROUP BY value HAVING count(DISTINCT name) > {CROWD} "
            "ORDER BY count(*) DESC LIMIT 5000"
        )
        return frozenset(row[0] for row in rows)

    def _chains(self) -> frozenset[str]:
        """Domains of firms in several areas: each branch is a customer of its own."""
        rows = self._run(
            "SELECT value FROM (SELECT unnest(domains) AS value, zip3 FROM likeness "
            f"WHERE kind = 'c') GROUP BY value HAVING count(DISTINCT zip3) >= {CHAIN} "
            "ORDER BY count(*) DESC, value LIMIT 5000"
        )
        return frozenset(row[0] for row in rows)

    def _without(self, column: str, shared: frozenset[str], only: str = "") -> None:
        """Only the rows that hold one of them are written."""
        self._run(
            "CREATE OR REPLACE TEMP TABLE nobodys AS SELECT unnest(?::VARCHAR[]) AS v",
            [sorted(shared)],
        )
        self._run(
            "CREATE OR REPLACE TEMP TABLE robbed AS "
            "SELECT id, list(v ORDER BY nth) FILTER (WHERE n.v IS NULL) AS own "
            f"FROM (SELECT id, unnest({column}) AS v, generate_subscripts({column}, 1) AS nth "
            "FROM likeness) LEFT JOIN nobodys n USING (v) GROUP BY id HAVING count(n.v) > 0"
        )
        self._run(
            f"UPDATE likeness SET {column} = own FROM robbed WHERE robbed.id = likeness.id {only}"
        )

    def _alone(self) -> None:
        """Mailbox names follow the addresses that are left."""
        self._run(
            "UPDATE likeness SET locals = list_filter(locals, lambda x: list_contains("
            "list_transform(emails, lambda e: split_part(e, '@', 1)), x)) "
            "WHERE id IN (SELECT id FROM robbed)"
        )
        self._run("UPDATE likeness SET locals = NULL WHERE len(locals) = 0")
        self._run(
            "UPDATE likeness SET local = NULL, mail = NULL, rest = NULL, digits = NULL "
            "WHERE mail IS NOT NULL AND mail IS DISTINCT FROM emails[1]"
        )

    def _shares(self, column: str, shipped: Mapping[str, float]) -> dict[str, float]:
        """How common each value is, with some made-up customers so that few are no oracle."""
        rows = self._run(
            f'SELECT "{column}", count(*) FROM likeness WHERE "{column}" IS NOT NULL '
            f'GROUP BY "{column}" ORDER BY count(*) DESC, "{column}" LIMIT {NAMES}'
        )
        (total,) = self._run(f'SELECT count("{column}") FROM likeness')[0]
        rest = shipped.get("", 2e-5)
        scale = total + SMOOTH
        found = {
            value: (count + SMOOTH * shipped.get(value, rest)) / scale
            for value, count in rows
            if count > 1 or value in shipped
        }
        return {**found, "": (1 + SMOOTH * rest) / scale}

    def _meet(self) -> None:
        """Who shares a mailbox, number or home with whom, and whether they are called alike.

        `apart` are strangers: first names begin and last names sound otherwise, and no fields are
        swapped.
        """
        said = " UNION ALL ".join(
            f"SELECT id, kind, '{column}' AS way, unnest({column}) AS value FROM likeness"
            for column in ("emails", "phones", "homes")
        )
        self._run(
            f"CREATE TABLE met AS WITH v AS ({said}), "
            "small AS (SELECT * FROM v SEMI JOIN (SELECT kind, way, value FROM v GROUP BY ALL "
            f"HAVING count(*) BETWEEN 2 AND {CROWD * 3}) USING (kind, way, value)), "
            "p AS (SELECT l.id AS a, r.id AS b, bool_or(way = 'emails') AS emails, "
            "bool_or(way = 'phones') AS phones, bool_or(way = 'homes') AS homes FROM small l "
            "JOIN small r USING (kind, way, value) WHERE l.id < r.id GROUP BY ALL) "
            "SELECT x.kind, p.emails, p.phones, p.homes, x.canon = y.canon AS alike, "
            "coalesce(x.canon, x.initial) = coalesce(y.canon, y.initial) AS one, "
            "x.company = y.company AS firm, "
            "x.initial NOT IN (y.initial, coalesce(y.last[1], '')) AND "
            "y.initial <> coalesce(x.last[1], '') AND x.sounds <> y.sounds AS apart "
            "FROM p JOIN likeness x ON x.id = a JOIN likeness y ON y.id = b"
        )

    def _meetings(self, which: str) -> float:
        (met,) = self._run(f"SELECT count(*) FROM met WHERE {which}")[0]
        return float(met)

    def _priors(self, shipped: Mapping[str, float]) -> dict[str, float]:
        """Pairs that are beyond doubt, and as many more as share nothing as clear."""
        found = dict(shipped)
        for kind, name in (("p", "one"), ("c", "firm")):
            (n,) = self._run(f"SELECT count(*) FROM likeness WHERE kind = '{kind}'")[0]
            if n >= FEW:
                pairs = n * (n - 1) / 2
                sure = self._meetings(f"kind = '{kind}' AND (emails OR phones) AND {name}")
                found[kind] = min(max(sure * MISSED, 0.05 * n, 1) / pairs, 0.005)
        return found

    def _homes(self, learned: Weights) -> float:
        """Pairs who share a number, mailbox or home but no first name, for one of the same."""
        (n,) = self._run("SELECT count(*) FROM likeness WHERE kind = 'p'")[0]
        same = learned.prior["p"] * n * (n - 1) / 2
        kin = self._meetings("kind = 'p' AND NOT alike") * MISSED / 2
        return float(min(max(kin / max(same, 1.0), 0.2), 5.0))

    def _chances(self, shipped: Mapping[str, Mapping[str, tuple[float, ...]]]) -> Any:
        """How often two others share a value, counted over all of them and not in a sample."""
        people = dict(shipped["p"])
        for comparison, column in (("email", "emails"), ("phone", "phones")):
            exact = self._met(column)
            people[comparison] = (max(exact, FLOOR_U), *people[comparison][1:])
        people["address"] = self._chances_of_places(people["address"])
        return {**shipped, "p": people}

    def _chances_of_places(self, shipped: tuple[float, ...]) -> tuple[float, ...]:
        """Where all live in one town, to live there says nothing."""
        home = self._met("homes")
        code, town, area = (self._shared(by) for by in ("code", "town", "zip3"))
        both = self._shared("code, town")
        found = dict(zip((level.key for level in ADDRESS.levels), shipped, strict=True))
        found |= {
            "same": max(home, FLOOR_U),
            "near": max(both - home, FLOOR_U),
            "code": max(code - both, FLOOR_U),
            "town": max(town - both, FLOOR_U),
            "area": max(area - code - max(town - both, 0.0), FLOOR_U),
        }
        found["other"] = max(1.0 - sum(v for key, v in found.items() if key != "other"), 0.01)
        return tuple(found.values())

    def _shared(self, columns: str) -> float:
        """The chance that two who both say it say the same."""
        known = " AND ".join(f"{column} IS NOT NULL" for column in columns.split(", "))
        row: tuple[Any, ...] = self._run(
            "WITH g AS (SELECT count(*)::DOUBLE AS n FROM likeness "
            f"WHERE kind = 'p' AND {known} GROUP BY {columns}) "
            "SELECT sum(n), sum(n * (n - 1)) FROM g"
        )[0]
        all_, alike = float(row[0] or 0), float(row[1] or 0)
        return alike / (all_ * (all_ - 1)) if all_ > 1 else 0.0

    def _met(self, column: str) -> float:
        """The chance that two strangers share a value, of those who say one."""
        (having,) = self._run(
            f"SELECT count(*) FROM likeness WHERE kind = 'p' AND {column} IS NOT NULL"
        )[0]
        pairs: float = max(having * (having - 1) / 2, 1)
        return self._meetings(f"kind = 'p' AND {column} AND apart") / pairs
