"""What came since to a contact, or hangs on something else that leaves, leaves with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from regulars.customers import actions
from regulars.customers.facts import ContactFacts
from regulars.customers.merging.hanging import hung_on
from regulars.customers.merging.since import since
from regulars.customers.merging.whose import is_given, tables
from regulars.customers.models import (
    Attachment,
    Contact,
    Customer,
    Email,
    Merge,
    Note,
    Phone,
)
from regulars.customers.notes.facts import NoteFacts
from regulars.lib.errors import Invalid
from regulars.staff.models import User
from regulars.timeline.models import Mention
from tests.cast import Happens, MakeCustomer

from .test_merging import changed, everything
from .test_merging_laws import a_row, torn

pytestmark = pytest.mark.django_db
NEW = "new@example.com"
NUMBER = "+17345550177"
# Every column of rooms and packs by which a row hangs on another row of its customer.
HANGINGS = [field for one in tables() if one is not Merge for field in hung_on(one)]


@pytest.fixture(autouse=True)
def whole() -> Iterator[None]:
    yield
    assert torn() == []


@pytest.fixture
def firms(make_customer: MakeCustomer, ana: User) -> list[Customer]:
    return [
        make_customer("", owner=ana, company=f"{firm} LLC", contacts=[
            {"first_name": who, "last_name": "Moss",
             "emails": [{"address": f"{who.lower()}@example.com"}]}])
        for firm, who in (("Alder", "Ada"), ("Birch", "Bea"), ("Cedar", "Cy"))
    ]  # fmt: skip


def contact(customer: Customer, who: str) -> Contact:
    return customer.contacts.get(first_name=who)


def contact_of(customer: Customer) -> int:
    return int(customer.contacts.get().pk)


def add(customer: Customer, who: str, address: str = NEW) -> None:
    of = contact(customer, who).pk
    kind = "email" if "@" in address else "phone"
    assert actions.edit(customer, f"contact:{of}:{kind}", address, by=customer.owner)


def reach(customer: Customer) -> list[str]:
    emails = [one.normal for one in customer.emails.all()]
    return sorted([*emails, *(one.e164 for one in customer.phones.all())])


def word(customer: Customer, address: str = NEW) -> str:
    return str(customer.emails.get(normal=address).consent)


def say(customer: Customer, kind: str, by: User, address: str = NEW) -> None:
    actions.record_consent(customer.emails.filter(normal=address)[0], kind=kind, by=by)


def test_an_address_and_a_number_leave_with_their_contact(firms: list[Customer], api: Any) -> None:
    alder, birch, _ = firms
    program = api(alder.owner)
    merge = program.post("/merges", {"primary": str(alder.public_id),
                                     "others": [str(birch.public_id)]})  # fmt: skip
    contacts = program.get(f"/customers/{alder.public_id}")["contacts"]
    people = [{"first_name": one["first_name"], "last_name": one["last_name"],
               "emails": [{"address": e["address"]} for e in one["emails"]]}
              for one in contacts]  # fmt: skip
    bea = next(one for one in people if one["first_name"] == "Bea")
    bea |= {"emails": [*bea["emails"], {"address": NEW}], "phones": [{"number": NUMBER}]}
    program.patch(f"/customers/{alder.public_id}", {"contacts": people})
    asked = program.get(f"/merges/{merge['id']}")["since"]
    assert {one["key"].partition(":")[0] for one in asked} == {"timeline.event"}
    api(alder.owner).send("DELETE", f"/merges/{merge['id']}")
    assert reach(birch) == [NUMBER, "bea@example.com", NEW]
    assert reach(alder) == ["ada@example.com"]


def test_and_what_was_said_about_it_leaves_with_it(firms: list[Customer], ana: User) -> None:
    alder, birch, _ = firms
    merge = actions.merge(alder, [birch], by=ana)
    add(alder, "Bea")
    say(alder, "express", ana)
    say(alder, "withdrawn", ana)
    actions.undo_merge(merge, by=ana)
    assert word(birch) == "withdrawn"
    assert [one.kind for one in birch.consents.order_by("pk")] == ["express", "withdrawn"]
    assert not alder.consents.exists()


def test_where_both_have_it_afterwards_both_hear_of_it(firms: list[Customer], ana: User) -> None:
    alder, birch, _ = firms
    add(alder, "Ada")
    merge = actions.merge(alder, [birch], by=ana)
    add(alder, "Bea")
    say(alder, "withdrawn", ana)
    actions.undo_merge(merge, by=ana)
    assert word(alder) == word(birch) == "withdrawn"


@pytest.mark.parametrize("how", ["added", "changed"])
@pytest.mark.parametrize("kind", ["express", "withdrawn"])
def test_a_word_that_stood_when_the_address_came_goes_on_standing(
    firms: list[Customer], ana: User, how: str, kind: str
) -> None:
    """Nobody who opted out of it is written to again because it left."""
    alder, birch, _ = firms
    add(alder, "Ada")
    say(alder, kind, ana)
    merge = actions.merge(alder, [birch], by=ana)
    if how == "added":
        add(alder, "Bea")
    else:
        at = alder.emails.get(normal="bea@example.com").pk
        actions.edit(alder, f"email:{at}:address", NEW, by=ana)
    actions.undo_merge(merge, by=ana)
    assert word(alder) == word(birch) == kind
    assert [one.kind for one in birch.consents.all()] == [kind]
    assert [one.kind for one in alder.consents.all()] == [kind]


def test_an_address_of_old_says_again_what_it_said(firms: list[Customer], ana: User) -> None:
    """The stricter word was the other one's, and was theirs before the merge."""
    alder, birch, _ = firms
    add(alder, "Ada")
    add(birch, "Bea")
    say(alder, "withdrawn", ana)
    merge = actions.merge(alder, [birch], by=ana)
    assert {one.consent for one in alder.emails.filter(normal=NEW)} == {"withdrawn"}
    actions.undo_merge(merge, by=ana)
    assert word(birch) == "unknown"


