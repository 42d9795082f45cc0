"""Laws of merging, under random lives: undoing is exact, the order does not matter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import models, transaction
from hypothesis import given
from hypothesis import strategies as st

from regulars.customers import actions, facts
from regulars.customers.merging.hanging import hung_on
from regulars.customers.merging.whose import columns, tables
from regulars.customers.models import (
    ConsentRecord,
    Customer,
    FormerExternalId,
    FormerName,
    Merge,
    MergedProfile,
)
from regulars.lib import clock
from regulars.staff.models import User
from regulars.timeline import actions as timeline
from regulars.timeline.models import Event
from tests.laws import takes_unshrunk

from .test_merging import changed, everything

pytestmark = pytest.mark.django_db
LAW = takes_unshrunk(12)

NAMES = st.sampled_from(["Rita Moss", "Margarita Moss", "Bo Li", "Ann-Kathrin Öz"])
CONSENTS = st.sampled_from(["unknown", "express", "none", "withdrawn"])
LIVES = st.fixed_dictionaries(
    {
        "name": NAMES,
        "company": st.sampled_from(["", "Moss LLC", "Oz Co"]),
        "type": st.sampled_from(["lead", "prospect", "account"]),
        "tags": st.lists(st.sampled_from(["VIP", "Boat", "New"]), max_size=3, unique=True),
        "emails": st.lists(st.tuples(st.sampled_from("abcd"), CONSENTS), max_size=3,
                           unique_by=lambda pair: pair[0]),
        "phones": st.lists(st.sampled_from(["+17345550101", "+17345550102"]), max_size=2,
                           unique=True),
        "places": st.lists(st.sampled_from(["1 Elm St", "2 Oak Av", "3 Ash Rd"]), max_size=2,
                           unique=True),
        "ids": st.lists(st.sampled_from(["dms", "shop"]), max_size=2, unique=True),
        "events": st.lists(st.sampled_from(["message.received", "call.made", "form.submitted"]),
                           max_size=3),
        "read": st.booleans(),
    }
)  # fmt: skip


def born(life: dict[str, Any], n: int, by: User) -> Customer:
    first, _, last = life["name"].rpartition(" ")
    raw = {
        "company": life["company"], "type": life["type"], "tags": life["tags"],
        "contacts": [{
            "first_name": first, "last_name": last,
            "emails": [{"address": f"{a}@example.com", "consent": c} for a, c in life["emails"]],
            "phones": [{"number": p} for p in life["phones"]],
        }],
        "locations": [{"line1": p, "city": "Flint", "state": "MI"} for p in life["places"]],
        "external_ids": {system: f"{system}-{n}" for system in life["ids"]},
    }  # fmt: skip
    customer = actions.add(facts.clean(raw | {"first_name": first, "last_name": last}), by=by)
    for kind in life["events"]:
        timeline.record(customer, kind, by=by if kind == "call.made" else None, data={"text": "x"})
    if life["read"]:
        timeline.mark_read(customer, by=by)
    return customer


def torn() -> list[str]:
    """Rows that hang on a row of another customer."""
    found = []
    for field in (field for parent in tables() for field in hung_on(parent)):
        rows = field.model._base_manager.exclude(**{field.name: None})
        rows = rows.exclude(**{f"{field.name}__customer": models.F("customer")})
        found += [f"{field} {pk}" for pk in rows.values_list("pk", flat=True)]
    return found


@contextmanager
def taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@LAW
@given(lives=st.lists(LIVES, min_size=2, max_size=4), chain=st.booleans(), data=st.data())
def test_undoing_gives_back_exactly_what_was(
    ana: User, lives: list[dict[str, Any]], chain: bool, data: st.DataObject
) -> None:
    with taken_back():
        people = [born(life, n, ana) for n, life in enumerate(lives)]
        before = everything()
        if chain:
            merges = []
            for into, of in zip(people[-2::-1], people[:0:-1], strict=True):
                into.refresh_from_db()
                merges.append(actions.merge(into, [of], by=ana))
        else:
            merges = [actions.merge(people[0], people[1:], by=ana)]
        for merge in data.draw(st.permutations(merges)):
            actions.undo_merge(merge, by=ana)
        assert changed(before, everything()) == {}


def said(customer: Customer) -> dict[str, Any]:
    """What a customer says, whatever the ids of its rows."""
    customer.refresh_from_db()
    plain = {f: getattr(customer, f) for f in (
        "name", "company", "type", "source", "owner_id", "created_at", "waiting_since",
        "unread_count", "last_activity_at",
    )}  # fmt: skip
    return plain | {
        "tags": sorted(t.name for t in customer.tags.all()),
        "emails": sorted((e.normal, e.consent) for e in customer.emails.all()),
        "phones": sorted((p.digits, p.call_consent, p.text_consent) for p in customer.phones.all()),
        "places": sorted(p.normal for p in customer.locations.all()),
        "ids": sorted(
            [(x.system, x.value) for x in customer.external_ids.all()]
            + [(x.system, x.value) for x in FormerExternalId.objects.filter(customer=customer)]
        ),
        "names": sorted(str(n) for n in FormerName.objects.filter(customer=customer)),
        "events": sorted(
            customer.events.exclude(kind="customer.merged").values_list("pk", flat=True)
        ),
    }


@LAW
@given(lives=st.lists(LIVES, min_size=3, max_size=3))
def test_the_order_does_not_matter(ana: User, lives: list[dict[str, Any]]) -> None:
    found = []
    with taken_back():
        a, b, c = (born(life, n, ana) for n, life in enumerate(lives))
        ways: list[Callable[[], object]] = [
            lambda: actions.merge(a, [b, c], by=ana),
            lambda: (actions.merge(a, [c], by=ana), actions.merge(a, [b], by=ana)),
            lambda: (actions.merge(b, [c], by=ana), actions.merge(a, [b], by=ana)),
            lambda: (actions.merge(c, [b], by=ana), actions.merge(a, [c], by=ana)),
        ]
        for way in ways:
            with taken_back():
                way()
                found.append(said(a))
    for one in found[1:]:
        assert {k: (found[0][k], v) for k, v in one.items() if found[0][k] != v} == {}


@LAW
@given(lives=st.lists(LIVES, min_size=3, max_size=3), data=st.data())
def test_who_is_taken_out_leaves_the_others_as_if_they_had_never_been_there(
    ana: User, lives: list[dict[str, Any]], data: st.DataObject
) -> None:
    """But for words of consent, of which the strictest goes on standing; for who has read what,
    since nothing counts as read that was not; and for a name that somebody in between had of them.
    """
    with taken_back():
        a, b, c = (born(life, n, ana) for n, life in enumerate(lives))
        ways: list[Callable[[], list[Merge]]] = [
            lambda: [actions.merge(a, [b, c], by=ana)],
            lambda: [actions.merge(a, [b], by=ana), actions.merge(a, [c], by=ana)],
            lambda: [actions.merge(a, [c], by=ana), actions.merge(a, [b], by=ana)],
            lambda: [actions.merge(c, [b], by=ana), actions.merge(a, [c], by=ana)],
        ]
        with taken_back():
            actions.merge(a, [c], by=ana)
            alone = less(said(a))
        merges = data.draw(st.sampled_from(ways))()
        for merge in merges:
            if merge.profiles.filter(public_id=b.public_id).exists():
                actions.undo_merge(merge, by=ana, only={str(b.public_id)})
        now = less(said(a))
        assert now.pop("unread_count") >= alone.pop("unread_count")
        assert {*now.pop("names")} >= {*alone.pop("names")}
        assert {k: (alone[k], v) for k, v in now.items() if alone[k] != v} == {}
        assert torn() == []


def less(found: dict[str, Any]) -> dict[str, Any]:
    without = {"emails", "phones"}
    reach = {key: sorted(row[0] for row in found[key]) for key in without}
    events = [pk for pk in found["events"] if Event.objects.get(pk=pk).kind != "customer.unmerged"]
    return {**found, **reach, "events": events}


def test_of_two_words_that_end_the_one_that_ends_first_stands(ana: User) -> None:
    pair = [born(EMPTY | {"emails": [("a", "unknown")]}, n, ana) for n in range(2)]
    today = clock.now().date()
    said = [("inquiry", today - timedelta(days=20)), ("purchase", today - timedelta(days=2))]
    for one, (basis, on) in zip(pair, said, strict=True):
        actions.record_consent(one.emails.get(), kind="implied", basis=basis, basis_on=on, by=ana)
    first, last = (one.emails.get().consent_until for one in pair)
    assert first
    assert last
    assert first < last
    merge = actions.merge(pair[1], [pair[0]], by=ana)
    assert pair[1].emails.get().consent_until == first
    actions.undo_merge(merge, by=ana)
    assert [one.emails.get().consent_until for one in pair] == [first, last]


def test_no_word_of_consent_becomes_looser(ana: User) -> None:
    order = ["express", "implied", "none", "withdrawn"]
    for one in ("express", "none", "withdrawn"):
        for two in ("express", "none", "withdrawn"):
            with taken_back():
                pair = []
                for n, kind in enumerate((one, two)):
                    customer = born(EMPTY | {"emails": [("a", kind)]}, n, ana)
                    pair.append(customer)
                merge = actions.merge(pair[0], [pair[1]], by=ana)
                stricter = max(one, two, key=order.index)
                assert pair[0].emails.get().consent == stricter
                last = ConsentRecord.objects.filter(customer=pair[0]).latest("happened_at", "pk")
                assert last.kind == stricter
                actions.undo_merge(merge, by=ana)
                assert [c.emails.get().consent for c in pair] == [one, two]


EMPTY: dict[str, Any] = {
    "name": "Rita Moss", "company": "", "type": "lead", "tags": [], "emails": [], "phones": [],
    "places": [], "ids": [], "events": [], "read": False,
}  # fmt: skip


# --- One of every row there is


def a_row(model: type[models.Model], whose: dict[str, int], ana: User) -> None:  # noqa: C901
    """A row with the least a table asks for, so that a new pack's table is filled too."""
    values: dict[str, Any] = {}
    for field in model._meta.local_concrete_fields:
        if field.primary_key or field.name in whose:
            continue
        needs = not field.null and not field.has_default() and not field.blank
        needs = needs and getattr(field, "db_default", models.NOT_PROVIDED) is models.NOT_PROVIDED
        if not needs:
            continue
        if field.related_model is User:
            values[field.name] = ana
        elif field.related_model is not None:
            kin = field.related_model._base_manager.order_by("-pk")
            mine = {f.name for f in field.related_model._meta.local_concrete_fields}
            kin = kin.filter(customer=next(iter(whose.values()))) if "customer" in mine else kin
            values[field.name] = kin.first() or _parent(field.related_model, ana)
        elif field.choices:
            values[field.name] = next(str(key) for key, _ in field.flatchoices if key)
        elif isinstance(field, models.DateTimeField):
            values[field.name] = clock.now()
        elif isinstance(field, models.DateField):
            values[field.name] = clock.now().date()
        elif isinstance(field, models.UUIDField):
            values[field.name] = "0198c0de-0000-7000-8000-000000000001"
        elif isinstance(field, models.IntegerField | models.DecimalField | models.FloatField):
            values[field.name] = next(iter(whose.values())) % 30_000
        else:
            values[field.name] = f"{model.__name__}{next(iter(whose.values()))}"[:40]
    model._base_manager.create(**{f"{k}_id": v for k, v in whose.items()}, **values)


