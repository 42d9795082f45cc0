"""History: whose it is, who did it, and whether it is known already."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace

from regulars.customers.merging import came_by
from regulars.customers.models import Customer, Email, ExternalId, FormerExternalId, Phone
from regulars.imports.models import Outcome
from regulars.imports.options import Options
from regulars.imports.plans.directory import Directory
from regulars.imports.plans.plan import EventPlan, Plan, rejected
from regulars.imports.plans.seen import Seen
from regulars.imports.reading.mapping import Column
from regulars.imports.reading.table import Record
from regulars.imports.rows import BadRow, Cells, EventDraft, read_event
from regulars.lib import clock, emails, phones
from regulars.staff.models import User
from regulars.timeline import actions as timeline
from regulars.timeline.kinds import event_kinds
from regulars.timeline.models import Event


class EventPlanner:
    """Rows find their customer by number, email or phone, and are recorded once."""

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
        self.seen = Seen()
        self.holding: set[int] = set()
        self.kinds = {
            name.casefold(): kind.key
            for kind in event_kinds
            if kind.by_hand
            for name in (kind.key, kind.label)
        }

    def plan(self, records: Sequence[Record]) -> list[Plan]:
        drafts = [(record, self._draft(record)) for record in records]
        good = [draft for _, draft in drafts if isinstance(draft, EventDraft)]
        whose = self._customers(good)
        self.holding = came_by.holding_others(pk for pk in whose.values() if pk > 0)
        known = set(
            Event.objects.filter(
                customer__in=set(whose.values()), origin__in=[draft.origin for draft in good]
            ).values_list("customer_id", "origin")
            if whose
            else ()
        )
        plans: list[Plan] = []
        for record, draft in drafts:
            if isinstance(draft, Plan):
                plans.append(draft)
                continue
            try:
                plans.append(self._placed(record, draft, whose, known))
            except BadRow as bad:
                plans.append(rejected(record, bad.reason, bad.column))
        return plans

    def _draft(self, record: Record) -> EventDraft | Plan:
        if record.problem:
            return rejected(record, record.problem, record.column)
        try:
            cells = Cells(
                record.cells, self.columns, date_orders=self.options.date_orders, zone=self.zone
            )
            kind = self._kind(cells)
            draft = read_event(cells, system=self.options.system, kind=kind)
        except BadRow as bad:
            return rejected(record, bad.reason, bad.column)
        first = self.seen.before(draft.origin, tuple(record.cells), record.number)
        if first is None:
            return draft
        number, same = first
        if same:
            return EventPlan(record, Outcome.UNCHANGED, f"Says the same as record {number}.")
        return rejected(
            record,
            f"Record {number} of this file has the same number but says something else.",
            cells.column("external_id"),
        )

    def _kind(self, cells: Cells) -> str:
        said = cells.text("kind")
        kind = self.kinds.get(said.casefold()) if said else self.options.event_kind
        if not kind:
            raise BadRow(f"“{said[:60]}” is no kind of event we know.", cells.column("kind"))
        return kind

    def _placed(
        self,
        record: Record,
        draft: EventDraft,
        whose: dict[tuple[str, str], int],
        known: set[tuple[int, str]],
    ) -> EventPlan:
        customer, way = self._customer(draft, whose)
        if customer in self.holding:
            draft = replace(draft, data=came_by.noted(draft.data, **way))
        actor = (
            self.directory.colleague(draft.actor, self._column("actor")) if draft.actor else None
        )
        wrong = timeline.check(draft.kind, draft.data, draft.happened_at, clock.now())
        if wrong:
            field, sentence = next(iter(wrong.items()))
            raise BadRow(f"{sentence}.", self._column(field))
        done = (customer, draft.origin) in known
        return EventPlan(
            record,
            Outcome.UNCHANGED if done else Outcome.ADDED,
            draft=draft,
            customer_id=customer,
            actor_id=actor.pk if actor else None,
        )

    def _customer(
        self, draft: EventDraft, whose: dict[tuple[str, str], int]
    ) -> tuple[int, dict[str, str]]:
        """Whose it is, and the way by which that is known."""
        for target, words in (
            ("customer", "the number"),
            ("customer_email", "the email"),
            ("customer_phone", "the phone"),
        ):
            text = getattr(draft, target)
            if not text:
                continue
            normal = self._normal(target, text)
            found = whose.get((target, normal))
            if found is None:
                raise BadRow(f"No customer has {words} “{text[:60]}”.", self._column(target))
            if found < 0:
                raise BadRow(f"Several customers have {words} “{text[:60]}”.", self._column(target))
            return found, self._way(target, normal)
        raise BadRow("The row does not say whose event it is.")

    def _way(self, target: str, normal: str) -> dict[str, str]:
        if target == "customer":
            return {"system": self.options.system, "id": normal}
        return {target.removeprefix("customer_"): normal}

    def _normal(self, target: str, text: str) -> str:
        if target == "customer_email":
            return emails.normal(text)
        return phones.read(text, self.region).digits if target == "customer_phone" else text

    def _customers(self, drafts: Sequence[EventDraft]) -> dict[tuple[str, str], int]:
        """(target, value) → customer, -1 when several have it; only those the person may see."""
        found: dict[tuple[str, str], int] = {}
        rows: list[tuple[str, str, int]] = []
        for target, column, query in (
            ("customer", "value", ExternalId.objects.filter(system=self.options.system)),
            ("customer", "value", FormerExternalId.objects.filter(system=self.options.system)),
            ("customer_email", "normal", Email.objects.all()),
            ("customer_phone", "digits", Phone.objects.all()),
        ):
            texts = {getattr(draft, target) for draft in drafts} - {""}
            if texts:
                wanted = {self._normal(target, text) for text in texts}
                pairs = query.filter(**{f"{column}__in": wanted}).values_list(column, "customer_id")
                rows += [(target, value, pk) for value, pk in pairs]
        ids = {pk for _, _, pk in rows}
        if self.by is not None:
            ids = set(
                Customer.objects.visible_to(self.by).filter(pk__in=ids).values_list("pk", flat=True)
            )
        for target, value, pk in rows:
            if pk in ids and found.setdefault((target, value), pk) != pk:
                found[target, value] = -1
        return found

    def _column(self, target: str) -> int | None:
        return next((at for at, one in enumerate(self.columns) if one.target == target), None)
