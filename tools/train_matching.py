"""Makes regulars/matching/weights.json anew from made-up customers whose truth is known.

.venv/bin/python tools/train_matching.py
"""

from __future__ import annotations

import json
import random
import sys
from collections import defaultdict
from collections.abc import Iterable
from importlib import import_module
from itertools import combinations
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from regulars.matching.features import Features, features
from regulars.matching.levels import COMPARISONS
from regulars.matching.normal.letters import plain
from regulars.matching.scoring import SHIPPED
from regulars.matching.tests import twins
from regulars.matching.training import shares

N, DRAWN = 100_000, 400_000
# What a sample of other pairs hardly ever shows, counted over all of them instead.
EXACT = {"email": "emails", "phone": "phones", "address": "homes", "born": "born",
         "domain": "domains", "company": "company"}  # fmt: skip

# What the made-up world shows too seldom, from experience: (m, u) of kind, comparison and level.
KNOWN = {
    ("p", "first", "swapped"): (0.0097, 4e-6),
    ("p", "first", "crossed"): (0.004, 1e-3),
    ("p", "last", "crossed"): (0.004, 1e-3),
    ("p", "last", "part"): (0.02, 2e-4),
    ("p", "last", "swapped"): (0.0094, 4e-6),
    ("p", "email", "local"): (0.015, 6e-6),
    ("p", "email", "close"): (0.02, 2e-6),
    ("p", "phone", "close"): (0.03, 1e-5),
    ("p", "address", "door"): (0.008, 2e-5),
    ("c", "address", "door"): (0.008, 2e-5),
    ("p", "address", "code"): (0.004, 1e-3),
    ("c", "address", "code"): (0.004, 1e-3),
    ("p", "born", "other"): (0.02, 0.998),
    ("c", "company", "words"): (0.01, 2e-6),
    ("c", "company", "begins"): (0.05, 5e-5),
    ("c", "company", "other"): (0.05, 0.9999),
    ("c", "domain", "same"): (0.88, 8e-6),
    ("c", "domain", "other"): (0.12, 0.99999),
    ("c", "phone", "same"): (0.75, 3e-6),
}


# Where a name is only a woman's or only a man's, the first of these decides that has it.
NAMED_IN = (
    ("en", "en_GB", "en_IE", "en_NZ"),
    ("de_DE", "es_ES", "es_MX", "fr_FR", "it_IT", "nl_NL", "pl_PL", "pt_BR", "sv_SE"),
    ("cs_CZ", "da_DK", "en_IN", "fi_FI", "fr_BE", "hr_HR", "hu_HU", "nl_BE", "no_NO", "pt_PT",
     "ro_RO", "sk_SK", "sl_SI", "tr_TR", "ar_AA", "hy_AM", "uk_UA", "ru_RU"),
)  # fmt: skip


def first_names() -> None:
    """Women and men of the census, whose names many have; then further women and men, and who of
    these may be either.
    """
    people = twins.census()
    women, men = ({plain(name) for name in people[sex][0]} for sex in ("f", "m"))
    known = women | men
    further: tuple[set[str], set[str]] = (set(), set())
    for countries in NAMED_IN:
        here = [_called(countries, sex) for sex in ("female", "male")]
        for found, mine, others in ((further[0], *here), (further[1], *reversed(here))):
            found |= mine - others - known
        known |= here[0] | here[1]
    either = known - women - men - further[0] - further[1]
    lines = [" ".join(sorted(names)) for names in (women, men, *further, either)]
    (SHIPPED.parent / "normal" / "first_names.txt").write_text("\n".join(lines) + "\n")


def _called(countries: Iterable[str], sex: str) -> set[str]:
    names = [
        name
        for country in countries
        for name in getattr(
            import_module(f"faker.providers.person.{country}").Provider, f"first_names_{sex}"
        )
    ]
    plains = {plain(name) for name in names}
    return {name for name in plains if len(name) > 2 and name.isascii() and name.isalpha()}