@pytest.mark.parametrize("when", ["between", "after"])
@pytest.mark.parametrize("first", ["inner", "outer"])
@pytest.mark.parametrize("who", ["Cy", "Bea"])
@pytest.mark.parametrize("same", [False, True])
def test_in_a_chain_it_follows_its_contact(
    firms: list[Customer], ana: User, when: str, first: str, who: str, same: bool
) -> None:
    """Also when the later merge made its contact one with another one of the same name."""
    alder, birch, cedar = firms
    if same:
        actions.add_contact(alder, ContactFacts(first_name=who, last_name="Moss"), by=ana)
    inner = actions.merge(birch, [cedar], by=ana)
    if when == "between":
        add(birch, who)
    outer = actions.merge(alder, [birch], by=ana)
    if when == "after" and not same:
        add(alder, who)
    at = {"Bea": birch, "Cy": cedar}[who]
    for merge in (inner, outer) if first == "inner" else (outer, inner):
        actions.undo_merge(merge, by=ana)
        assert torn() == []
    asked = when == "after" and same
    assert (NEW in reach(at)) == (not asked)
    assert [one.pk for one in firms if NEW in reach(one)] == ([] if asked else [at.pk])


@pytest.mark.parametrize("at_once", [False, True])
@pytest.mark.parametrize("first", ["Birch", "Cedar"])
def test_of_two_who_brought_one_contact_each_takes_their_own_along(
    firms: list[Customer], ana: User, at_once: bool, first: str
) -> None:
    """The later one's address hangs on the contact of the earlier one, who leaves first."""
    alder, birch, cedar = firms
    edit = {"first_name": "Bea", "title": "Owner"}
    for key, value in edit.items():
        actions.edit(cedar, f"contact:{contact_of(cedar)}:{key}", value, by=ana)
    before = everything()
    gone = [[birch, cedar]] if at_once else [[birch], [cedar]]
    merges = [actions.merge(alder, each, by=ana) for each in gone]
    (bea,) = alder.contacts.filter(first_name="Bea")
    assert sorted(one.normal for one in bea.emails.all()) == ["bea@example.com", "cy@example.com"]
    leaves, stays = (birch, cedar) if first == "Birch" else (cedar, birch)
    for merge in merges:
        if merge.profiles.filter(public_id=leaves.public_id):
            actions.undo_merge(merge, by=ana, only={str(leaves.public_id)})
    mail = {"Birch": "bea@example.com", "Cedar": "cy@example.com"}
    assert reach(leaves) == [mail.pop(first)]
    assert reach(alder) == ["ada@example.com", *mail.values()]
    assert torn() == []
    assert [one.name for one in alder.contacts.order_by("pk")] == ["Ada Moss", "Bea Moss"]
    for merge in merges:
        if merge.profiles.filter(public_id=stays.public_id):
            actions.undo_merge(merge, by=ana, only={str(stays.public_id)})
    assert changed(before, everything()) == {}


def test_a_call_about_it_is_theirs_too(firms: list[Customer], ana: User, happens: Happens) -> None:
    alder, birch, _ = firms
    merge = actions.merge(alder, [birch], by=ana)
    add(alder, "Bea")
    add(alder, "Bea", NUMBER)
    email = happens(alder, "email.received", text=f"From {NEW}")
    call = happens(alder, "call.made", by=ana, text=f"Called {NUMBER}")
    other = happens(alder, "call.made", by=ana, text="Called somebody")
    actions.undo_merge(merge, by=ana)
    assert {email, call} <= set(birch.events.all())
    assert other in alder.events.all()


def test_a_call_about_what_both_have_is_asked_about(
    firms: list[Customer], ana: User, happens: Happens
) -> None:
    alder, birch, _ = firms
    add(alder, "Ada", NUMBER)
    add(birch, "Bea", NUMBER)
    merge = actions.merge(alder, [birch], by=ana)
    happens(alder, "call.made", by=ana, text=f"Called {NUMBER}")
    (asked,) = since(merge, merge.profiles.all())
    assert asked.belongs_to == ""


