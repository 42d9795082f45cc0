"""The weights as Splink's settings, the same levels in the same order; and what follows in SQL.

Both engines say what is here: a dialect differs in how a condition is said.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from regulars.matching.levels import COMPARISONS
from regulars.matching.scoring import TF_FLOOR, Weights

LISTS = (
    *("nicks", "parts", "turned", "trades", "emails", "roles", "locals", "domains", "phones"),
    "homes",
)
TEXTS = (
    *("kind", "first", "initial", "second", "canon", "heard", "sex", "known", "root", "last"),
    *(
        "sounds",
        "suffix",
        "script",
        "company",
        "words",
        "local",
        "mail",
        "rest",
        "digits",
        "phone",
        "house",
        "street",
        "code",
        "zip3",
        "town",
        "born",
    ),
)
UNREAD = 1  # bits below what is asked for, where names that say nothing may be in two scripts
LIVES_WITH = 8  # bits below what is asked for, where another one of the household may stand


def settings(
    kind: str, weights: Weights, dialect: str = "duckdb", spoken: Callable[[str], str] = str
) -> dict[str, Any]:
    """A whole Splink model, with nothing left to be estimated; `spoken` says a condition of ours
    in another dialect."""
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "id",
        "sql_dialect": dialect,
        "probability_two_random_records_match": weights.prior[kind],
        "retain_matching_columns": True,
        "retain_intermediate_calculation_columns": False,
        "blocking_rules_to_generate_predictions": ["l.id = r.id"],
        "comparisons": [
            {
                "output_column_name": comparison.key,
                "comparison_levels": [
                    {
                        "sql_condition": spoken(comparison.unknown_sql),
                        "label_for_charts": "unknown",
                        "is_null_level": True,
                    },
                    *(
                        {
                            "sql_condition": spoken(level.sql),
                            "label_for_charts": level.key,
                            "m_probability": weights.m[kind][comparison.key][n],
                            "u_probability": weights.u[kind][comparison.key][n],
                            **_rarity(level.by, weights),
                        }
                        for n, level in enumerate(comparison.levels)
                    ),
                ],
            }
            for comparison in COMPARISONS[kind]
        ],
    }


def _rarity(column: str, weights: Weights) -> dict[str, Any]:
    if not column or not weights.share.get(column):
        return {}
    return {
        "tf_adjustment_column": column,
        "tf_adjustment_weight": 1.0,
        "tf_minimum_u_value": TF_FLOOR,
    }


def rare_columns(kind: str, weights: Weights) -> list[str]:
    """The columns whose values count the more the rarer they are."""
    found = (comparison.levels[0].by for comparison in COMPARISONS[kind])
    return [column for column in found if column and weights.share.get(column)]


def _levels(kind: str) -> str:
    """Splink counts levels from unlike (0) to alike; we the other way round."""
    return ", ".join(
        f"CASE WHEN gamma_{one.key} < 0 THEN gamma_{one.key} "
        f"ELSE {len(one.levels) - 1} - gamma_{one.key} END AS level_{one.key}"
        for one in COMPARISONS[kind]
    )


def shares(column: str, weights: Weights) -> str:
    """How common each value of `people` is, of those in `given_…` and of all others."""
    rest = _real(weights.share[column].get("", 0.0))
    return (
        f"SELECT DISTINCT p.{column}, coalesce(g.share, {rest}) AS tf_{column} "
        f"FROM people p LEFT JOIN given_{column} g ON g.value = p.{column} "
        f"WHERE p.{column} IS NOT NULL"
    )


def found(table: str, kind: str, weights: Weights, least: float) -> str:
    """Two ids, the bits and the levels of each scored pair that is of interest."""
    return (
        f"SELECT id_l, id_r, {_weighed(kind, weights)} AS weight, {_levels(kind)} FROM {table} "
        f"WHERE {_kept(kind, least)}"
    )


def _real(number: float) -> str:
    """With an exponent, without which either engine would count in decimals."""
    return f"{number:.17e}"


def _weighed(kind: str, weights: Weights) -> str:
    """The bits of a scored pair, against strangers and against who lives with them."""
    if kind == "c":
        return "match_weight"
    other = _real(-math.log2(weights.homes))
    for comparison, bits in zip(COMPARISONS[kind], weights.apart, strict=True):
        most = len(comparison.levels) - 1
        cases = " ".join(f"WHEN {most - n} THEN {_real(bits[n])}" for n in range(most + 1))
        other += f" + CASE gamma_{comparison.key} {cases} ELSE {_real(0.0)} END"
    low, high = f"least(match_weight, {other})", f"greatest(match_weight, {other})"
    return f"{low} - log2({_real(1.0)} + power({_real(2.0)}, {low} - {high}))"


def _kept(kind: str, least: float) -> str:
    """Which scored pairs are of interest: also those of one household, who are not one person."""
    if kind == "c":
        return f"match_weight >= {least}"
    return (
        f"match_weight >= {least} OR (gamma_first = 0 AND match_weight >= {least - LIVES_WITH}) "
        f"OR (gamma_first < 0 AND match_weight >= {least - UNREAD})"
    )