def main() -> None:
    first_names()
    m, u = {}, {}
    kin: dict[str, list[float]] = {}
    homes = 1.0
    for kind, made in (("p", twins.Maker(1).twins(N)), ("c", twins.firms(N // 2, 1))):
        rows = [(one.who, features(one.written)) for one in made]
        m[kind], u[kind] = learned(kind, rows)
        if kind == "p":
            u["p"]["email"][3] = namesakes(rows)
            kin, homes = living_together(made)
            kin["last"][2] = KNOWN["p", "last", "part"][0]
        for comparison in COMPARISONS[kind]:
            for n, level in enumerate(comparison.levels):
                known = KNOWN.get((kind, comparison.key, level.key))
                if known:
                    m[kind][comparison.key][n], u[kind][comparison.key][n] = known
            print(kind, comparison.key, [level.key for level in comparison.levels])
            print("   m", [round(v, 4) for v in m[kind][comparison.key]])
            print("   u", [f"{v:.2g}" for v in u[kind][comparison.key]])
    SHIPPED.write_text(
        json.dumps(
            {
                "m": rounded(m),
                "u": rounded(u),
                "prior": {"p": 8e-6, "c": 2e-5},
                "kin": rounded({"p": kin})["p"],
                "homes": homes,
                "share": common(),
            },
            indent=1,
        )
        + "\n"
    )


def learned(
    kind: str, rows: list[tuple[int, Features]]
) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    same = defaultdict(list)
    for who, one in rows:
        same[who].append(one)
    pairs = [pair for group in same.values() for pair in combinations(group, 2)]
    m = shares(kind, pairs)
    rng = random.Random(1)
    drawn: list[tuple[Features, Features]] = []
    while len(drawn) < DRAWN:
        left, right = rng.choice(rows), rng.choice(rows)
        if left[0] != right[0]:
            drawn.append((left[1], right[1]))
    u = shares(kind, drawn)
    for comparison in COMPARISONS[kind]:
        column = EXACT.get(comparison.key)
        if column:
            u[comparison.key][0] = exactly(rows, column)
    return m, u


def living_together(made: list[twins.Twin]) -> tuple[dict[str, list[float]], float]:
    """How alike two of one household are, and how many such pairs there are for one of the same."""
    homes = defaultdict(list)
    for one in made:
        homes[one.household].append((one.who, features(one.written)))
    pairs = [pair for group in homes.values() for pair in combinations(group, 2)]
    others = [(a, b) for (x, a), (y, b) in pairs if x != y]
    same = len(pairs) - len(others)
    return shares("p", others), float(f"{len(others) / same:.3g}")


def namesakes(rows: list[tuple[int, Features]]) -> float:
    """How often the mailboxes of two others of one name are alike for no other reason."""
    called = defaultdict(list)
    for who, one in rows:
        if one.emails and one.first and one.last:
            called[one.first, one.last].append((who, one))
    email = next(one for one in COMPARISONS["p"] if one.key == "email")
    met = [
        email.level(a, b)
        for group in called.values()
        for (x, a), (y, b) in combinations(group, 2)
        if x != y
    ]
    return met.count(3) / len(met)


def exactly(rows: list[tuple[int, Features]], column: str) -> float:
    """Pairs of others that share a value ÷ pairs in which both have one."""
    groups, having = defaultdict(list), 0
    for who, one in rows:
        values = getattr(one, column)
        values = values if isinstance(values, tuple) else (values,) if values else ()
        having += bool(values)
        for value in values:
            groups[value].append(who)
    # Values of a crowd are taken out before anything is compared.
    small = [g for g in groups.values() if len(set(g)) <= 12]
    met = sum(1 for g in small for a, b in combinations(g, 2) if a != b)
    return max(met, 0.5) / (having * (having - 1) / 2)


def rounded(said: dict[str, dict[str, list[float]]]) -> dict[str, dict[str, list[float]]]:
    return {
        kind: {key: [float(f"{v:.4g}") for v in row] for key, row in rows.items()}
        for kind, rows in said.items()
    }


def common() -> dict[str, dict[str, float]]:
    """How common names are, from the census; "" stands for all that are not named."""
    people = twins.census()
    found = {}
    for column, keys, rest in (("first", ("f", "m"), 4e-5), ("last", ("last",), 2e-5)):
        counts: dict[str, float] = defaultdict(float)
        for key in keys:
            names, weights = people[key]
            total = sum(weights)
            for name, weight in zip(names, weights, strict=True):
                if len(plain(name)) > 1:
                    counts[plain(name).replace(" ", "")] += weight / total / len(keys)
        ordered = sorted(counts.items(), key=lambda one: -one[1])[:700]
        shown = {name: float(f"{share:.3g}") for name, share in ordered if share > rest}
        found[column] = {**dict(sorted(shown.items())), "": rest}
    return found


if __name__ == "__main__":
    main()
