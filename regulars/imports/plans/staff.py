"""Colleagues: which rows add one, which change one."""

from __future__ import annotations

from collections.abc import Sequence

from regulars.imports.models import Outcome
from regulars.imports.plans.directory import Directory
from regulars.imports.plans.plan import Plan, StaffPlan, rejected
from regulars.imports.plans.seen import Seen
from regulars.imports.reading.mapping import Column
from regulars.imports.reading.table import Record
from regulars.imports.rows import BadRow, Cells, StaffDraft, read_colleague
from regulars.staff.models import User

ROLE = "salesperson"
"""What a colleague from a file is when the file does not say; they cannot sign in until asked."""


class StaffPlanner:
    """Rows find their colleague by number, else by email, else by the whole name."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.columns = columns
        self.directory = Directory()
        self.seen = Seen()

    def plan(self, records: Sequence[Record]) -> list[Plan]:
        return [self._plan(record) for record in records]

    def _plan(self, record: Record) -> Plan:
        if record.problem:
            return rejected(record, record.problem, record.column)
        try:
            draft = read_colleague(Cells(record.cells, self.columns))
            return self._repeat(record, draft) or self._placed(record, draft)
        except BadRow as bad:
            return rejected(record, bad.reason, bad.column)

    def _repeat(self, record: Record, draft: StaffDraft) -> Plan | None:
        first = self.seen.before(
            draft.external_id or draft.email or draft.name, draft, record.number
        )
        if first is None:
            return None
        number, same = first
        if same:
            return StaffPlan(record, Outcome.UNCHANGED, f"Says the same as record {number}.")
        return rejected(
            record, f"Record {number} of this file is the same colleague, told otherwise."
        )

    def _placed(self, record: Record, draft: StaffDraft) -> StaffPlan:
        user = self._known(draft)
        facts: dict[str, object] = {
            key: getattr(draft, key)
            for key in ("name", "external_id", "title", "phone")
            if getattr(draft, key)
        }
        if draft.email:
            facts["email"] = draft.email
        for kind in ("team", "store", "role"):
            if text := getattr(draft, kind):
                column = next(at for at, one in enumerate(self.columns) if one.target == kind)
                facts[kind] = self.directory.named(kind, text, column)
        if user is None:
            facts.setdefault("role", self.directory.roles[ROLE])
            return StaffPlan(record, Outcome.ADDED, draft=draft, changes=facts)
        changes = {key: value for key, value in facts.items() if getattr(user, key) != value}
        outcome = Outcome.UPDATED if changes else Outcome.UNCHANGED
        return StaffPlan(record, outcome, draft=draft, user=user, changes=changes)

    def _known(self, draft: StaffDraft) -> User | None:
        found = self.directory.by_number(draft.external_id) or self.directory.by_email(draft.email)
        if found is not None:
            return found
        same = self.directory.by_name(draft.name)
        if len(same) > 1:
            raise BadRow(f"More than one colleague is called “{draft.name}”; give an email.")
        taken = same and draft.external_id and same[0].external_id not in ("", draft.external_id)
        return same[0] if same and not taken else None
