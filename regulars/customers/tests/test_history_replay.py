"""Whatever is written in whatever order: history is the record, at every moment it ever had."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from regulars.customers import actions, facts
from regulars.customers.actions.contact_rows import contacts_of
from regulars.customers.custom.queries import definition
from regulars.customers.history import as_of, queries
from regulars.customers.history.changes import Row, Written
from regulars.customers.history.parts import parts
from regulars.customers.models import (
    Contact,
    Customer,
    CustomField,
    Email,
    Group,
    Phone,
    Tagging,
)
from regulars.customers.notes.facts import NoteFacts
from regulars.lib.errors import Invalid
from regulars.staff.models import User
from tests.laws import takes

pytestmark = pytest.mark.django_db(transaction=True)

State = Mapping[str, Mapping[int, Mapping[str, Any]]]
WORDS = st.sampled_from(["Amy", "Bo", "Cy", "Dee", "Eve", "Łukasz O’Brien", "% _ ' \\"])
NUMBER = st.integers(0, 7)


def observed(customer: Customer) -> State:
    """The record as its tables hold it now."""
    found = {}
    for part in parts().values():
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id, to_jsonb(t)::text FROM {part.live} t WHERE {part.owner} = %s",
                [customer.pk],
            )
            found[part.key] = {pk: queries.read(text) for pk, text in cursor.fetchall()}
    return found


def replayed(written: Iterable[Written], at: datetime) -> Mapping[str, list[Row]]:
    """The record at that moment, from its history alone: of every row the last writing."""
    last = {}
    for one in sorted(written, key=lambda w: int(w.row["pgh_id"])):
        if one.at <= at:
            last[one.part, one.obj] = one.row
    rows: dict[str, list[Row]] = {key: [] for key in parts()}
    for (key, _), row in last.items():
        if row["pgh_label"] != "delete":
            rows[key].append(row)
    return rows


def told(rows: Mapping[str, Any], like: State) -> State:
    """Rows of history without what only history says; of the columns that are kept."""
    return {
        key: {
            row["pgh_obj_id"]: {k: v for k, v in row.items() if not k.startswith("pgh_")}
            for row in each
        }
        for key, each in rows.items()
    }


def same(history: State, live: State) -> None:
    for key, rows in live.items():
        assert history[key].keys() == rows.keys(), key
        for pk, row in rows.items():
            kept = history[key][pk]
            assert kept == {column: row[column] for column in kept}, key


class Editor:
    """Does one thing to the customer after the other, as people, programs and raw SQL do."""

    def __init__(self, customer: Customer, people: list[User]) -> None:
        self.customer, self.people = customer, people
        self.field = CustomField.objects.filter(label="Boat").first() or actions.add_field(
            label="Boat", kind="text", by=people[0]
        )
        self.other = actions.add(facts.clean({"first_name": "Una"}), by=people[0])

    def some(self, rows: Any, n: int) -> Any:
        found = list(rows.order_by("pk"))
        return found[n % len(found)] if found else None

    def add_contact(self, word: str, n: int, by: User) -> None:
        raw = {"first_name": word, "email": f"a{n}@x.example", "primary": n % 3 == 0}
        actions.add_contact(self.customer, facts.read_contact(raw), by=by)

    def change_contact(self, word: str, n: int, by: User) -> None:
        row = self.some(self.customer.contacts, n)
        if row is not None:
            raw = {
                "first_name": word,
                "title": f"T{n}",
                "primary": n % 2 == 0,
                "emails": [
                    {"address": f"{k}@x.example", "consent": "express"} for k in range(n % 4)
                ],
                "phones": [{"number": f"734 555 016{k}"} for k in range(n % 3)],
            }
            actions.change_contact(row, facts.read_contact(raw), by=by)

    def remove_contact(self, word: str, n: int, by: User) -> None:
        row = self.some(self.customer.contacts, n)
        if row is not None:
            actions.remove_contact(row, by=by)

    def all_contacts_anew(self, word: str, n: int, by: User) -> None:
        wanted = [*contacts_of(self.customer)[n % 2 :]][::-1]
        read = facts.CustomerFacts(company="N", contacts=tuple(facts.one_primary(wanted)))
        actions.change(self.customer, read, by=by, fields=["contacts"])

    def location(self, word: str, n: int, by: User) -> None:
        row = self.some(self.customer.locations, n)
        place = facts.read_location({"line1": word, "city": f"City {n}", "primary": n % 2 == 0})
        if row is None or n > 4:
            actions.add_location(self.customer, place, by=by)
        elif n % 4 == 0:
            actions.remove_location(row, by=by)
        else:
            actions.change_location(row, place, by=by)

    def fields(self, word: str, n: int, by: User) -> None:
        read = facts.clean(
            {"company": f"{word} Ltd", "type": ["lead", "account"][n % 2], "source": "phone"}
        )
        wanted = ["company", "type", "source", "group"]
        group = self.some(Group.objects, n)
        actions.change(self.customer, read, by=by, fields=wanted[n % 3 :], group=group)

    def external_ids(self, word: str, n: int, by: User) -> None:
        ids = {f"s{k}": f"{self.customer.pk}-{n}" for k in range(n % 3)}
        read = facts.clean({"company": "N", "external_ids": ids})
        actions.change(self.customer, read, by=by, fields=["external_ids"])

    def tags(self, word: str, n: int, by: User) -> None:
        if n % 3:
            actions.tag(self.customer, word, by=by)
        else:
            actions.untag(self.customer, word, by=by)

    def owner(self, word: str, n: int, by: User) -> None:
        actions.reassign(self.customer, to=[*self.people, None][n % 3], by=by, reason=word)

    def put_away(self, word: str, n: int, by: User) -> None:
        (actions.archive if n % 2 else actions.restore)(self.customer, by=by)

    def facts_in_place(self, word: str, n: int, by: User) -> None:
        row = self.some(self.customer.contacts, n)
        key = f"contact:{row.pk}:about" if row is not None and n % 2 else "company"
        actions.edit(self.customer, key, word, by=by)

    def notes(self, word: str, n: int, by: User) -> None:
        note = self.some(self.customer.notes.filter(author=by), n)
        if note is None or n > 4:
            actions.add_note(self.customer, NoteFacts(word), by=by, pinned=n == 5)
        elif n % 3 == 0:
            actions.retract_note(note.event, by=by)
        elif n % 3 == 1:
            actions.pin_note(note.event, by=by)
        else:
            actions.edit_note(note.event, NoteFacts(f"{word} {n}"), by=by)

    def details(self, word: str, n: int, by: User) -> None:
        known = definition(self.field)
        actions.put_custom(self.customer, {known: word if n % 3 else ""}, by=by)

    def family(self, word: str, n: int, by: User) -> None:
        if n % 3 == 0:
            actions.refer(self.customer, self.other, source=word, by=by)
        elif n % 3 == 1:
            actions.refer(self.customer, None, source="", by=by)
        else:
            actions.confirm(self.customer, self.other, relation=word[:20], by=by)

    def consent(self, word: str, n: int, by: User) -> None:
        email = self.some(self.customer.emails, n)
        if email is not None:
            kind = ["express", "withdrawn", "none"][n % 3]
            actions.record_consent(email, by=by, kind=kind, wording=word)

    def past_all_actions(self, word: str, n: int, by: User) -> None:
        Phone.objects.filter(customer=self.customer).update(label=word)
        Customer.objects.get_queryset().filter(pk=self.customer.pk).update(referral_source=word)

    def in_bulk(self, word: str, n: int, by: User) -> None:
        rows = list(Email.objects.filter(customer=self.customer))
        for row in rows:
            row.consent_basis = word
        Email.objects.bulk_update(rows, ["consent_basis"])
        first = not self.customer.contacts.exists()
        new = Contact(customer=self.customer, first_name=word, is_primary=first)
        Contact.objects.bulk_create([new])
        Tagging.objects.filter(customer=self.customer).delete()


DEEDS: list[Callable[..., None]] = [
    deed
    for name, deed in vars(Editor).items()
    if callable(deed) and name[0] != "_" and name != "some"
]
STEPS = st.lists(st.tuples(st.sampled_from(DEEDS), WORDS, NUMBER), min_size=1, max_size=12)


def test_every_moment_of_a_record_can_be_looked_at_again(mia: User, ana: User) -> None:
    @takes(30, suppress_health_check=list(HealthCheck))
    @given(STEPS)
    def holds(steps: list[tuple[Callable[..., None], str, int]]) -> None:
        customer = actions.add(facts.clean({"company": "N", "email": "n@x.example"}), by=mia)
        editor = Editor(customer, [ana, mia])
        seen: dict[datetime, State] = {}
        for deed, word, n in steps:
            seen[queries.moments(customer, limit=1)[0].at] = observed(customer)
            with suppress(Invalid):
                deed(editor, word, n, [ana, mia][n % 2])
        now = observed(customer)
        seen[queries.moments(customer, limit=1)[0].at] = now
        written = [one for one, _ in queries.whole(customer, queries.Asked(), limit=400)[0]]
        for at, state in seen.items():
            same(told(as_of.as_of(customer, at).rows, state), state)
            same(told(replayed(written, at), state), state)

    holds()
