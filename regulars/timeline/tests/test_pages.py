"""A log is read newest first, a page at a time, by shelf or kind."""

from datetime import UTC, datetime, timedelta

import pytest

from regulars.customers.models import Customer
from regulars.timeline import actions, pages
from regulars.timeline.actions import NewEvent
from regulars.timeline.kinds import Shelf
from regulars.timeline.models import Event
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)


@pytest.fixture
def renee(make_customer: MakeCustomer) -> Customer:
    customer = make_customer(created_at=NINE - timedelta(days=1))
    kinds = ["page.visited", "message.received", "email.sent", "order.placed", "note.added"]
    actions.record_many(
        # Two at each moment: the id decides between them.
        NewEvent(customer.pk, kinds[n % 5], NINE + timedelta(minutes=n // 2))
        for n in range(120)
    )
    return customer


def place(event: Event) -> tuple[datetime, int]:
    return event.happened_at, event.pk


def test_pages_meet_without_gap_or_overlap(renee: Customer) -> None:
    seen: list[Event] = []
    after = None
    for _ in range(10):
        page = pages.page(renee, after=after, limit=25)
        seen += page.items
        if page.last is None:
            break
        after = place(page.last)
    assert len(seen) == 121
    assert [place(e) for e in seen] == sorted({place(e) for e in seen}, reverse=True)


def test_the_last_page_has_nothing_after_it(renee: Customer) -> None:
    assert pages.page(renee, limit=121).last is None
    assert pages.page(renee, limit=120).last is not None


@pytest.mark.parametrize(
    ("shelf", "kinds"),
    [
        (Shelf.WEBSITE, {"page.visited"}),
        (Shelf.EMAIL, {"email.sent"}),
        (Shelf.ORDERS, {"order.placed"}),
        (Shelf.APPOINTMENTS, set()),
        (Shelf.CUSTOMER, {"message.received", "note.added", "customer.created"}),
    ],
)
def test_a_shelf_holds_its_kinds(renee: Customer, shelf: Shelf, kinds: set[str]) -> None:
    assert {e.kind for e in pages.page(renee, shelf=shelf, limit=200).items} == kinds


def test_a_kind_whose_pack_is_gone_stands_with_the_customers(renee: Customer) -> None:
    renee.events.filter(kind="order.placed").update(kind="lease.ended")
    assert not pages.page(renee, shelf=Shelf.ORDERS).items
    found = pages.page(renee, shelf=Shelf.CUSTOMER, limit=200).items
    assert "lease.ended" in {e.kind for e in found}
    assert pages.shelves(["lease.ended", "email.sent"]) == {Shelf.CUSTOMER: 1, Shelf.EMAIL: 1}


def test_one_kind_alone(renee: Customer) -> None:
    assert len(pages.page(renee, kind="note.added", limit=200).items) == 24


def test_what_is_drawn_again_ends_where_it_ended(renee: Customer) -> None:
    first = pages.page(renee, limit=25)
    assert first.last is not None
    end = place(first.last)
    actions.record(renee, "message.received", by=None)
    again = pages.page(renee, down_to=end, limit=200)
    assert again.last == first.last
    assert list(again.items[1:]) == list(first.items)
