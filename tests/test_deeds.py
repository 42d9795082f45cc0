"""Every verb about a customer leaves exactly one event on their timeline."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from regulars.customers import actions as customers
from regulars.customers import facts
from regulars.customers.models import Contact, Customer, Email, Location, Note
from regulars.customers.notes.facts import NoteFacts
from regulars.lib import clock
from regulars.staff.models import User
from regulars.timeline.models import Event

DEEDS: dict[str, Callable[[Customer, User], object]] = {
    "add": lambda c, by: customers.add(facts.clean({"name": "New One"}), by=by),
    "add_contact": lambda c, by: customers.add_contact(
        c, facts.clean({"company": "A", "contacts": [{"last_name": "B"}]}).contacts[0], by=by
    ),
    "add_location": lambda c, by: customers.add_location(
        c, facts.clean({"name": "A", "locations": [{"city": "B"}]}).locations[0], by=by
    ),
    "archive": lambda c, by: customers.archive(c, by=by),
    "assign": lambda c, by: customers.assign(c, to=by, by=by),
    "change": lambda c, by: customers.change(
        c, facts.clean({"company": "Elsewhere"}), by=by, fields=["company"]
    ),
    "change_contact": lambda c, by: customers.change_contact(
        Contact.objects.get(customer=c, is_primary=True),
        facts.clean({"company": "A", "contacts": [{"last_name": "B"}]}).contacts[0],
        by=by,
    ),
    "change_location": lambda c, by: customers.change_location(
        Location.objects.get(customer=c),
        facts.clean({"name": "A", "locations": [{"city": "B"}]}).locations[0],
        by=by,
    ),
    "edit": lambda c, by: customers.edit(c, "company", "Elsewhere", by=by),
    "add_note": lambda c, by: customers.add_note(c, NoteFacts("Hello"), by=by),
    "edit_note": lambda c, by: customers.edit_note(_note(c), NoteFacts("Anew"), by=by),
    "attach": lambda c, by: customers.attach(c, BytesIO(b"x"), name="a", by=by),
    "rename_file": lambda c, by: customers.rename_file(c.attachments.get(), "new", by=by),
    "remove_file": lambda c, by: customers.remove_file(c.attachments.get(), by=by),
    "pin_note": lambda c, by: customers.pin_note(_note(c), by=by),
    "unpin_note": lambda c, by: customers.unpin_note(_note(c, pinned=True), by=by),
    "retract_note": lambda c, by: customers.retract_note(_note(c), by=by),
    "reassign": lambda c, by: customers.reassign(c, to=by, by=by, reason="Moved"),
    "record_consent": lambda c, by: customers.record_consent(
        Email.objects.get(customer=c), kind="withdrawn", by=by
    ),
    "refer": lambda c, by: customers.refer(c, None, source="Church picnic", by=by),
    "relate": lambda c, by: customers.relate(c, "Wife", by=by),
    "remove_location": lambda c, by: customers.remove_location(
        Location.objects.get(customer=c), by=by
    ),
    "tag": lambda c, by: customers.tag(c, "VIP", by=by),
    "unassign": lambda c, by: customers.unassign(c, by=by),
    "untag": lambda c, by: customers.untag(c, "old", by=by),
}
# Those whose event stands elsewhere: many at once, what is gone with its customer, derived rows,
# what the post answers.
COUNTED_ELSEWHERE = {
    *(
        "add_many",
        "bring_back",
        "erase",
        "hand_over",
        "mark_checked",
        "merge",
        "put_custom",
        "reindex",
        "remove_contact",
        "undo",
        "undo_merge",
        "restore",
    ),
    "row_of",
    # Of many at once: in the tests of the bulk room.
    *("archive_many", "reassign_many", "recategorise_many", "regroup_many", "restore_many"),
    *("tag_many", "untag_many", "take_back"),
    *("drop_preview", "keep_hot", "keep_spelling", "sweep_files"),
    # Of a household everybody is told.
    *("combine", "confirm", "join", "leave", "refuse", "rename", "split", "undo_household"),
}
# The company's own lists are about no customer.
OF_THE_COMPANY = re.compile(
    r"\w+_(field|group|category|source|note_type)|(add|change|delete)_tag|merge_tags"
)


def _note(customer: Customer, *, pinned: bool = False) -> Event:
    """The customer's note, pinned or not."""
    event = customer.events.get(kind="note.added")
    Note.objects.filter(event=event).update(pinned_at=clock.now() if pinned else None)
    return event


def test_every_deed_has_its_case() -> None:
    ours = {name for name in customers.__all__ if name.islower()}
    about = {name for name in ours if not OF_THE_COMPANY.fullmatch(name)}
    assert about - COUNTED_ELSEWHERE == set(DEEDS)


@pytest.mark.parametrize("deed", DEEDS)
def test_a_deed_records_exactly_one_event(
    deed: str, make_customer: Any, ana: User, ben: User
) -> None:
    customer = make_customer(
        "Renée Castellanos",
        owner=ben,
        tags=["old"],
        locations=[{"city": "Detroit"}],
        email="renee@lake.example",
    )
    customers.add_note(customer, NoteFacts("A note"), by=ana, pinned=True)
    customers.attach(customer, BytesIO(b"words"), name="old", by=ana)
    before = Event.objects.count()
    DEEDS[deed](customer, ana)
    assert Event.objects.count() == before + 1
    assert Event.objects.latest("pk").actor == ana