def _parent(model: type[models.Model], ana: User) -> Any:
    asked = [
        f
        for f in model._meta.local_concrete_fields
        if not (f.primary_key or f.null or f.blank or f.has_default())
    ]
    names = {
        f.name: ("customers" if f.choices else f"A {model.__name__}")
        for f in asked
        if isinstance(f, models.CharField)
    }
    people = {f.name: ana for f in asked if f.related_model is User}
    return model._base_manager.create(**names, **people)


def test_with_one_of_every_row_there_is_undoing_gives_back_what_was(ana: User, ada: User) -> None:
    full = EMPTY | {
        "emails": [("a", "express")], "phones": ["+17345550101"], "places": ["1 Elm St"],
        "tags": ["VIP"], "ids": ["dms"], "events": ["message.received"], "read": True,
    }  # fmt: skip
    people = [
        born(full | {"name": name}, n, ana) for n, name in enumerate(("A Moss", "B Moss", "C Moss"))
    ]
    others = born(EMPTY, 9, ana)
    for customer in people:
        for model in tables():
            names = [one.field for one in columns() if one.model is model]
            if model in (Customer, Merge, MergedProfile):
                continue
            if model._base_manager.filter(**{names[0]: customer.pk}).exists():
                continue
            ids = sorted([customer.pk, others.pk]) if len(names) > 1 else [customer.pk]
            a_row(model, dict(zip(names, ids, strict=True)), ana)
        assert all(
            model._base_manager.filter(**{one.field: customer.pk}).exists()
            for model in tables()
            if model not in (Customer, Merge, MergedProfile)
            for one in [next(c for c in columns() if c.model is model)]
        ), "a row of every table"
    before = everything()
    merge = actions.merge(people[0], people[1:], by=ada)
    for one in columns():
        left = one.model._base_manager.filter(**{f"{one.field}__in": [c.pk for c in people[1:]]})
        assert not left.exists(), one.key
    actions.undo_merge(merge, by=ada)
    assert changed(before, everything()) == {}
