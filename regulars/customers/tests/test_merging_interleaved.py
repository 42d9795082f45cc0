"""Merged, taken apart and merged again, in any order: in the end everybody is who they were."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.customers import actions
from regulars.customers.facts import ContactFacts
from regulars.customers.models import Customer, Email, Merge, NotFamily
from regulars.customers.notes.facts import NoteFacts
from regulars.lib.errors import Invalid
from regulars.matching import actions as matching
from regulars.matching.models import Verdict
from regulars.staff.models import User
from regulars.timeline import actions as timeline
from tests.laws import takes_unshrunk

from .test_merging import changed, everything
from .test_merging_laws import LIVES, born, taken_back, torn

pytestmark = pytest.mark.django_db
MOST = 4
WHO = st.integers(0, MOST - 1)
TWO = st.lists(WHO, min_size=2, max_size=2, unique=True)
MERGE = st.tuples(st.just("merge"), st.lists(WHO, min_size=2, max_size=3))
UNDO = st.tuples(st.just("undo"), st.lists(st.integers(0, 9), min_size=1, max_size=1))
EDITS = ("withdraw", "event", "tag", "own", "rename", "refer", "home", "apart", "note", "reach",
         "person", "change")  # fmt: skip
EDIT = st.tuples(st.sampled_from(EDITS), TWO)
LAST = st.permutations(list(range(20)))
BONDS = st.lists(
    st.tuples(st.sampled_from(["apart", "different", "home", "refer"]), TWO), max_size=5
)
LIVED = st.lists(LIVES, min_size=MOST, max_size=MOST)
LAW = takes_unshrunk(15)
Deeds = list[tuple[str, list[int]]]


def now(customer: Customer) -> Customer:
    """Who they are now."""
    found = Customer.objects.get_queryset().known_as(customer.public_id).first()
    assert found is not None
    return found


def own(n: int) -> str:
    return f"own{n}@example.com"


def owning(life: dict[str, Any], n: int) -> dict[str, Any]:
    emails = [*life["emails"], (f"own{n}", "unknown")]
    return life | {"emails": emails, "ids": [*life["ids"], "own"]}


class Town:
    """Four people and what they are to each other, and an address of each that nobody else has."""

    def __init__(self, lives: list[dict[str, Any]], bonds: Deeds, by: User) -> None:
        self.by = by
        self.people = [born(owning(life, n), n, by) for n, life in enumerate(lives)]
        self.merges: list[Merge] = []
        self.withdrawn: set[str] = set()
        self.touched: set[int] = set()
        self.added = 0
        self.out: set[str] = set()
        self.seen: dict[tuple[int, int], int] = {}
        for what, numbers in bonds:
            self.do(what, numbers)
        self.touched.clear()

    def standing(self) -> list[Merge]:
        return [m for m in self.merges if m.profiles.filter(undone_at=None).exists()]

    def do(self, what: str, numbers: list[int]) -> None:
        """What cannot be is refused in words, and then nothing has changed."""
        try:
            if what == "merge":
                self._merge(numbers)
            elif what == "undo":
                self._undo(numbers)
            else:
                self._edit(what, numbers)
        except Invalid:
            assert what not in ("merge", "undo")
        self._look()

    def _look(self) -> None:
        """No version seen under an id is of two rows: who saw the one must not write the other."""
        for person in self.people:
            one = now(person)
            assert self.seen.setdefault((person.pk, one.version), one.pk) == one.pk

    def _merge(self, numbers: list[int]) -> None:
        primary, *others = {one.pk: one for one in (now(self.people[n]) for n in numbers)}.values()
        if others:
            self.merges.append(actions.merge(primary, others, by=self.by))

    def _undo(self, numbers: list[int]) -> None:
        left = self.standing()
        if left:
            actions.undo_merge(left[numbers[0] % len(left)], by=self.by)

    def take_apart(self, last: list[int]) -> None:
        for merge in sorted(self.standing(), key=lambda m: last[self.merges.index(m) % 20]):
            actions.undo_merge(merge, by=self.by)

    def _edit(self, what: str, numbers: list[int]) -> None:
        one, other = (now(self.people[n]) for n in numbers)
        by, n = self.by, numbers[0]
        two = what in ("refer", "home", "apart", "different")
        if two and one.pk == other.pk:
            return
        homes = {who.household_id for who in (one, other)} - {None} if two else set()
        for m, person in enumerate(self.people):  # who lives with them is told too
            is_now = now(person)
            if is_now.household_id in homes or is_now in ((one, other) if two else (one,)):
                self.touched.add(m)
        if what in ("reach", "person", "change"):
            self._edit_reach(what, one, n)
            return
        if what == "withdraw":
            self.withdrawn.add(own(n))
        edits: dict[str, Callable[[], object]] = {
            "withdraw": lambda: actions.record_consent(
                one.emails.get(address=own(n)), kind="withdrawn", by=by
            ),
            "event": lambda: timeline.record(
                one, "message.received", by=None, data={"text": "since"}
            ),
            "note": lambda: actions.add_note(one, NoteFacts("Since"), by=by),
            "tag": lambda: actions.tag(one, "Since", by=by),
            "own": lambda: actions.reassign(one, to=None if one.owner_id else by, by=by),
            "rename": lambda: actions.edit(one, "company", f"Since {n}", by=by),
            "refer": lambda: actions.refer(one, other, by=by),
            "home": lambda: actions.confirm(one, other, by=by),
            "apart": lambda: actions.refuse(one, other, by=by),
            "different": lambda: matching.decide(one, other, verdict="different", by=by),
        }
        edits[what]()

    def _edit_reach(self, what: str, one: Customer, n: int) -> None:
        """Another contact, another address of any of the contacts, or one that is changed."""
        if what == "person":
            who = ContactFacts(first_name="Since", last_name=str(n))
            actions.add_contact(one, who, by=self.by)
            return
        contacts = list(one.contacts.order_by("pk"))
        contact = contacts[n % len(contacts)]
        self.added += 1
        address = f"since{self.added}@example.com"
        key = f"contact:{contact.pk}:email"
        if what == "change":
            row = contact.emails.exclude(address__startswith="own").first()
            key = f"email:{row.pk}:address" if row else key
        actions.edit(one, key, address, by=self.by)
        row = one.emails.get(address=address)
        if n % 2:
            actions.record_consent(row, kind="withdrawn", by=self.by)
            self.out.add(address)


@LAW
@given(
    lives=LIVED, bonds=BONDS, deeds=st.lists(MERGE | UNDO, min_size=3, max_size=10), last=LAST
)  # fmt: skip
def test_whatever_was_merged_and_undone_between(
    ana: User, lives: list[dict[str, Any]], bonds: Deeds, deeds: Deeds, last: list[int]
) -> None:
    with taken_back():
        town = Town(lives, bonds, ana)
        before = everything()
        for what, numbers in deeds:
            town.do(what, numbers)
        town.take_apart(last)
        assert changed(before, everything()) == {}


@LAW
@given(
    lives=LIVED, bonds=BONDS, deeds=st.lists(MERGE | UNDO | EDIT, min_size=4, max_size=14),
    last=LAST,
)  # fmt: skip
def test_whatever_was_done_between_too(
    ana: User, lives: list[dict[str, Any]], bonds: Deeds, deeds: Deeds, last: list[int]
) -> None:
    """Who was not touched is exactly who they were; of the others nothing is lost, and no word of
    consent is looser; nothing hangs on what is somebody else's."""
    with taken_back():
        town = Town(lives, bonds, ana)
        before = everything()
        for what, numbers in deeds:
            town.do(what, numbers)
        town.take_apart(last)
        after = everything()
        alone = {p.pk for n, p in enumerate(town.people) if n not in town.touched}
        assert changed(about(before, alone), about(after, alone)) == {}
        for n, one in enumerate(town.people):
            one.refresh_from_db()
            email = one.emails.get(address=own(n))
            assert (email.consent == "withdrawn") == (own(n) in town.withdrawn)
            assert one.external_ids.get(system="own").value == f"own-{n}"
        for table in ("timeline_event", "customers_note", "customers_consentrecord"):
            assert {pk for pk, _ in rows(before[table])} <= {pk for pk, _ in rows(after[table])}
        assert torn() == []
        assert not Email.objects.filter(address__in=town.out).exclude(consent="withdrawn").exists()
        for model in (NotFamily, Verdict):
            assert all(row.customer_id < row.other_id for row in model.objects.all())


def rows(texts: list[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    for text in texts:
        row = json.loads(text)
        yield row.get("id", 0), row


def about(found: dict[str, list[str]], customers: set[int]) -> dict[str, list[str]]:
    """The rows that are about these and nobody else."""
    kept = {}
    for table, texts in found.items():
        key = "id" if table == "customers_customer" else "customer_id"
        kept[table] = [
            text
            for text, (_, row) in zip(texts, rows(texts), strict=True)
            if {row[k] for k in (key, "other_id") if row.get(k) is not None} <= customers
            and key in row
        ]
    return kept
