"""The verdict on one record, shared by preview and run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from regulars.customers.custom.values import Definition, Value
from regulars.customers.facts import CustomerFacts
from regulars.customers.models import Category, Customer, Group
from regulars.imports.models import Outcome
from regulars.imports.reading.table import Record
from regulars.imports.rows import CustomerDraft, EventDraft, StaffDraft
from regulars.staff.models import Store, User


@dataclass
class Plan:
    """One record and what is to become of it. `column` is an index, `reason` a sentence."""

    record: Record
    outcome: Outcome
    reason: str = ""
    column: int | None = None


@dataclass
class CustomerPlan(Plan):
    """Adds `draft`, or sets `fields` of `customer` to what `facts` say."""

    draft: CustomerDraft | None = None
    customer: Customer | None = None
    facts: CustomerFacts | None = None
    fields: tuple[str, ...] = ()
    owner: User | None = None
    store: Store | None = None
    group: Group | None = None
    category: Category | None = None
    public_id: UUID | None = None
    note_origin: str = ""
    custom: Mapping[Definition, Value] = field(default_factory=dict)


@dataclass
class StaffPlan(Plan):
    """Adds a colleague of these facts, or changes the facts of `user`."""

    draft: StaffDraft | None = None
    user: User | None = None
    changes: dict[str, object] = field(default_factory=dict)


@dataclass
class EventPlan(Plan):
    """Records `draft` for a customer."""

    draft: EventDraft | None = None
    customer_id: int = 0
    actor_id: int | None = None


class Planner(Protocol):
    """Judges records batch by batch, in the order of the file."""

    def plan(self, records: Sequence[Record]) -> Sequence[Plan]:
        """A verdict for each record, in order."""
        ...


def rejected(record: Record, reason: str, column: int | None = None) -> Plan:
    return Plan(record, Outcome.REJECTED, reason, column)
