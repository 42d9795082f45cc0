"""What colleagues changed of the made-up records in two years, kept as if it had been then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connection

from regulars.customers import actions, facts
from regulars.customers.actions.contact_rows import contact_facts
from regulars.customers.history.parts import parts
from regulars.customers.models import Customer
from regulars.lib import clock
from regulars.staff.models import User

if TYPE_CHECKING:
    from . import World

EACH = 12  # customers of each seller, those with the latest activity
TITLES = ("Office manager", "Teacher", "Nurse", "Owner", "Head of purchasing", "Contractor")
ROLES = ("Decision maker", "Spouse", "Signs the contract", "Picks the colour")
ABOUT = (
    "Two girls; rides a Ducati on weekends.",
    "Never call before ten.",
    "Commutes to Lansing, wants all-wheel drive.",
    "Met at the home show; knows Mia.",
)
AWAY = ("Days off", "In training this week", "At the auction until Friday", "On leave")

Deed = Callable[["World", Customer, User], None]


def load(world: World) -> None:
    """History begins with each customer; then a few of them are changed, some more than once."""
    _begin()
    sellers = User.objects.filter(role__key="salesperson", is_active=True).order_by("pk")
    for seller in sellers:
        mine = Customer.objects.current().filter(owner=seller)
        for customer in mine.order_by("-last_activity_at", "-pk")[: min(EACH, world.scale // 60)]:
            for at in _moments(world, customer.created_at):
                deed = world.rng.choice(DEEDS)
                with clock.at(at):
                    deed(world, customer, seller)
                customer.refresh_from_db()
                _lay_back(customer, at)


def _moments(world: World, since: datetime) -> list[datetime]:
    """One to four of them, later ones later, and none of the last hours."""
    whole = (world.now - timedelta(hours=3) - since).total_seconds()
    if whole < 3600:
        return []
    found: list[datetime] = []
    for share in sorted(world.rng.random() ** 0.5 for _ in range(world.rng.randint(1, 4))):
        at = since + timedelta(seconds=share * whole)
        at = at.replace(hour=world.rng.randrange(14, 22), minute=world.rng.randrange(60))
        # Apart, so that what takes two days lies between them.
        if at - since > timedelta(days=3) and (not found or at - found[-1] > timedelta(days=3)):
            found.append(min(at, world.now - timedelta(hours=3)))
    return found


# --- What they did


def _met(world: World, customer: Customer, by: User) -> None:
    rng, contact = world.rng, customer.contacts.order_by("-is_primary", "pk").first()
    if contact is None:
        return
    known = contact_facts(contact)
    said = {
        "first_name": known.first_name,
        "last_name": known.last_name,
        "title": known.title or rng.choice(TITLES),
        "role": rng.choice(ROLES),
        "about": rng.choice(ABOUT),
        "language": rng.choice(("", "", "es", "pl")),
        "emails": [{"id": e.id, "address": e.address, "label": e.label, "status": e.status,
                    "consent": e.consent} for e in known.emails],
        "phones": [{"id": p.id, "number": p.number.typed, "label": rng.choice(("mobile", "work")),
                    "call_consent": p.call_consent, "text_consent": p.text_consent}
                   for p in known.phones],
    }  # fmt: skip
    actions.change_contact(contact, facts.read_contact(said), by=by)


def _new_number(world: World, customer: Customer, by: User) -> None:
    contact = customer.contacts.order_by("-is_primary", "pk").first()
    if contact is None:
        return
    number = f"734 555 {world.rng.randrange(1000, 9999)}"
    known = contact_facts(contact)
    said = {"first_name": known.first_name, "last_name": known.last_name, "title": known.title,
            "phones": [{"number": number, "label": "mobile"}],
            "emails": [{"id": e.id, "address": e.address, "status": e.status, "consent": e.consent}
                       for e in known.emails]}  # fmt: skip
    actions.change_contact(contact, facts.read_contact(said), by=by)


def _moved_on(world: World, customer: Customer, by: User) -> None:
    kind = "prospect" if customer.type == "lead" else "account"
    read = facts.clean({"name": customer.name, "type": kind})
    actions.change(customer, read, by=by, fields=["type"])


def _tagged(world: World, customer: Customer, by: User) -> None:
    name = world.rng.choice(("VIP", "Trade-in", "Fleet", "First-time buyer"))
    if world.rng.random() < 0.7:
        actions.tag(customer, name, by=by)
    else:
        actions.untag(customer, name, by=by)


def _moved(world: World, customer: Customer, by: User) -> None:
    line = f"{world.rng.randrange(10, 990)} {world.rng.choice(('Maple', 'Huron', 'Packard'))} St"
    place = {"line1": line, "city": "Ann Arbor", "state": "MI", "postal_code": "48104",
             "country": "US", "primary": True}  # fmt: skip
    actions.add_location(customer, facts.read_location(place), by=by)


def _came_over(world: World, customer: Customer, by: User) -> None:
    """Theirs since then; whose it was before is found among the colleagues of the store."""
    others = User.objects.filter(store=by.store, is_active=True, role__key="salesperson")
    before = others.exclude(pk=by.pk).order_by("pk").first()
    boss = User.objects.filter(role__key="manager", is_active=True).order_by("pk").first()
    if before is not None:
        days_before = clock.now() - timedelta(hours=30)
        with clock.at(days_before):
            actions.reassign(customer, to=before, by=boss, reason=world.rng.choice(AWAY))
        _lay_back(customer, days_before)
        actions.reassign(customer, to=by, by=boss, reason="Back again")


DEEDS: Sequence[Deed] = (_met, _met, _new_number, _moved_on, _tagged, _moved, _came_over)


# --- As if it had been then


def _begin() -> None:
    """Each customer's record begins when they came."""
    with connection.cursor() as cursor:
        for part in parts().values():
            cursor.execute(
                f"""
                UPDATE {part.table} h SET pgh_created_at = c.created_at FROM customers_customer c
                WHERE c.id = h.{part.owner} AND h.pgh_label = 'insert'
                """  # noqa: S608 (made of our own tables' names)
            )


def _lay_back(customer: Customer, at: datetime) -> None:
    """What was written just now, and the events that tell it, were written at that moment."""
    told = "UPDATE timeline_event SET recorded_at = %s WHERE customer_id = %s AND happened_at = %s"
    with connection.cursor() as cursor:
        cursor.execute(told, [at, customer.pk, at])
        for part in parts().values():
            cursor.execute(
                f"""
                UPDATE {part.table} SET pgh_created_at = %s
                WHERE {part.owner} = %s AND pgh_created_at > now() - interval '1 hour'
                """,  # noqa: S608 (made of our own tables' names)
                [at, customer.pk],
            )
