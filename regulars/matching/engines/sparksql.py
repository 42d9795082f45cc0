"""DuckDB's words in Spark's, and the one word that Spark does not know."""

from __future__ import annotations

import re

# What Spark calls otherwise. Of its similarity of Jaro and Winkler see `near`.
NAMES = {
    "list_has_any": "arrays_overlap",
    "list_contains": "array_contains",
    "starts_with": "startswith",
}
_CALLED = re.compile(rf"\b({'|'.join(NAMES)})(?=\()")
_NEAR = re.compile(r"jaro_winkler_similarity\((\w+), (\w+)\) >= ([\d.]+)")
# Splink's function counts half of an odd number of letters out of place, all others none of it:
# that is at most 1/18 less. Whoever is as near to a threshold is measured as the others do.
SLACK = 0.06


def spoken(sql: str) -> str:
    """A condition of `levels` as Spark says it."""
    return _CALLED.sub(lambda at: NAMES[at[1]], _NEAR.sub(_near, sql))


def _near(at: re.Match[str]) -> str:
    a, b, least = at.groups()
    quick, exact = f"jaro_winkler({a}, {b})", f"alike({a}, {b})"
    return f"({quick} >= {least} OR ({quick} >= {float(least) - SLACK:.4f} AND {exact} >= {least}))"


# Letters that met are crossed out in `rest`, so that each counts once.
_REACH = "greatest(greatest(length(a), length(b)) DIV 2 - 1, 0)"
_AT = f"locate(substr(a, i, 1), substr(done.rest, 1, i + {_REACH}), greatest(i - {_REACH}, 1))"
_MET = (
    "aggregate(sequence(1, length(a)), struct(b AS rest, '' AS met), (done, i) -> "
    f"IF({_AT} = 0, done, struct(overlay(done.rest PLACING '\\u0001' FROM {_AT} FOR 1) AS rest, "
    "concat(done.met, substr(a, i, 1)) AS met)))"
)
_THEIRS = (
    "array_join(transform(sequence(1, length(b)), "
    "i -> IF(substr(x.rest, i, 1) = '\\u0001', substr(b, i, 1), '')), '')"
)
_SWAPS = (
    "size(filter(sequence(1, length(y.ours)), "
    "i -> substr(y.ours, i, 1) <> substr(y.theirs, i, 1))) DIV 2"
)
_JARO = (
    "IF(y.ours = '', 0D, (length(y.ours) / length(a) + length(y.ours) / length(b) "
    f"+ (length(y.ours) - {_SWAPS}) / length(y.ours)) / 3D)"
)
_HEAD = "size(filter(sequence(1, 4), i -> i <= length(a) AND left(a, i) = left(b, i)))"
# An array of one is how a lambda names what is used twice.
ALIKE = (
    "CREATE OR REPLACE TEMPORARY FUNCTION alike(a STRING, b STRING) RETURNS DOUBLE RETURN "
    f"transform(transform(transform(array({_MET}), "
    f"x -> struct(x.met AS ours, {_THEIRS} AS theirs)), "
    f"y -> {_JARO}), z -> z + (1D - z) * 0.1D * {_HEAD})[0]"
)
