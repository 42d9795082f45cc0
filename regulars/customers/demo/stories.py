"""What the made-up customers did, what we answered, and who waits right now."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from regulars.customers.models import Customer, Email, Phone
from regulars.staff.models import User
from regulars.timeline.actions import NewEvent

if TYPE_CHECKING:
    from . import World
    from .people import Person

LONGEST = 60
CARS = (
    "2026 Highlander Hybrid XLE", "2025 RAV4 Prime", "2024 Rogue SV", "2026 Corolla Cross",
    "2023 F-150 Lariat", "2025 Sienna Limited", "2022 Civic Touring", "2026 Tacoma TRD Off-Road",
    "2024 CX-5 Premium", "2021 Outback Limited", "2025 Grand Highlander", "2023 Model 3",
)  # fmt: skip
ASKED = (
    "Hi, is the blue one still there? And what’s it out the door with my Rogue as the trade? "
    "Can come Saturday",
    "Is this still available? I can be there after work today.",
    "What would the payment be with 4,000 down over 60 months?",
    "Can I hand my lease back early? It ends in March.",
    "Do you have this with the tow package?",
    "I sent photos of my 2018 Odyssey, odometer at 96,210. What would you give me for it?",
    "Third row, under $42,000, not white. What do you have?",
    "The salesman was going to call me with the warranty numbers and didn’t.",
    "¿Tienen a alguien que hable español? Me interesa la RAV4.",
    "My wife would like to drive it too. Is Thursday evening possible?",
    "Just want to know if the price on the website includes the destination charge.",
)
WHOLESALE = (
    "36 units ship Friday; the Lansing dock has not confirmed yet. Can you check?",
    "We are short two cartons on the last delivery.",
    "Can we move the spring order up by two weeks?",
    "Please send the new price list before our buyers’ meeting on Monday.",
)
SHOP = (
    "Where is my order? The tracking has not moved since Tuesday.",
    "The jacket is too small. Can I exchange it for an L?",
    "Do you ship to Canada?",
)
ANSWERED = (
    "It is still here. I put your name on it until Saturday noon.",
    "Numbers are in your inbox. Call me with any question.",
    "Yes, come by any time before eight tonight and ask for me.",
    "Checked with the manager: we can do that.",
)
NOTES = (
    "Wants all-wheel drive; commutes to Lansing. Two girls, rides a Ducati on weekends.",
    "Manager was not in; call back on Thursday morning.",
    "Prefers texts. Never call before ten.",
    "Husband decides about the colour, she decides about everything else.",
    "Comparing with the dealer in Novi; price is not the point, delivery date is.",
    "Asked for Mia by name.",
)
OUTCOMES = ("left a voicemail", "spoke for 4 min", "no answer", "agreed to come in on Saturday")
PAGES = ("the 2026 Highlander Hybrid", "the payment calculator", "used trucks", "the spring sale")
RESOLVED = ("Spoke in the showroom", "Duplicate of the form", "Answered by the service desk")
WORDS = {"retail": ASKED, "wholesale": WHOLESALE, "shop": SHOP}


def history(world: World, customer: Customer, person: Person) -> list[NewEvent]:
    """Conversations since they were added: asked, answered after a while, noted, visited."""
    rng = world.rng
    events: list[NewEvent] = []
    at = person.created_at + timedelta(minutes=1)
    end = world.now - timedelta(hours=8)
    for _ in range(rng.choices((0, 1, 2, 3, 5, 8), (12, 30, 26, 18, 10, 4))[0]):
        if at >= end or len(events) > LONGEST - 8:
            break
        events += _conversation(rng, customer, person, at, end)
        at += timedelta(days=rng.expovariate(1 / 45), hours=rng.random() * 9)
    return [e for e in events if e.happened_at < end]


def _conversation(
    rng: Random, customer: Customer, person: Person, at: datetime, end: datetime
) -> list[NewEvent]:
    seller = person.owner.pk if person.owner else None
    by_phone = any(contact.phones for contact in person.new.facts.contacts)
    by_email = any(contact.emails for contact in person.new.facts.contacts)
    found = []
    if person.kind != "wholesale" and rng.random() < 0.45:
        found.append(_event(customer, "page.visited", at - timedelta(minutes=9), None,
                            page=rng.choice(PAGES), minutes=rng.randrange(1, 9)))  # fmt: skip
    found.append(_question(rng, customer, person.kind, at, by_phone=by_phone, by_email=by_email))
    if seller is None and rng.random() < 0.5:
        done = at + timedelta(hours=rng.random() * 20)
        found.append(_event(customer, "customer.resolved", done, None, reason=rng.choice(RESOLVED)))
        return found
    answered = at + timedelta(minutes=rng.lognormvariate(2.1, 1.3))
    found.append(_answer(rng, customer, seller, answered, by_phone=by_phone, by_email=by_email))
    if rng.random() < 0.35:
        found.append(_event(customer, "note.added", answered + timedelta(minutes=4), seller,
                            text=rng.choice(NOTES)))  # fmt: skip
    if person.kind == "shop" and rng.random() < 0.7:
        number, total = rng.randrange(10_000, 99_999), rng.randrange(19, 900)
        found.append(_event(customer, "order.placed", answered + timedelta(hours=5), None,
                            number=f"#{number}", total=f"${total}.00"))  # fmt: skip
    elif rng.random() < 0.3:
        back = answered + timedelta(hours=rng.random() * 30)
        found.append(_event(customer, "visit.walked_in", back, None, greeted=True))
    return found


def _question(
    rng: Random, customer: Customer, kind: str, at: datetime, *, by_phone: bool, by_email: bool
) -> NewEvent:
    """In a way that they have: nobody without a number writes a text."""
    text = rng.choice(WORDS[kind])
    weights = (20, 35 * by_phone, 20, 15 * by_email, 10 * by_phone)
    way = rng.choices(("form", "message", "vehicle", "email", "call"), weights)[0]
    if kind != "retail" and way == "vehicle":
        way = "email" if by_email else "form"
    if way == "form":
        return _event(customer, "form.submitted", at, None, form="contact", message=text)
    if way == "vehicle":
        car = rng.choice(CARS)
        return _event(customer, "vehicle.inquired", at, None, vehicle=car, message=text)
    if way == "email":
        return _event(customer, "email.received", at, None, subject="A question", text=text)
    if way == "call":
        return _event(customer, "call.received", at, None, text="missed, no voicemail")
    return _event(customer, "message.received", at, None, channel="text", text=text)


def _answer(
    rng: Random,
    customer: Customer,
    seller: int | None,
    at: datetime,
    *,
    by_phone: bool,
    by_email: bool,
) -> NewEvent:
    """In a way that they have too; whoever left neither is spoken to in the store."""
    if not by_phone and not by_email:
        return _event(customer, "visit.walked_in", at, seller, greeted=True)
    weights = (45 * by_phone, 35 * by_phone, 20 * by_email)
    kind = rng.choices(("text.sent", "call.made", "email.sent"), weights)[0]
    data: dict[str, Any] = {"text": rng.choice(ANSWERED)}
    if kind == "call.made":
        data = {"outcome": rng.choice(OUTCOMES)}
    elif kind == "email.sent":
        data["subject"] = "Your question"
    return _event(customer, kind, at, seller, **data)


def _event(customer: Customer, kind: str, at: datetime, actor: int | None, **data: Any) -> NewEvent:
    return NewEvent(customer.pk, kind, at, actor, data, read=True)


AGES = (1, 3, 4, 9, 16, 24, 38, 72, 140)


def latest(world: World) -> list[NewEvent]:
    """Green, orange and red for each of the demo's salespeople and among the unassigned."""
    rng = world.rng
    events: list[NewEvent] = []
    sellers = User.objects.filter(role__key="salesperson", is_active=True).order_by("pk")
    for n, seller in enumerate([*sellers, None]):
        mine = Customer.objects.get_queryset().filter(owner=seller, waiting_since=None)
        ages = AGES if n < 2 or seller is None else AGES[n % 4 :: 4]
        found = list(mine.order_by("-last_activity_at", "-pk")[: len(ages) * 3])
        rng.shuffle(found)
        by_phone, by_email = (
            set(way.objects.filter(customer__in=found).values_list("customer", flat=True))
            for way in (Phone, Email)
        )
        for customer, minutes in zip(found, ages, strict=False):
            kind = "wholesale" if customer.is_company else "retail"
            at = world.now - timedelta(minutes=minutes, seconds=rng.randrange(50))
            asked = _question(
                rng, customer, kind, at,
                by_phone=customer.pk in by_phone, by_email=customer.pk in by_email,
            )  # fmt: skip
            events.append(NewEvent(asked.customer_id, asked.kind, at, None, asked.data))
    return events
