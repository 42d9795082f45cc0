"""Which rows that would be added seem to be customers who are here already, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from regulars.customers.models import Customer, Email, Phone
from regulars.imports.models import Import, Outcome
from regulars.imports.options import MATCHES
from regulars.imports.plans.plan import CustomerPlan, Plan
from regulars.lib import emails
from regulars.matching import looking
from regulars.matching.alike import Alike, words
from regulars.matching.features import features
from regulars.matching.looking import Candidate
from regulars.matching.reasons import Reason
from regulars.matching.relations import Relation
from regulars.staff.models import User

LOOKED_AT = 100
"""So many rows are looked at while somebody waits: each takes up to 5 ms."""
SHOWN = 20


def alike(plans: Iterable[Plan], *, by: User | None, region: str) -> dict[str, Any]:
    """Of the first rows that would be added, as plain data.

    `looked_at` and `alike` count rows; `by` says how many of these would find their customer if it
    were matched by email or by phone; `first` are at most 20, each with its surest customer.
    """
    added = [
        plan
        for plan in plans
        if isinstance(plan, CustomerPlan) and plan.draft and plan.outcome == Outcome.ADDED
    ][:LOOKED_AT]
    found = [_near(plan, region) for plan in added]
    seen = looking.seen_by(by, found)
    rows = [(plan, who[0]) for plan, who in zip(added, seen, strict=True) if who]
    return {
        "looked_at": len(added),
        "alike": len(rows),
        "by": _matched(rows),
        "first": [_plain(plan, one) for plan, one in rows[:SHOWN]],
    }


def _near(plan: CustomerPlan, region: str) -> list[Candidate]:
    assert plan.draft is not None  # noqa: S101 (narrowing: an added customer has a draft)
    found = looking.candidates(features(looking.of_facts(plan.draft.facts, region)))
    return [one for one in found if one.may_be_one]


def _matched(rows: Sequence[tuple[CustomerPlan, Candidate]]) -> dict[str, int]:
    """How many share an address with their customer as an import compares them."""
    ids = {one.customer for _, one in rows}
    held = {
        "email": set(Email.objects.filter(customer__in=ids).values_list("customer", "normal")),
        "phone": set(Phone.objects.filter(customer__in=ids).values_list("customer", "digits")),
    }
    return {
        match: sum(any((one.customer, said) in held[match] for said in _said(plan, match))
                   for plan, one in rows)
        for match in MATCHES
    }  # fmt: skip


def _said(plan: CustomerPlan, match: str) -> list[str]:
    if plan.draft is None:
        return []
    if match == "email":
        return [emails.normal(one) for one in plan.draft.emails]
    return [one for one in plan.draft.phones if len(one) >= 7]


def _plain(plan: CustomerPlan, one: Candidate) -> dict[str, Any]:
    return {
        "number": plan.record.number,
        "line": plan.record.line,
        "name": plan.draft.facts.name if plan.draft else "",
        "customer": one.customer,
        **one.judged.plain,
    }


@dataclass(frozen=True)
class Row:
    """A row of the file, and whom it seems to be; `said` is what was kept of it."""

    said: Mapping[str, Any]
    other: Alike


def shown(job: Import, user: User) -> list[Row]:
    """The first rows alike, with those customers that `user` may see; one statement or none."""
    kept = job.reading.get("alike", {}).get("first", [])
    if not kept:
        return []
    seen = Customer.objects.visible_to(user).in_bulk([one["customer"] for one in kept])
    return [Row(one, _alike(one, seen[one["customer"]])) for one in kept if one["customer"] in seen]


def _alike(one: Mapping[str, Any], customer: Customer) -> Alike:
    reasons = [Reason(why["text"], why["weight"]).shown for why in one["reasons"]]
    return Alike(customer, words(Relation(one["relation"]), one["score"]), reasons)


def advice(job: Import) -> str:
    """Which box would have rows update whom they seem to be: “Tick Email …”; "" for none."""
    matched = job.reading.get("alike", {}).get("by", {})
    chosen = job.options.get("match", ())
    best = max((m for m in MATCHES if m not in chosen), key=lambda m: matched.get(m, 0), default="")
    return best if matched.get(best) else ""
