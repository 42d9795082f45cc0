"""A morning at Marlow North: customers of every colour, long names, missing and closed details."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import pytest

from regulars.customers import actions
from regulars.customers.models import Customer
from regulars.lib import clock
from regulars.staff.models import User
from regulars.timeline import actions as timeline

from .cast import Happens, MakeCustomer

LONG_COMPANY = "Rheinisch-Westfälische Gesellschaft für Oberflächentechnik und Anlagenbau mbH & Co."
LONG_NOTE = "\n\n".join(
    f"{n}. She wants the seats in the third row to fold flat, because the dog travels there; "
    "her husband would rather have the smaller engine, and both want to hear from us in the "
    "evening. https://www.example.com/a/very/long/address/that/nobody/can/break?with=parameters"
    for n in range(1, 9)
)


@dataclass(frozen=True)
class Showroom:
    """`renee` is green, `malik` orange, `grete` red, `plant` a company red since yesterday."""

    renee: Customer
    malik: Customer
    grete: Customer
    plant: Customer
    joerg: Customer
    lead: Customer
    dee: Customer
    quiet: Customer


@pytest.fixture
def showroom(
    ana: User, cleo: User, mia: User, make_customer: MakeCustomer, happens: Happens
) -> Showroom:
    """Ana's morning, seen by her team and by Mia, her manager."""
    north = ana.store
    make = partial(make_customer, store=north, created_at=clock.now() - timedelta(days=40))
    renee = make(
        "Renée Thibodeaux-Castellanos",
        owner=ana,
        email="renee@castellanos.example",
        phone="(248) 555-0142",
        tags=["Hybrid", "Test drive"],
        source="internet",
        locations=[
            {
                "line1": "12 Elm Street",
                "city": "Troy",
                "state": "MI",
                "postal_code": "48084",
                "country": "US",
            }
        ],
    )
    malik = make("Malik Washington", owner=ana, phone="248.555.0177", source="phone")
    grete = make(
        "",
        first_name="Margarethe",
        last_name="von Hohenstein-Oettingen",
        owner=cleo,
        email="margarethe.von.hohenstein-oettingen@verwaltung.hohenstein.example",
        phone="+49 7361 555 0190",
    )
    plant = make(
        "",
        company=LONG_COMPANY,
        owner=ana,
        type="account",
        external_ids={"northwind": "RWGOA"},
        contacts=[
            {
                "first_name": "Friederike",
                "last_name": "Mönkemöller",
                "title": "Head of purchasing",
                "emails": [{"address": "einkauf@rwgoa.example", "label": "Work"}],
                "phones": [{"number": "+49 201 555 0101", "label": "Office"}],
                "primary": True,
            },
            {"first_name": "Óscar", "last_name": "Ibáñez", "title": "Warehouse"},
        ],
        locations=[
            {"name": "Plant 1", "line1": "Ruhrallee 9", "city": "Essen", "country": "DE"},
            {"kind": "billing", "line1": "Postfach 10", "city": "Essen", "country": "DE"},
        ],
    )
    joerg = make(
        "Jürgen Groß",
        owner=ana,
        contacts=[
            {
                "first_name": "Jürgen",
                "last_name": "Groß",
                "emails": [{"address": "jg@gross.example", "consent": "withdrawn"}],
                "phones": [
                    {
                        "number": "248 555 0111",
                        "call_consent": "withdrawn",
                        "text_consent": "withdrawn",
                    }
                ],
            }
        ],
    )
    lead = make("Bo Li", by=mia)
    dee = make("Dee Ashworth", owner=cleo, phone="248 555 0133")
    quiet = make("Quincy Adebayo", owner=ana, phone="248 555 0155")
    actions.reassign(grete, to=ana, by=mia, reason="She asked for somebody who speaks German")
    happens(grete, "note.added", ago=timedelta(days=2), by=ana, text=LONG_NOTE)
    happens(grete, "call.received", ago=95, text="About the delivery date")
    happens(plant, "email.received", ago=timedelta(hours=26), subject="Twelve vans", text="Hello")
    happens(malik, "form.submitted", ago=12, form="contact", subject="a test drive")
    happens(joerg, "message.received", ago=8, text="Is the blue one still there?")
    happens(renee, "call.made", ago=timedelta(days=9), by=ana, text="She will think about it")
    happens(renee, "message.received", ago=3, text="Can I come by at five? My brother comes along.")
    happens(lead, "visit.walked_in", ago=45, text="Looked at the trucks")
    happens(dee, "message.received", ago=20, text="Any news?")
    happens(quiet, "message.received", ago=timedelta(days=3), text="Thank you!")
    timeline.resolve(quiet, by=ana, reason="Only a thank-you")
    return Showroom(renee, malik, grete, plant, joerg, lead, dee, quiet)