def test_what_is_somebodys_who_stays_in_there_stays_though_the_page_says_whose_it_is(
    firms: list[Customer], ana: User, happens: Happens
) -> None:
    alder, birch, cedar = firms
    merge = actions.merge(alder, [birch, cedar], by=ana)
    email = happens(alder, "email.received", text="From bea@example.com")
    gives = {f"timeline.event:{email.pk}": str(birch.public_id)}
    actions.undo_merge(merge, by=ana, only={str(cedar.public_id)}, gives=gives)
    assert email in alder.events.all()
    actions.undo_merge(merge, by=ana)
    assert email in birch.events.all()


# --- Of two who are the same person it is not known whose it is


@pytest.fixture
def pair(make_customer: MakeCustomer, ana: User) -> tuple[Customer, Customer]:
    rita, other = (
        make_customer(name, owner=ana, email=f"{name}@example.com") for name in ("rita", "other")
    )
    return rita, other


def test_it_stays_where_nobody_says_else(pair: tuple[Customer, Customer], ana: User) -> None:
    rita, other = pair
    merge = actions.merge(rita, [other], by=ana)
    add(rita, "rita")
    asked = since(merge, merge.profiles.all())
    assert "customers.email" in {one.key.partition(":")[0] for one in asked}
    actions.undo_merge(merge, by=ana)
    assert NEW in reach(rita)
    assert reach(other) == ["other@example.com"]


def test_given_to_the_other_it_is_on_their_contact(
    pair: tuple[Customer, Customer], ana: User
) -> None:
    rita, other = pair
    merge = actions.merge(rita, [other], by=ana)
    add(rita, "rita")
    say(rita, "withdrawn", ana)
    key = f"customers.email:{Email.objects.get(normal=NEW).pk}"
    actions.undo_merge(merge, by=ana, gives={key: str(other.public_id)})
    assert [one.normal for one in other.contacts.get().emails.all()] == ["other@example.com", NEW]
    assert word(other) == "withdrawn"
    assert not rita.consents.exists()


def test_given_to_who_has_it_already_or_has_nobody_it_is_refused(
    make_customer: MakeCustomer, pair: tuple[Customer, Customer], ana: User
) -> None:
    rita, other = pair
    empty = make_customer("", owner=ana, company="Empty LLC")
    merge = actions.merge(rita, [other, empty], by=ana)
    for row in list(rita.emails.filter(normal="other@example.com")):
        actions.edit(rita, f"email:{row.pk}:address", "", by=ana)
    add(rita, "rita")
    key = f"customers.email:{Email.objects.get(normal=NEW).pk}"
    with pytest.raises(Invalid, match="has no contact"):
        actions.undo_merge(merge, by=ana, gives={key: str(empty.public_id)})
    assert Email.objects.get(normal=NEW).customer_id == rita.pk


# --- Whatever hangs on what leaves


def test_a_file_on_their_entry_and_a_note_that_is_written_anew_leave_with_it(
    firms: list[Customer], ana: User, happens: Happens
) -> None:
    alder, birch, _ = firms
    entry = happens(birch, "note.added", by=ana, text="Likes oak")
    note = actions.add_note(birch, NoteFacts("Likes ash"), by=ana)
    merge = actions.merge(alder, [birch], by=ana)
    a_row(Attachment, {"customer": alder.pk}, ana)
    Attachment.objects.update(event=entry)
    note.refresh_from_db()
    actions.undo_merge(merge, by=ana)
    assert Attachment.objects.get().customer == birch


def test_every_row_that_hangs_on_one_that_leaves_leaves_with_it(
    firms: list[Customer], ana: User
) -> None:
    assert {field.model for field in HANGINGS} >= {Email, Phone, Note, Mention, Attachment}
    alder, birch, _ = firms
    for field in HANGINGS:
        if not field.related_model._base_manager.filter(customer=birch).exists():
            a_row(field.related_model, {"customer": birch.pk}, ana)
    parents = {f: f.related_model._base_manager.filter(customer=birch).first() for f in HANGINGS}
    merge = actions.merge(alder, [birch], by=ana)
    made = []
    for field, parent in parents.items():
        made.append(_hung(field, parent, alder, ana))
    assert not {one.key for one in since(merge, merge.profiles.all())} & {
        f"{type(one)._meta.label_lower}:{one.pk}" for one in made if is_given(type(one))
    }
    actions.undo_merge(merge, by=ana)
    for one in made:
        one.refresh_from_db()
        assert one.customer_id == birch.pk, one


def _hung(field: Any, parent: Any, customer: Customer, ana: User) -> Any:
    model = field.model
    known = set(model._base_manager.values_list("pk", flat=True))
    a_row(model, {"customer": customer.pk}, ana)
    (row,) = model._base_manager.exclude(pk__in=known)
    model._base_manager.filter(pk=row.pk).update(**{field.name: parent})
    return row
