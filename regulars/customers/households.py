"""Who may be one household: people at one address or with one phone, unless somebody said no."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from regulars.lib import phones

CROWD = 12  # what more customers share is a block of flats, or a company's switchboard
MOST = 20


@dataclass(frozen=True)
class Shared:
    """An address or a number with everybody who has it; `shown` is how this customer writes it."""

    kind: str
    key: str
    shown: str
    customers: frozenset[int]

    @property
    def says_something(self) -> bool:
        return 1 < len(self.customers) <= CROWD

    @property
    def reason(self) -> str:
        if self.kind == "address":
            return f"Same address: {self.shown}"
        return f"Same phone: {phones.shown(f'+{self.key}') or self.shown}"


@dataclass(frozen=True)
class Someone:
    """What of a customer decides whether they may live with another one."""

    id: int
    is_company: bool
    household: int | None = None


@dataclass(frozen=True)
class Proposal:
    """Somebody who may belong to the household, with why."""

    customer: int
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class OtherHome:
    """Another household that may be this one: whom they share something with there, and what."""

    household: int
    through: tuple[int, ...]
    reasons: tuple[str, ...]


def called(name: str, last_names: Iterable[str]) -> str:
    """The name somebody gave it, else one of those who live there and may be seen.

    “Castellanos household”, or “Castellanos and Moss household”.
    """
    found = list(dict.fromkeys(last for last in last_names if last))
    return name or (f"{' and '.join(found)} household" if found else "Household")


def near(me: int, shared: Iterable[Shared]) -> dict[int, list[Shared]]:
    """Everybody who shares something with me that says something, and what."""
    found: dict[int, list[Shared]] = {}
    for one in shared:
        if one.says_something and me in one.customers:
            for other in sorted(one.customers - {me}):
                found.setdefault(other, []).append(one)
    return found


def may_live_together(me: Someone, other: Someone, refused: Collection[int]) -> bool:
    """Persons, not companies; nobody who lives elsewhere, here already, or was said not to."""
    if me.is_company or other.is_company or me.id == other.id or other.id in refused:
        return False
    return other.household is None or me.household is None


def proposals(
    me: Someone, others: Sequence[Someone], shared: Iterable[Shared], refused: Collection[int]
) -> list[Proposal]:
    """At most twenty, who shares most first; `others` come in the order of their last activity."""
    links = near(me.id, shared)
    found = [
        Proposal(other.id, tuple(one.reason for one in links[other.id]))
        for other in others
        if other.id in links and may_live_together(me, other, refused)
    ]
    return sorted(found, key=lambda proposal: -len(proposal.reasons))[:MOST]


def other_homes(
    me: Someone, others: Sequence[Someone], shared: Iterable[Shared], refused: Collection[int]
) -> list[OtherHome]:
    """Households that may be mine: somebody there shares something, and nobody said no."""
    links = near(me.id, shared)
    through: dict[int, list[int]] = {}
    for other in others:
        if other.household in (None, me.household) or other.id not in links:
            continue
        if me.household and other.id not in refused and not (me.is_company or other.is_company):
            through.setdefault(other.household, []).append(other.id)
    found = []
    for household, people in through.items():
        reasons = [one.reason for person in people for one in links[person]]
        found.append(OtherHome(household, tuple(people), tuple(dict.fromkeys(reasons))))
    return sorted(found, key=lambda one: -len(one.reasons))[:MOST]
