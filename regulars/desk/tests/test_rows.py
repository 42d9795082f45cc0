"""A row: which way is best, why the others are closed, why now."""

from regulars.customers import queries
from regulars.desk import rows
from regulars.lib import clock
from regulars.staff.models import User
from regulars.timeline import actions as timeline
from tests.cast import Happens, MakeCustomer


def row_of(user: User) -> rows.Row:
    (found,) = rows.rows(queries.page(user).items, user, clock.now())
    return found


def test_the_best_way_is_the_one_they_came_by(
    ana: User, make_customer: MakeCustomer, happens: Happens
) -> None:
    customer = make_customer(owner=ana, email="r@x.example", phone="(734) 555-0162")
    happens(customer, "message.received", channel="text", text="Still there?")
    row = row_of(ana)
    assert row.best is not None
    assert (row.best.look.label, row.best.look.kind) == ("Text", "text.sent")
    assert [button.look.key for button in row.best_first] == ["t", "c", "m"]
    assert row.advice == ["Text is best: they wrote a message."]
    assert row.why == "Still there?"
    assert row.because == "Wrote by text, and nobody has answered yet."


def test_a_closed_way_says_why(ana: User, make_customer: MakeCustomer) -> None:
    make_customer(owner=ana, email="r@x.example")
    row = row_of(ana)
    assert row.advice == ["No calls: no phone number.", "No texts: no phone number."]
    assert not row.buttons[0].way.allowed


def test_a_customer_nobody_owns_says_so(
    ana: User, make_customer: MakeCustomer, happens: Happens
) -> None:
    customer = make_customer(store=ana.store)
    happens(customer, "visit.walked_in")
    assert row_of(ana).because.endswith("Nobody owns them yet.")


def test_a_long_message_becomes_one_line(
    ana: User, make_customer: MakeCustomer, happens: Happens
) -> None:
    customer = make_customer(owner=ana)
    happens(customer, text="One\n\n  two " + "three " * 100)
    row = row_of(ana)
    assert row.why.startswith("One two three")
    assert len(row.why) <= rows.ONE_LINE
    assert row.why.endswith("…")


def test_a_note_is_told_without_its_marks(ana: User, make_customer: MakeCustomer) -> None:
    customer = make_customer(owner=ana)
    timeline.record(customer, "note.added", by=ana, data={"text": "Likes the **linen** group"})
    assert row_of(ana).why == "Likes the linen group"


def test_what_a_customer_wrote_is_no_markdown(
    ana: User, make_customer: MakeCustomer, happens: Happens
) -> None:
    customer = make_customer(owner=ana)
    happens(customer, text="2 * 3 * 4 of the *blue* ones")
    assert row_of(ana).why == "2 * 3 * 4 of the *blue* ones"


def test_the_address_is_the_customers_own(ana: User, make_customer: MakeCustomer) -> None:
    customer = make_customer(owner=ana)
    assert row_of(ana).url == customer.get_absolute_url()
