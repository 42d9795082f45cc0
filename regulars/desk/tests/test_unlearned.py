"""Whatever a salesperson asks, a customer they may not see changes nothing of what they hear."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from django.test import Client

from bench import measure
from regulars.audiences import actions as audiences
from regulars.audiences import membership
from regulars.customers import actions
from regulars.customers.custom.queries import definition
from regulars.customers.models import Customer, CustomField
from regulars.staff.models import User
from tests.api import Program
from tests.cast import Happens, MakeCustomer

pytestmark = [pytest.mark.django_db, pytest.mark.apart]

NAME, MAIL, PHONE = "Zanzibar Canary", "zanzibar@canary.example", "+1 313 555 0142"
# Each would single the customer out for whoever sees them.
ASKED = [
    "name:zanzibar",
    'name = "Zanzibar Canary"',
    "company contains zanz",
    "tag:Roadster",
    "not tag:empty",
    "serial:ZX81",
    "has email(incoming)",
    "no call for 60 days",
    "waiting",
    "unread",
    'owner:"Ana Ferreira" or waiting',
    'store:"Marlow North" and created < 1 days ago',
    "has more than 1 emails",
    "in:Roadsters",
    "not in:Roadsters or unread",
    "everyone",
]
WRONG = [
    "email:zanzibar",
    "nam:zanzibar",
    "tag:Zanzibar",
    "owner:zanzibar",
    'in:"Anas own"',
    "serial >= x",
]
TYPED = [
    "zanz",
    "name:zanz",
    "tag:Road",
    "owner:zanz",
    "city:zan",
    "serial:ZX",
    "in:Ana",
    "email:zan",
]
# Different each time, whoever asks.
PASSING = re.compile(
    r'name="csrf[^>]*>|nonce="[^"]*"|<meta name="clock"[^>]*>'
    r'|datetime="[^"]*"|data-[\w-]*at="[^"]*"'
)


@pytest.fixture
def before(make_customer: MakeCustomer, ana: User, ben: User, ada: User) -> None:
    """What Ben knows: his own customers, the tags, a field, and an audience of everybody's."""
    actions.add_field(label="Serial", kind="text", by=ada)
    for n in range(3):
        make_customer(f"Bird {n}", owner=ben, tags=["Roadster"] if n == 1 else [])
    audiences.make_audience(name="Roadsters", criteria="tag:Roadster", by=ada)


@pytest.fixture
def appears(
    make_customer: MakeCustomer, happens: Happens, ana: User, ada: User
) -> Callable[[], Customer]:
    def come() -> Customer:
        found = make_customer(
            NAME,
            company="Zanzibar Ltd",
            email=MAIL,
            phone=PHONE,
            owner=ana,
            tags=["Roadster"],
            locations=[{"line1": "1 Clove St", "city": "Zanzibar", "country": "TZ"}],
        )
        serial = definition(CustomField.objects.get(label="Serial"))
        actions.put_custom(found, {serial: "ZX81"}, by=ana)
        happens(found, "email.received", body="A canary sings")
        happens(found, "email.received", body="A canary sings again")
        membership.keep_up()
        return found

    return come


def asked(client: Client, program: Program) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Every door at which criteria, words or a beginning of them can be put in."""

    def page(path: str, **query: str) -> tuple[str, Callable[[], Any]]:
        return f"{path} {query}", lambda: client.get(path, query)

    for said in [*ASKED, *WRONG]:
        yield from (page(p, filter=said) for p in ("/customers/", "/customers/build/"))
        yield f"API {said}", partial(program.send, "GET", "/customers", filter=said)
    yield from (page("/customers/map/", filter=said) for said in ASKED[:3])
    yield from (page("/customers/complete/", text=typed) for typed in TYPED)
    for words in ("zanzibar", "zanzibra", "canary", MAIL, "5550142", "zanzibar ltd"):
        yield from (page(p, q=words) for p in ("/search/", "/customers/"))


def heard(client: Client, program: Program) -> dict[str, tuple[int, str, int]]:
    """Of each question: the status, what was said, and how many statements that took."""
    found = {}
    for name, ask in asked(client, program):
        seen: list[tuple[str, Any]] = []
        with measure.statements(seen):
            answer = ask()
        found[name] = (answer.status_code, PASSING.sub("", answer.content.decode()), len(seen))
    return found


def test_a_foreign_customer_changes_no_answer(
    before: None,
    appears: Callable[[], Customer],
    ana: User,
    ben: User,
    signed_in: Callable[[User], Client],
    api: Callable[[User | None], Program],
) -> None:
    client, program = signed_in(ben), api(ben)
    heard(client, program)  # the first time also fills what is kept in memory
    was = heard(client, program)
    appears()
    now = heard(client, program)
    assert {name: now[name] for name in was if now[name] != was[name]} == {}
    hers = signed_in(ana)
    unseen = [
        s for s in ASKED if NAME not in hers.get("/customers/", {"filter": s}).content.decode()
    ]
    assert not unseen, "; ".join(unseen)
