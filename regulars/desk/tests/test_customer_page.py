"""The customer's page: one for everyone who may see them, and the same for ten events and many."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from regulars.customers import actions
from regulars.customers.models import Customer, Email, Phone
from regulars.lib import clock
from regulars.staff.models import User
from regulars.timeline import actions as timeline
from regulars.timeline.actions import NewEvent
from regulars.timeline.models import Reading
from tests.cast import Happens, MakeCustomer

pytestmark = pytest.mark.django_db
Headers = Callable[..., dict[str, str]]


@pytest.fixture
def renee(make_customer: MakeCustomer, ana: User) -> Customer:
    return make_customer(
        "Renée Castellanos",
        owner=ana,
        created_at=clock.now() - timedelta(days=600),
        email="renee@lake.example",
        phone="(734) 555-0162",
        company="Lake & Sons",
        source="other",
        source_other="Trade fair",
        tags=["VIP"],
        locations=[{"line1": "1417 Pearl St", "city": "Ypsilanti", "state": "MI"}],
        external_ids={"dms": "10482"},
    )


def shown(client: Client, customer: Customer, query: str = "") -> str:
    answer = client.get(f"{customer.get_absolute_url()}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_says_who_they_are_whose_and_how_to_reach_them(
    ana_in: Client, renee: Customer
) -> None:
    page = shown(ana_in, renee)
    for words in (
        "Renée Castellanos",
        "Lake &amp; Sons",
        "Trade fair",
        "Marlow North",
        "Ana Ferreira",
        "VIP",
        "tel:+17345550162",
        "sms:+17345550162",
        "mailto:renee@lake.example",
        "1417 Pearl St",
        "10482",
        "Not enough data yet",
        "Nothing waits for an answer",
    ):
        assert words in page


def test_who_waits_is_said_with_what_they_asked(
    ana_in: Client, renee: Customer, happens: Happens
) -> None:
    happens(renee, ago=72, text="Is the <blue> one still there?")
    page = shown(ana_in, renee)
    assert "Waiting 1 h 12" in page
    assert "Is the &lt;blue&gt; one still there?" in page
    assert page.count('name="event"') == 1


def test_a_closed_channel_says_why_and_where_to_change_it(ana_in: Client, renee: Customer) -> None:
    Phone.objects.update(text_consent="withdrawn")
    Email.objects.update(status="bounced", status_at=clock.now())
    page = shown(ana_in, renee)
    assert "They opted out of texts" in page
    assert "The address bounced" in page
    assert "sms:" not in page
    assert "mailto:" not in page
    assert f"/contacts/{renee.contacts.get().pk}/" in page


def test_a_foreign_customer_is_missing_like_one_that_never_was(
    ana_in: Client, renee: Customer, make_customer: MakeCustomer, ben: User
) -> None:
    foreign = make_customer("Foreign Person", owner=ben)
    theirs = ana_in.get(foreign.get_absolute_url())
    nobodys = ana_in.get(f"/customers/{uuid4()}/")
    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.content == nobodys.content


def test_who_may_only_look_finds_nothing_to_press(
    signed_in: Callable[[User], Client], omar: User, renee: Customer, happens: Happens
) -> None:
    happens(renee)
    page = shown(signed_in(omar), renee)
    assert 'id="composer"' not in page
    assert "Resolve" not in page
    assert "Hand over" not in page


# Cost.


@pytest.mark.parametrize("who", ["ana", "mia", "ada"])
def test_the_page_costs_the_same_for_ten_events_and_a_thousand(
    who: str,
    signed_in: Callable[[User], Client],
    request: pytest.FixtureRequest,
    make_customer: MakeCustomer,
    ana: User,
) -> None:
    client = signed_in(request.getfixturevalue(who))
    spent = []
    for count in (10, 1_000):
        customer = make_customer(f"P{count} Q", owner=ana)
        now = clock.now()
        timeline.record_many(
            NewEvent(customer.pk, "message.received", now - timedelta(minutes=n))
            for n in range(count)
        )
        with CaptureQueriesContext(connection) as queries:
            shown(client, customer)
        spent.append(len(queries))
    assert spent[0] == spent[1]
    assert spent[0] <= 8


# Reading.


def test_opening_the_page_reads_it(ana_in: Client, renee: Customer, happens: Happens) -> None:
    happens(renee)
    assert renee.unread_count == 1
    shown(ana_in, renee)
    renee.refresh_from_db()
    assert renee.unread_count == 0
    assert renee.waiting_since is not None


@pytest.mark.parametrize("ahead", [{"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}])
def test_fetching_ahead_does_not_read(
    ana_in: Client, renee: Customer, ana: User, ahead: dict[str, str]
) -> None:
    ana_in.get(renee.get_absolute_url(), headers=ahead)
    ana_in.head(renee.get_absolute_url())
    assert not Reading.objects.filter(user=ana).exists()


def test_what_appears_while_one_looks_is_read_and_unrolling_the_past_reads_nothing(
    ana_in: Client, renee: Customer, happens: Happens, htmx: Headers
) -> None:
    happens(renee)
    ana_in.get(renee.get_absolute_url(), headers=htmx("older"))
    renee.refresh_from_db()
    assert renee.unread_count == 1
    ana_in.get(renee.get_absolute_url(), headers=htmx("timeline"))
    renee.refresh_from_db()
    assert renee.unread_count == 0


def test_what_came_since_the_last_look_stands_above_a_line(
    ana_in: Client, renee: Customer, happens: Happens
) -> None:
    happens(renee, ago=30, text="the old one")
    assert "New since you last looked" not in shown(ana_in, renee)
    happens(renee, ago=1, text="the new one")
    page = shown(ana_in, renee)
    line = page.index("New since you last looked")
    assert page.index("the new one") < line < page.rindex("the old one")
    assert "New since you last looked" not in shown(ana_in, renee)


# The log.


@pytest.mark.parametrize(
    ("shelf", "kinds"),
    [
        ("", {"looked at", "wrote “", "placed order", "asked about", "added a note"}),
        ("website", {"looked at", "asked about"}),
        ("email", {"wrote “"}),
        ("orders", {"placed order"}),
        ("appointments", set()),
        ("customer", {"added a note"}),
        ("nonsense", {"looked at", "wrote “", "placed order", "asked about", "added a note"}),
    ],
)
def test_a_shelf_shows_its_own(
    ana_in: Client, ana: User, renee: Customer, happens: Happens, shelf: str, kinds: set[str]
) -> None:
    happens(renee, "page.visited", ago=5, page="the Highlander")
    happens(renee, "email.sent", ago=4, by=ana, subject="Hello")
    happens(renee, "order.placed", ago=3, number="77")
    happens(renee, "vehicle.inquired", ago=2, vehicle="Rogue")
    happens(renee, "note.added", ago=1, by=ana, text="a note")
    page = shown(ana_in, renee, f"?shelf={shelf}")
    log = page[page.index('id="timeline"') :]
    every = {"looked at", "wrote “", "placed order", "asked about", "added a note"}
    assert {words for words in every if words in log} == kinds


def test_older_ones_are_a_page_away_with_and_without_script(
    ana_in: Client, renee: Customer, htmx: Headers
) -> None:
    now = clock.now()
    timeline.record_many(
        NewEvent(renee.pk, "note.added", now - timedelta(hours=n), data={"text": f"note {n}."})
        for n in range(120)
    )
    page = shown(ana_in, renee)
    assert "note 49." in page
    assert "note 50." not in page
    address = page.split('id="older"', 1)[1].split('href="', 1)[1].split('"', 1)[0]
    address = address.replace("&amp;", "&")
    whole = ana_in.get(address).content.decode()
    assert "note 50." in whole
    assert "note 49." not in whole
    assert "Back to the latest" in whole
    region = ana_in.get(address, headers=htmx("older")).content.decode()
    assert "<html" not in region
    assert "note 99." in region
    assert 'id="older"' in region


@pytest.mark.parametrize("query", ["?before=nonsense", "?down_to=é", "?shelf=%00", "?write=x"])
def test_an_address_that_is_not_ours_shows_the_newest(
    ana_in: Client, renee: Customer, query: str
) -> None:
    assert "was added" in shown(ana_in, renee, query)


def test_a_region_comes_with_what_follows_from_it(
    ana_in: Client, renee: Customer, htmx: Headers
) -> None:
    region = ana_in.get(renee.get_absolute_url(), headers=htmx("timeline")).content.decode()
    assert region.lstrip().startswith('<div id="timeline"')
    for beside in ("#record", "#panels", "#heading", "#dock", "#composer-hint"):
        assert f'hx-target="{beside}"' in region


def test_the_owners_since_when_and_why_are_said(
    mia_in: Client, renee: Customer, cleo: User, mia: User
) -> None:
    actions.reassign(renee, to=cleo, by=mia, reason="asked for Cleo by name")
    page = shown(mia_in, renee)
    assert "Cleo Marsh" in page
    assert ": asked for Cleo by name" in page


def test_nobody_yet_is_said_too(mia_in: Client, make_customer: MakeCustomer) -> None:
    bare = make_customer("", company="Bare Company")
    Customer.objects.filter(pk=bare.pk).update(store=User.objects.get(name="Mia Hollander").store)
    page = shown(mia_in, bare)
    for words in ("Unassigned", "No phone number", "No email address", "No address yet"):
        assert words in page


@pytest.mark.parametrize("write", ["note", "call", "text", "email"])
def test_the_composer_stands_where_the_address_says(
    ana_in: Client, renee: Customer, write: str
) -> None:
    page = shown(ana_in, renee, f"?write={write}")
    (checked,) = [
        part
        for part in page.split("<input")
        if 'name="kind"' in part[:80] and " checked" in part[:80]
    ]
    assert {"note": "note.added", "call": "call.made", "text": "text.sent", "email": "email.sent"}[
        write
    ] in checked


def test_who_cannot_be_called_opens_on_a_note(
    ana_in: Client, ana: User, make_customer: MakeCustomer, happens: Happens
) -> None:
    bare = make_customer(owner=ana)
    happens(bare, "visit.walked_in")
    page = shown(ana_in, bare)
    assert 'value="note.added" checked' in page
    for key, reason in (("c", "No phone number"), ("m", "No email address")):
        assert f'aria-disabled="true" title="{reason}" data-key="{key}"' in page


def test_the_composer_stands_on_the_way_they_came_by(
    ana_in: Client, renee: Customer, happens: Happens
) -> None:
    happens(renee, "email.received", subject="Hello")
    page = shown(ana_in, renee)
    assert 'value="email.sent" checked' in page
