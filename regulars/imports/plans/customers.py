"""Customers: which rows add one, which change one, which say nothing new."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Collection, Iterable, Sequence

from django.db.models import Prefetch

from regulars.customers.custom.queries import values_of
from regulars.customers.models import (
    Contact,
    Customer,
    Email,
    ExternalId,
    FormerExternalId,
    MergedProfile,
    Phone,
    Tombstone,
)
from regulars.imports.models import Outcome
from regulars.imports.options import LEAVE, UPDATE, Options
from regulars.imports.plans.directory import Directory
from regulars.imports.plans.merging import facts_of, merged
from regulars.imports.plans.others import is_another
from regulars.imports.plans.plan import CustomerPlan, Plan, rejected
from regulars.imports.plans.reach import Reach
from regulars.imports.plans.repeats import Repeats
from regulars.imports.reading.mapping import Column
from regulars.imports.reading.table import Record
from regulars.imports.rows import BadRow, Cells, CustomerDraft, read_customer
from regulars.imports.targets import custom_targets
from regulars.lib import emails
from regulars.staff.models import User
from regulars.timeline.models import Event
from regulars.ui.wording import listed


class CustomerPlanner:
    """Rows find their customer by number, else by what `options.match` names, else they are new."""

    def __init__(
        self,
        columns: Sequence[Column],
        options: Options,
        *,
        by: User | None,
        zone: datetime.tzinfo,
        region: str,
    ) -> None:
        self.columns = columns
        self.options = options
        self.by = by
        self.zone = zone
        self.region = region
        self.directory = Directory()
        self.fields = custom_targets()
        self.reach = Reach.of(by)
        self.repeats = Repeats(options)

    def plan(self, records: Sequence[Record]) -> list[Plan]:
        drafts: list[tuple[Record, CustomerDraft | Plan]] = [
            (record, self._draft(record)) for record in records
        ]
        known = _Known([one for _, one in drafts if isinstance(one, CustomerDraft)], self)
        plans: list[Plan] = []
        for record, draft in drafts:
            if isinstance(draft, Plan):
                plans.append(draft)
                continue
            try:
                plans.append(self._placed(record, draft, known))
            except BadRow as bad:
                plans.append(rejected(record, bad.reason, bad.column))
        return plans

    def _draft(self, record: Record) -> CustomerDraft | Plan:
        if record.problem:
            return rejected(record, record.problem, record.column)
        try:
            cells = Cells(
                record.cells, self.columns, date_orders=self.options.date_orders, zone=self.zone
            )
            draft = read_customer(
                cells, system=self.options.system, region=self.region, fields=self.fields
            )
        except BadRow as bad:
            return rejected(record, bad.reason, bad.column)
        return self._repeat(record, draft) or draft

    def _repeat(self, record: Record, draft: CustomerDraft) -> Plan | None:
        """The same customer a second time in this file: nothing new, or a contradiction."""
        first = self.repeats.before(record, draft)
        if first is None:
            return None
        if first.says_the_same:
            said = f"Says the same as record {first.number}."
            return CustomerPlan(record, Outcome.UNCHANGED, said)
        target = first.target
        what = self._heading(target) if target == "external_id" else target
        return rejected(
            record,
            f"Record {first.number} of this file has the same {what} but says something else.",
            self._column(target),
        )

    def _placed(self, record: Record, draft: CustomerDraft, known: _Known) -> CustomerPlan:
        customer = known.customer(draft, self)
        owned = customer is not None and customer.owner_id is not None
        owner = None if owned else self._owner(draft)
        store = self.directory.store(draft.store, self._column("store"))
        if store and not self.reach.works_for(store):
            raise BadRow(f"You do not work for “{store.name}”.", self._column("store"))
        group = self.directory.group(draft.group, self._column("group"))
        category = self.directory.category(draft.category, self._column("category"))
        plan = CustomerPlan(record, Outcome.ADDED, draft=draft, customer=customer, owner=owner)
        plan.store, plan.group, plan.category = store, group, category
        plan.public_id = None if draft.public_id in known.erased else draft.public_id
        plan.note_origin = note_origin(draft.note)
        plan.custom = draft.custom
        if customer is None:
            self._told_apart(plan, draft, known)
            return plan
        if not draft.has_own_number and draft.key in known.numbers:
            plan.outcome = Outcome.UNCHANGED
            return plan
        plan.facts, fields = merged(facts_of(customer), draft)
        more = [
            key
            for key, row in (("store", store), ("group", group), ("category", category))
            if row is not None and row.pk != getattr(customer, f"{key}_id")
        ]
        plan.fields = (*fields, *more)
        there = known.custom.get(customer.pk, {})
        plan.custom = {f: v for f, v in draft.custom.items() if there.get(f.key) != v}
        if plan.note_origin and (customer.pk, plan.note_origin) in known.notes:
            plan.note_origin = ""
        if not (plan.fields or plan.owner or plan.note_origin or plan.custom):
            plan.outcome = Outcome.UNCHANGED
        else:
            plan.outcome = Outcome.UPDATED
        return plan

    def _told_apart(self, plan: CustomerPlan, draft: CustomerDraft, known: _Known) -> None:
        """Says whose the address is by which the row would have found its customer, whether they
        are here already or stand further up in the file."""
        target, others = known.others(draft, self)
        named = [one.name for one in others]
        above, more = self.repeats.others(plan.record, draft)
        target = target or above
        if target == above:
            named = list(dict.fromkeys([*named, *more]))
        if not named:
            return
        whose = listed([f"{name}’s" for name in named[:3]])
        plan.reason = f"This {target} is {whose}; the row says {draft.facts.name}."
        plan.column = self._column(target)
        if self.options.other_name == LEAVE:
            raise BadRow(plan.reason, plan.column)

    def _owner(self, draft: CustomerDraft) -> User | None:
        if not draft.owner:
            return None
        column = self._column("owner")
        found = self.directory.colleague(draft.owner, column)
        if not self.reach.hands_to(found):
            raise BadRow(f"You cannot hand customers to “{found.name}”.", column)
        return found

    def _column(self, target: str) -> int | None:
        return next((at for at, one in enumerate(self.columns) if one.target == target), None)

    def _heading(self, target: str) -> str:
        at = self._column(target)
        return self.columns[at].heading if at is not None else "number"


def note_origin(note: str) -> str:
    """What marks a note as brought in, so that it is not brought in twice."""
    return f"import-note:{hashlib.sha256(note.encode()).hexdigest()[:40]}" if note else ""


class _Known:
    """The customers that a batch of drafts may mean, in a handful of statements."""

    def __init__(self, drafts: Sequence[CustomerDraft], planner: CustomerPlanner) -> None:
        self.numbers = _numbers([draft.key for draft in drafts])
        ours = [draft.public_id for draft in drafts if draft.public_id]
        rows = Customer.objects.get_queryset().filter(public_id__in=ours)
        merged = MergedProfile.objects.filter(public_id__in=ours, undone_at=None)
        self.ours = dict(merged.values_list("public_id", "customer_id"))
        self.ours |= dict(rows.values_list("public_id", "pk"))
        buried = Tombstone.objects.filter(public_id__in=ours)
        self.erased = set(buried.values_list("public_id", flat=True))
        self.emails: dict[str, set[int]] = {}
        self.phones: dict[str, set[int]] = {}
        if "email" in planner.options.match:
            wanted = [emails.normal(one) for draft in drafts for one in draft.emails]
            self.emails = _holders(
                Email.objects.filter(normal__in=wanted).values_list("normal", "customer_id")
            )
        if "phone" in planner.options.match:
            digits = [one for draft in drafts for one in draft.phones if len(one) >= 7]
            self.phones = _holders(
                Phone.objects.filter(digits__in=digits).values_list("digits", "customer_id")
            )
        ids = {*self.numbers.values(), *self.ours.values()}.union(
            *self.emails.values(), *self.phones.values()
        )
        visible = Customer.objects.visible_to(planner.by) if planner.by else Customer.objects.all()
        contacts = Contact.objects.order_by("-is_primary", "id").prefetch_related(
            "emails", "phones"
        )
        self.customers = {
            customer.pk: customer
            for customer in visible.filter(pk__in=ids).prefetch_related(
                Prefetch("contacts", queryset=contacts), "locations", "tags", "external_ids"
            )
        }
        # Who may not be seen is not found by an address: the row reads like one of a stranger.
        self.emails = _among(self.emails, self.customers.keys())
        self.phones = _among(self.phones, self.customers.keys())
        self.custom = values_of(sorted(self.customers), list(planner.fields.values()))
        origins = {origin for draft in drafts if (origin := note_origin(draft.note))}
        self.notes = set(
            Event.objects.filter(customer__in=ids, origin__in=origins).values_list(
                "customer_id", "origin"
            )
            if ids and origins
            else ()
        )

    def customer(self, draft: CustomerDraft, planner: CustomerPlanner) -> Customer | None:
        """The one customer the draft means, or None for a new one.

        Raises BadRow when several are meant, or when the number or id is that of one whom the
        importing person may not see: such a number stands only once, so it cannot be added.
        """
        pk = self.ours.get(draft.public_id) if draft.public_id else None
        if pk is None:
            pk = self.numbers.get(draft.key)
        if pk is None:
            pk = self._matched(draft, planner)
        if pk is None:
            return None
        if pk not in self.customers:
            raise BadRow("This customer exists and is not among those you may see.")
        customer = self.customers[pk]
        ids = {one.system: one.value for one in customer.external_ids.all()}
        # A number of somebody who became one with them is theirs as well.
        theirs = pk == self.numbers.get(draft.key)
        other = ids.get(draft.key[0], draft.key[1]) != draft.key[1]
        if draft.has_own_number and other and not theirs:
            raise BadRow(
                f"{customer.name} matches, but has the number “{ids[draft.key[0]]}”.",
                planner._column("external_id"),
            )
        return customer

    def others(self, draft: CustomerDraft, planner: CustomerPlanner) -> tuple[str, list[Customer]]:
        """By which address it is, and who has it though the row is about somebody else."""
        for target in planner.options.match:
            if found := self._holders(draft, target):
                return target, [self.customers[pk] for pk in sorted(found)]
        return "", []

    def _holders(self, draft: CustomerDraft, target: str) -> set[int]:
        if target == "email":
            return set().union(*(self.emails.get(emails.normal(e), set()) for e in draft.emails))
        return set().union(*(self.phones.get(one, set()) for one in draft.phones))

    def _matched(self, draft: CustomerDraft, planner: CustomerPlanner) -> int | None:
        for target in planner.options.match:
            found = self._holders(draft, target)
            if planner.options.other_name != UPDATE:
                found = {pk for pk in found if not is_another(draft.facts, self.customers[pk])}
            if len(found) > 1:
                raise BadRow(f"{len(found)} customers have this {target}.", planner._column(target))
            if found:
                return found.pop()
        return None


def _numbers(keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    by_system: dict[str, list[str]] = {}
    for system, value in keys:
        by_system.setdefault(system, []).append(value)
    return {
        (system, value): pk
        for system, values in by_system.items()
        for model in (FormerExternalId, ExternalId)
        for value, pk in model.objects.filter(system=system, value__in=values).values_list(
            "value", "customer_id"
        )
    }


def _holders(pairs: Iterable[tuple[str, int]]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for value, pk in pairs:
        found.setdefault(value, set()).add(pk)
    return found


def _among(holders: dict[str, set[int]], seen: Collection[int]) -> dict[str, set[int]]:
    return {value: there for value, all_ in holders.items() if (there := all_.intersection(seen))}
