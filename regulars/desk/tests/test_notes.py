"""Notes on the page: written with what they are about, pinned, edited, taken back, mentioning."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from regulars.customers import actions
from regulars.customers.models import Customer, NoteType
from regulars.customers.notes.facts import NoteFacts
from regulars.staff.models import User
from regulars.timeline.models import Event
from tests.cast import Happens, MakeCustomer

pytestmark = pytest.mark.django_db
Headers = Callable[..., dict[str, str]]


@pytest.fixture
def renee(make_customer: MakeCustomer, ana: User) -> Customer:
    return make_customer("Renée Castellanos", owner=ana)


def shown(client: Client, customer: Customer) -> str:
    answer = client.get(customer.get_absolute_url())
    assert answer.status_code == 200
    return answer.content.decode()


def write(client: Client, customer: Customer, text: str, **more: str) -> Any:
    sent = {"kind": "note.added", "text": text, **more}
    return client.post(f"{customer.get_absolute_url()}events/", sent)


def note_of(customer: Customer) -> Event:
    return customer.events.filter(kind="note.added").latest("pk")


def at(event: Event, deed: str = "") -> str:
    return f"{event.customer.get_absolute_url()}notes/{event.pk}/{deed}"


def said(answer: Any) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def test_a_note_is_drawn_with_what_it_is_about(ana_in: Client, renee: Customer) -> None:
    visit = NoteType.objects.get(name="Visit")
    write(ana_in, renee, "Likes **blue**\n- no sedans", type=str(visit.pk), call_status="busy")
    page = shown(ana_in, renee)
    assert "<strong>blue</strong>" in page
    assert "<li>no sedans</li>" in page
    assert '<span class="tag">Visit</span> <span class="tag">Busy</span>' in page


def test_the_first_type_is_chosen_and_none_is_fine_too(ana_in: Client, renee: Customer) -> None:
    page = shown(ana_in, renee)
    general = NoteType.objects.get(name="General")
    assert f'<option value="{general.pk}" selected>General</option>' in page
    write(ana_in, renee, "x", type="")
    assert note_of(renee).data == {"text": "x"}
    NoteType.objects.all().delete()
    assert 'name="type"' not in shown(ana_in, renee)


@pytest.mark.parametrize(
    "more", [{"type": "999"}, {"type": "é"}, {"call_status": "spoke"}, {"detail-moon": "full"}]
)
def test_what_cannot_be_chosen_is_refused_and_what_was_typed_is_kept(
    ana_in: Client, renee: Customer, more: dict[str, str]
) -> None:
    answer = write(ana_in, renee, "Typed with care", **more)
    assert answer.status_code == 422
    assert "Typed with care" in answer.content.decode()
    assert not renee.events.filter(kind="note.added").exists()


def test_a_note_is_pinned_above_and_unpinned(
    ana_in: Client, renee: Customer, htmx: Headers
) -> None:
    write(ana_in, renee, "Never call before ten")
    event = note_of(renee)
    assert ana_in.post(at(event, "pin/")).status_code == 303
    page = shown(ana_in, renee)
    assert page.index('aria-label="Pinned notes"') < page.index('aria-label="Show"')
    region = ana_in.post(
        at(event, "unpin/"), headers=htmx("timeline", renee.get_absolute_url())
    ).content.decode()
    assert "Pinned notes" not in region
    assert "Never call before ten" in region


def test_a_sixth_is_refused_in_words(ana_in: Client, ana: User, renee: Customer) -> None:
    for n in range(5):
        actions.add_note(renee, NoteFacts(f"Note {n}"), by=ana, pinned=True)
    write(ana_in, renee, "One more")
    assert "5 notes are pinned already" in said(ana_in.post(at(note_of(renee), "pin/")))


def test_a_note_is_edited_and_says_so(ana_in: Client, renee: Customer) -> None:
    write(ana_in, renee, "Likes blue")
    event = note_of(renee)
    assert "Likes blue</textarea>" in ana_in.get(at(event)).content.decode()
    wrong = ana_in.post(at(event), {"text": " "})
    assert wrong.status_code == 422
    assert "Write the note first" in wrong.content.decode()
    assert ana_in.post(at(event), {"text": "Likes red", "type": ""}).status_code == 303
    page = shown(ana_in, renee)
    assert "Likes red" in page
    assert "Likes blue" not in page
    assert ">edited by you</p>" in page


def test_a_note_from_elsewhere_is_edited_too(
    ana_in: Client, renee: Customer, happens: Happens
) -> None:
    event = happens(renee, "note.added", text="Imported", about="visit")
    assert "dded a note about visit" in shown(ana_in, renee)
    ana_in.post(at(event), {"text": "Mended"})
    assert "Mended" in shown(ana_in, renee)


def test_only_ones_own_note_is_edited_and_taken_back(
    ana_in: Client, ana: User, cleo: User, signed_in: Callable[[User], Client], renee: Customer
) -> None:
    write(ana_in, renee, "Mine")
    event = note_of(renee)
    other = signed_in(cleo)
    assert "Only Ana Ferreira can change" in said(other.get(at(event)))
    assert "Only Ana Ferreira can change" in said(other.post(at(event), {"text": "Ours"}))
    assert "Only Ana Ferreira can change" in said(other.post(at(event, "retract/")))
    assert "Mine" in shown(other, renee)


def test_what_is_taken_back_leaves_a_mark(ana_in: Client, renee: Customer) -> None:
    write(ana_in, renee, "Regrettable")
    event = note_of(renee)
    ana_in.post(at(event, "retract/"))
    page = shown(ana_in, renee)
    assert "Regrettable" not in page
    assert "Taken back by you" in page
    assert ana_in.get(at(event)).status_code == 404


@pytest.mark.parametrize("pk", [0, 10**30])
def test_no_such_note(ana_in: Client, renee: Customer, pk: int) -> None:
    base = f"{renee.get_absolute_url()}notes/{pk}/"
    assert ana_in.get(base).status_code == 404
    for deed in ("pin/", "unpin/", "retract/"):
        assert ana_in.post(f"{base}{deed}").status_code == 404


def test_what_is_no_note_cannot_be_pinned(ana_in: Client, renee: Customer) -> None:
    added = renee.events.get(kind="customer.created")
    assert ana_in.post(at(added, "pin/")).status_code == 404


# Mentions.


def test_whom_one_may_mention(
    ana_in: Client, ana: User, cleo: User, mia: User, ada: User, finn: User, ben: User, dora: User,
    renee: Customer,
) -> None:  # fmt: skip
    offered = ana_in.get(f"{renee.get_absolute_url()}mentionable/").content.decode()
    for person in (cleo, mia, ada):
        assert f'data-name="{person.name}"' in offered
    for person in (ana, finn, ben, dora):
        assert person.name not in offered


def test_who_is_mentioned_hears_of_it_on_now_until_they_looked(
    ana_in: Client, cleo: User, signed_in: Callable[[User], Client], renee: Customer
) -> None:
    answer = write(ana_in, renee, "@cleo marsh, **please** call her")
    assert "Cleo Marsh is asked to look" in said(answer)
    assert '<span class="mention">@cleo marsh</span>' in shown(ana_in, renee)
    other = signed_in(cleo)
    now = other.get("/").content.decode()
    assert "Mentioned you" in now
    assert "@cleo marsh, please call her" in now
    assert "Mentioned you" not in ana_in.get("/").content.decode()
    assert "Renée" in other.get("/customers/?filter=unread").content.decode()
    other.get(renee.get_absolute_url())
    assert "Mentioned you" not in other.get("/").content.decode()
    assert "Renée" not in other.get("/customers/?filter=unread").content.decode()


def test_who_cannot_be_asked_is_named(ana_in: Client, finn: User, renee: Customer) -> None:
    answer = write(ana_in, renee, "@Finn Okafor and @Nobody Here")
    assert "Finn Okafor does not see Renée and cannot be asked" in said(answer)
    assert "Nobody" not in said(answer)


def test_now_shows_ten_of_them(
    ana: User, cleo: User, signed_in: Callable[[User], Client], make_customer: MakeCustomer,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    for n in range(12):
        customer = make_customer(f"Customer {n:02}", owner=ana)
        actions.add_note(customer, NoteFacts("@Cleo Marsh"), by=ana)
    other = signed_in(cleo)
    other.get("/")
    with django_assert_max_num_queries(8):
        page = other.get("/").content.decode()
    assert page.count('class="item asks"') == 10
    assert "<span>10+</span>" in page


# What it costs, and what it never does.


def test_a_page_full_of_notes_is_eight_statements(
    ana_in: Client, ana: User, cleo: User, renee: Customer, django_assert_max_num_queries: Any
) -> None:
    for n in range(8):
        note = actions.add_note(renee, NoteFacts(f"Note {n}"), by=ana, pinned=n < 5)
        actions.edit_note(note.event, NoteFacts(f"Note {n} anew"), by=ana)
    shown(ana_in, renee)
    with django_assert_max_num_queries(8):
        shown(ana_in, renee)


def test_who_only_looks_is_offered_nothing(
    ana_in: Client, omar: User, signed_in: Callable[[User], Client], renee: Customer
) -> None:
    write(ana_in, renee, "Likes blue")
    event = note_of(renee)
    page = shown(signed_in(omar), renee)
    assert "Likes blue" in page
    assert "Pin above the timeline" not in page
    for deed in ("pin/", "unpin/", "retract/", ""):
        assert signed_in(omar).post(at(event, deed)).status_code == 403


# Settings › Notes.


def test_types_are_kept_in_settings(ada_in: Client, renee: Customer) -> None:
    base = "/settings/notes/"
    assert ada_in.post(base, {"name": "general"}).status_code == 422
    assert ada_in.post(base, {"name": "Test drive"}).status_code == 302
    made = NoteType.objects.get(name="Test drive")
    ada_in.post(f"{base}{made.pk}/move/", {"up": "1"})
    assert ada_in.post(f"{base}{made.pk}/", {"name": "Call"}).status_code == 422
    ada_in.post(f"{base}{made.pk}/", {"name": "Trial"})
    write(ada_in, renee, "x", type=str(made.pk))
    ada_in.post(f"{base}{made.pk}/remove/")
    assert "No longer offered" in ada_in.get(base).content.decode()
    assert '<span class="tag">Trial</span>' in shown(ada_in, renee)
    # A note that has it may keep it when it is edited.
    event = note_of(renee)
    assert f'<option value="{made.pk}" selected>' in ada_in.get(at(event)).content.decode()
    ada_in.post(at(event), {"text": "y", "type": str(made.pk)})
    assert note_of(renee).data["type"] == "Trial"
    ada_in.post(f"{base}{made.pk}/restore/")
    assert "No longer offered" not in ada_in.get(base).content.decode()
