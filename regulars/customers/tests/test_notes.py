"""Notes are written, edited, pinned and taken back; the timeline always says the same."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection

from regulars.customers import actions
from regulars.customers.models import Customer, Note, NoteType
from regulars.customers.notes import details, queries
from regulars.customers.notes.details import NoteDetail
from regulars.customers.notes.facts import NoteFacts, read
from regulars.customers.notes.mentions import MOST, mentioned
from regulars.customers.visibility import seers
from regulars.lib.errors import Invalid, NotAllowed
from regulars.staff.models import Store, User
from regulars.timeline import actions as timeline
from regulars.timeline.models import Event, Mention
from tests.cast import Happens, MakeCustomer

pytestmark = pytest.mark.django_db


@pytest.fixture
def renee(make_customer: MakeCustomer, ana: User) -> Customer:
    return make_customer("Renée Castellanos", owner=ana)


def texts(note: Note) -> list[str]:
    """What it ever said, as its history has it."""
    history: Any = Note._meta.apps.get_model("customers", "NoteHistory")
    rows = history.objects.filter(pgh_obj=note.pk).order_by("pgh_id")
    return list(rows.values_list("text", flat=True))


class Person:
    def __init__(self, name: str) -> None:
        self.name = name


# Whom a text mentions.


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@Ana Ferreira please call", ["Ana Ferreira"]),
        ("please, @ana ferreira!", ["Ana Ferreira"]),
        ("@Ana\n  Ferreira", ["Ana Ferreira"]),
        ("(@Ana) and @Ana Ferreira's", ["Ana", "Ana Ferreira"]),
        ("@Ana Ferreirano", ["Ana"]),
        ("@Anastasia", []),
        ("mail x@Ana", []),
        ("Ana Ferreira", []),
        ("@Zoë Brontë @ZOË BRONTË", ["Zoë Brontë"]),
        ("@O’Neil (Pat)", ["O’Neil (Pat)"]),
        ("@", []),
        ("@ Ana", []),
        ("", []),
    ],
)
def test_who_is_mentioned(text: str, names: list[str]) -> None:
    people = [Person(n) for n in ("Ana", "Ana Ferreira", "Zoë Brontë", "O’Neil (Pat)", "")]
    assert [person.name for person in mentioned(text, people)] == names


def test_two_of_one_name_are_both_meant_and_no_more_than_some() -> None:
    both = [Person("Jo Moss"), Person("jo  moss")]
    assert mentioned("@Jo Moss", both) == both
    many = [Person(f"P{n} X") for n in range(50)]
    assert len(mentioned(" ".join(f"@{p.name}" for p in many), many)) == MOST


def test_who_may_see_is_the_gate_asked_the_other_way_round(
    ana: User, cleo: User, finn: User, ben: User, mia: User, omar: User, ada: User, dora: User,
    north: Store, south: Store, make_customer: MakeCustomer,
) -> None:  # fmt: skip
    people = [ana, cleo, finn, ben, mia, omar, ada, dora]
    omar.role.rights["customers"] = 0
    omar.role.save()
    everybody = [
        make_customer("A", owner=owner, store=store)
        for owner in (None, ana, ben, mia, finn)
        for store in (None, north, south)
    ]
    for customer in everybody:
        customer = Customer.objects.get_queryset().get(pk=customer.pk)
        see = {
            person.pk
            for person in User.objects.filter(pk__in=[p.pk for p in people])
            if Customer.objects.visible_to(person).filter(pk=customer.pk).exists()
        }
        assert set(seers(customer).values_list("pk", flat=True)) == see


# What a note says.


@pytest.mark.parametrize(
    ("raw", "errors"),
    [
        ({}, {"text"}),
        ({"text": "  \n"}, {"text"}),
        ({"text": 5}, {"text"}),
        ({"text": "x" * 8_001}, {"text"}),
        ({"text": "x", "type": "Nonsense"}, {"type"}),
        ({"text": "x", "type": "999999999999999999999"}, {"type"}),
        ({"text": "x", "call_status": "spoke"}, {"call_status"}),
        ({"text": "x", "details": {"colour": "red"}}, {"details"}),
        ({"text": "", "type": "Nonsense", "call_status": "spoke"}, {"text", "type", "call_status"}),
    ],
)
def test_what_is_wrong_with_a_note_is_said_by_field(
    ana: User, raw: dict[str, Any], errors: set[str]
) -> None:
    with pytest.raises(Invalid) as no:
        read(raw, by=ana)
    assert no.value.errors.keys() == errors


def test_a_note_is_kept_as_it_was_said(ana: User, renee: Customer) -> None:
    raw = {"text": " Likes **blue** \r\n", "type": "meeting", "call_status": "left_message"}
    note = actions.add_note(renee, read(raw, by=ana), by=ana)
    assert (note.text, str(note.type), note.call_status) == (
        "Likes **blue**", "Meeting", "left_message",
    )  # fmt: skip
    assert note.event.data == {
        "text": "Likes **blue**", "type": "Meeting", "call_status": "left_message",
    }  # fmt: skip
    assert (note.author, note.event.actor) == (ana, ana)
    assert read({"text": "x", "type": str(note.type_id)}, by=ana).type == note.type


def test_packs_ask_for_more(ana: User, renee: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    cloth = NoteDetail("cloth", "Cloth", lambda asked: [("1", "Wool"), ("2", "Linen")])
    monkeypatch.setattr(details, "note_details", [cloth])
    note = actions.add_note(
        renee, read({"text": "x", "details": {"cloth": "LINEN"}}, by=ana), by=ana
    )
    assert (note.details, note.event.data["cloth"]) == ({"cloth": "2"}, "Linen")
    with pytest.raises(Invalid) as no:
        read({"text": "x", "details": {"cloth": "silk"}}, by=ana)
    assert no.value.errors == {"details.cloth": "Choose one of: Wool, Linen"}
    # Without the pack the note still says so, and its text can be edited.
    monkeypatch.setattr(details, "note_details", [])
    note = actions.edit_note(note.event, read({"text": "y"}, by=ana, of=note), by=ana)
    assert (note.event.data["cloth"], note.event.data["text"]) == ("Linen", "y")


def test_the_same_origin_is_one_note(ana: User, renee: Customer) -> None:
    first = actions.add_note(renee, NoteFacts("One"), by=ana, origin="x:1")
    again = actions.add_note(renee, NoteFacts("Two"), by=ana, origin="x:1")
    assert (again.pk, again.text) == (first.pk, "One")
    assert renee.events.filter(kind="note.added").count() == 1


# Edited.


def test_an_edited_note_says_the_new_and_keeps_the_old(ana: User, renee: Customer) -> None:
    note = actions.add_note(renee, NoteFacts("Likes blue"), by=ana)
    actions.edit_note(note.event, NoteFacts("Likes red"), by=ana)
    note.refresh_from_db()
    note.event.refresh_from_db()
    assert (note.text, note.event.data["text"]) == ("Likes red", "Likes red")
    assert note.edited_by == ana
    assert texts(note) == ["Likes blue", "Likes red"]
    assert [e.kind for e in renee.events.order_by("-pk")[:2]] == ["note.edited", "note.added"]


def test_an_edit_that_changes_nothing_is_none(ana: User, renee: Customer) -> None:
    note = actions.add_note(renee, NoteFacts("Likes blue"), by=ana)
    actions.edit_note(note.event, NoteFacts("Likes blue"), by=ana)
    note.refresh_from_db()
    assert note.edited_at is None
    assert not renee.events.filter(kind="note.edited").exists()


def test_a_note_from_elsewhere_gets_its_row_when_it_is_edited(
    ana: User, renee: Customer, happens: Happens
) -> None:
    event = happens(renee, "note.added", text="From the old system", about="visit", system="x")
    note = actions.edit_note(event, NoteFacts("Mended"), by=ana)
    event.refresh_from_db()
    assert event.data == {"text": "Mended", "about": "visit", "system": "x"}
    assert texts(note) == ["From the old system", "Mended"]


@pytest.mark.parametrize("data", [{}, {"text": 5}, {"text": None}, {"text": "x" * 9_000}])
def test_a_note_from_elsewhere_may_say_anything(
    ana: User, renee: Customer, data: dict[str, Any]
) -> None:
    event = timeline.record(renee, "note.added", by=None, data=data)
    assert actions.pin_note(event, by=ana).is_pinned


def test_a_note_is_changed_by_its_author(
    ana: User, cleo: User, ada: User, mia: User, dora: User, renee: Customer
) -> None:
    note = actions.add_note(renee, NoteFacts("Likes blue"), by=ana)
    for other in (cleo, mia):
        with pytest.raises(NotAllowed, match="Only Ana Ferreira can change this note"):
            actions.edit_note(note.event, NoteFacts("Mine"), by=other)
        with pytest.raises(NotAllowed):
            actions.retract_note(note.event, by=other)
    actions.edit_note(note.event, NoteFacts("By who runs the office"), by=ada)
    left = timeline.record(renee, "note.added", by=dora, data={"text": "Before she left"})
    actions.edit_note(left, NoteFacts("Mended"), by=cleo)


# Pinned.


def test_pinned_notes_stand_above_and_five_are_enough(
    ana: User, cleo: User, renee: Customer
) -> None:
    made = [actions.add_note(renee, NoteFacts(f"Note {n}"), by=ana) for n in range(6)]
    for note in made[:5]:
        actions.pin_note(note.event, by=cleo)
    with pytest.raises(Invalid, match="5 notes are pinned already"):
        actions.pin_note(made[5].event, by=cleo)
    with pytest.raises(Invalid):
        actions.add_note(renee, NoteFacts("One more"), by=ana, pinned=True)
    shown = queries.pinned(queries.notes(renee, []))
    assert [note.text for note in shown] == [f"Note {n}" for n in (4, 3, 2, 1, 0)]
    actions.unpin_note(made[0].event, by=ana)
    assert actions.pin_note(made[5].event, by=ana).pinned_by == ana


def test_pinning_twice_is_pinning_once(ana: User, renee: Customer) -> None:
    note = actions.add_note(renee, NoteFacts("x"), by=ana)
    for _ in range(2):
        actions.pin_note(note.event, by=ana)
    for _ in range(2):
        actions.unpin_note(note.event, by=ana)
    kinds = list(renee.events.order_by("pk").values_list("kind", flat=True))
    assert kinds[-3:] == ["note.added", "note.pinned", "note.unpinned"]


@pytest.mark.django_db(transaction=True)
def test_colleagues_who_pin_at_once_pin_five(ana: User, renee: Customer) -> None:
    made = [actions.add_note(renee, NoteFacts(f"Note {n}"), by=ana) for n in range(8)]

    def pin(event: Event) -> None:
        try:
            actions.pin_note(event, by=ana)
        except Invalid:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=pin, args=(note.event,)) for note in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert renee.notes.filter(pinned_at__isnull=False).count() == 5


# Taken back.


def test_what_is_taken_back_is_gone_from_every_face_but_kept(
    ana: User, cleo: User, renee: Customer
) -> None:
    note = actions.add_note(renee, NoteFacts("Rude about @Cleo Marsh"), by=ana, pinned=True)
    actions.retract_note(note.event, by=ana)
    note.refresh_from_db()
    note.event.refresh_from_db()
    assert (note.text, note.is_pinned, note.event.data) == ("", False, {"retracted": True})
    assert list(queries.mentions(cleo)) == []
    assert texts(note) == ["Rude about @Cleo Marsh", ""]
    for again in (actions.edit_note, actions.pin_note):
        with pytest.raises(Invalid):
            again(note.event, *([NoteFacts("x")] if again is actions.edit_note else []), by=ana)
    before = renee.events.count()
    actions.retract_note(note.event, by=ana)
    assert renee.events.count() == before


def test_erasing_takes_the_notes_their_history_and_the_mentions(
    ana: User, cleo: User, renee: Customer
) -> None:
    note = actions.add_note(renee, NoteFacts("Canary @Cleo Marsh"), by=ana)
    pk = note.pk
    actions.erase(renee, confirm=renee.name, by=ana)
    assert texts(Note(pk=pk)) == []
    assert not Mention.objects.exists()


# Mentioned.


def test_who_is_mentioned_is_asked_to_look_until_they_do(
    ana: User, cleo: User, renee: Customer
) -> None:
    note = actions.add_note(renee, NoteFacts("@Cleo Marsh, can you take her?"), by=ana)
    (asked,) = queries.mentions(cleo)
    assert (asked.event, asked.customer) == (note.event, renee)
    assert note.event.data["mentions"] == [{"id": cleo.pk, "name": "Cleo Marsh"}]
    timeline.mark_read(renee, by=ana)
    assert len(queries.mentions(cleo)) == 1
    timeline.mark_read(renee, by=cleo)
    assert list(queries.mentions(cleo)) == []


def test_who_does_something_about_it_has_looked(ana: User, cleo: User, renee: Customer) -> None:
    actions.add_note(renee, NoteFacts("@Cleo Marsh?"), by=ana)
    timeline.record(renee, "call.made", by=ana)
    assert len(queries.mentions(cleo)) == 1
    timeline.record(renee, "call.made", by=cleo)
    assert list(queries.mentions(cleo)) == []


def test_who_tags_or_merges_them_has_not_looked(
    make_customer: MakeCustomer, ana: User, cleo: User, renee: Customer
) -> None:
    """As whoever tags a thousand at once."""
    actions.add_note(renee, NoteFacts("@Cleo Marsh?"), by=ana)
    actions.tag(renee, "Fleet", by=cleo)
    merge = actions.merge(renee, [make_customer("Renee Again", owner=ana)], by=cleo)
    actions.undo_merge(merge, by=cleo)
    assert len(queries.mentions(cleo)) == 1


def test_an_edit_asks_only_who_was_not_asked_before(
    ana: User, cleo: User, mia: User, renee: Customer
) -> None:
    note = actions.add_note(renee, NoteFacts("@Cleo Marsh"), by=ana)
    timeline.mark_read(renee, by=cleo)
    actions.edit_note(note.event, NoteFacts("@Cleo Marsh @Mia Hollander"), by=ana)
    assert (len(queries.mentions(cleo)), len(queries.mentions(mia))) == (0, 1)


def test_who_may_not_see_the_customer_and_oneself_are_not_asked(
    ana: User, ben: User, finn: User, dora: User, renee: Customer
) -> None:
    text = "@Ana Ferreira @Ben Castillo @Finn Okafor @Dora Petrov"
    note = actions.add_note(renee, NoteFacts(text), by=ana)
    assert "mentions" not in note.event.data
    assert not Mention.objects.exists()


def test_whoever_lost_sight_of_the_customer_is_asked_no_more(
    ana: User, ben: User, cleo: User, renee: Customer
) -> None:
    actions.add_note(renee, NoteFacts("@Cleo Marsh"), by=ana)
    actions.reassign(renee, to=ben, by=ana)
    assert list(queries.mentions(cleo)) == []


# Types.


def names_of_types() -> list[str]:
    return [kind.name for kind in queries.types()]


def test_types_are_added_renamed_moved_and_removed(ana: User, renee: Customer) -> None:
    assert names_of_types()[:3] == ["General", "Call", "Meeting"]
    added = actions.add_note_type("  Test  drive ", by=ana)
    assert names_of_types()[-1] == "Test drive"
    actions.move_note_type(added, up=True, by=ana)
    assert names_of_types()[-2] == "Test drive"
    actions.rename_note_type(added, "Trial", by=ana)
    actions.add_note(renee, NoteFacts("x", type=added), by=ana)
    actions.remove_note_type(added, by=ana)
    assert "Trial" not in names_of_types()
    assert renee.notes.get().type == added
    with pytest.raises(Invalid):
        read({"text": "x", "type": "Trial"}, by=ana)
    assert actions.add_note_type("trial", by=ana).pk == added.pk
    assert names_of_types()[-1] == "trial"
    first = NoteType.objects.get(name="General")
    actions.move_note_type(first, up=True, by=ana)
    assert names_of_types()[0] == "General"


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "general"])
def test_a_type_has_a_name_of_its_own(ana: User, name: str) -> None:
    with pytest.raises(Invalid) as no:
        actions.add_note_type(name, by=ana)
    assert no.value.errors.keys() == {"name"}
    with pytest.raises(Invalid):
        actions.rename_note_type(NoteType.objects.get(name="Call"), name, by=ana)


def test_an_unused_type_that_is_removed_is_gone(ana: User) -> None:
    actions.remove_note_type(NoteType.objects.get(name="Finance"), by=ana)
    assert not NoteType.objects.filter(name="Finance").exists()
