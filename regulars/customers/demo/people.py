"""Made-up people and companies: families, shared phones, missing and messy details."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from faker import Faker

from regulars.customers.actions import NewCustomer
from regulars.customers.facts import clean
from regulars.lib import ids, names

from . import settings, towns

if TYPE_CHECKING:
    from regulars.customers.custom.values import Definition
    from regulars.customers.models import Category
    from regulars.staff.models import Store, User

    from . import World

AREA_CODES = ("734", "313", "248", "517", "810", "586", "616", "419", "947", "989", "231", "269")
MAIL = ("lakemail.example", "postbox.example", "mail.example", "wolverine.example", "web.example")
FURTHER = (
    ("Oluwaseun", "Adébáyò-Whitfield"), ("Siobhán", "Ní Dhomhnaill"), ("Søren", "Kjærgaard"),
    ("Renée", "Thibodeaux-Castellanos"), ("Margarethe", "von Hohenstein-Oettingen"),
    ("Nguyễn", "Thị Minh Khai"), ("José María", "Ibáñez de la Fuente"), ("Zoë", "O’Brien"),
    ("Łukasz", "Wiśniewski"), ("Fatima", "Al-Zahra bint Khalid"), ("Ada", "Okafor"),
    ("Kwame", "Asante Jr."), ("İpek", "Yıldız"), ("Xiùyīng", "Wáng"), ("Ana", "Đorđević"),
)  # fmt: skip
SHOPS = ("Cycle & Outfitters", "Supply Co.", "Sporting Goods", "General Store", "Boutique",
         "Trading Post", "& Daughters", "Hardware", "Gifts", "Mercantile")  # fmt: skip
TITLES = ("Owner", "Buyer", "Store Manager", "Accounts Payable", "Dock Supervisor")
FORMS = ("({0}) 555-{1}", "{0}-555-{1}", "{0}.555.{1}", "+1 {0} 555 {1}", "{0}555{1}")
CATEGORIES = ("Boutique", "Fleet", "General store", "Online", "Outfitter")
HOW = ("web_form", "web_form", "in_person", "paper", "phone", "reply")
BASES = ("purchase", "purchase", "inquiry", "inquiry", "contract", "card left at the home show")
TAGS = ("VIP", "First-time buyer", "Trade-in", "RECURRENT", "PROBLEM", "Fleet", "Spanish", "Cash")


@dataclass(frozen=True)
class Person:
    """One customer to be, with what kind of story they will have."""

    new: NewCustomer
    kind: str
    owner: User | None
    created_at: datetime
    lives_with_the_one_before: bool = False


def some(
    world: World,
    sellers: list[User],
    stores: list[Store],
    kinds: list[Category],
    fields: list[Definition],
    count: int,
    number: int,
) -> list[Person]:
    """The next `count` people, families together; the `number`-th on of the demo."""
    rng = world.rng
    fake = Faker("en_US")
    fake.seed_instance(rng.getrandbits(32))
    made: list[Person] = []
    while len(made) < count:
        kind = rng.choices(("retail", "wholesale", "shop"), (80, 8, 12))[0]
        family = 2 if kind == "retail" and rng.random() < 0.12 else 1
        home = _home(rng, fake) | {"last_name": fake.last_name(), "phone": _phone(rng)}
        owner = _owner(rng, sellers, kind)
        for n in range(min(family, count - len(made))):
            at = _when(world, rng)
            raw = _raw(rng, fake, kind, number + len(made), home if family > 1 else None)
            _agreed(rng, raw, at)
            facts = clean(raw)
            store = owner.store if owner else rng.choice(stores)
            public_id = ids.uuid7(int(at.timestamp() * 1000), rng.getrandbits(80))
            category = _category(rng, kind, kinds)
            told = settings.said(rng, fields)
            new = NewCustomer(
                facts, owner, store, None, at, public_id, custom=told, category=category
            )
            made.append(Person(new, kind, owner, at, lives_with_the_one_before=n > 0))
    return made


def _category(rng: Random, kind: str, kinds: list[Category]) -> Category | None:
    """Shops are of some kind, people rarely."""
    known = rng.random() < (0.8 if kind == "wholesale" else 0.1)
    return rng.choice(kinds) if known else None


def _when(world: World, rng: Random) -> datetime:
    """More of them lately than long ago, over two years."""
    days = 730 * rng.random() ** 1.7
    at: datetime = world.now - timedelta(days=days + 0.2)
    return at.replace(
        hour=rng.randrange(13, 23), minute=rng.randrange(60), second=rng.randrange(60),
        microsecond=0,
    ) - timedelta(days=1)  # fmt: skip


def _owner(rng: Random, sellers: list[User], kind: str) -> User | None:
    if not sellers or rng.random() < 0.07:
        return None
    weights = [3 if (s.email or "").startswith(("ana@", "ben@")) else 1 for s in sellers]
    return rng.choices(sellers, weights)[0]


def _raw(
    rng: Random, fake: Faker, kind: str, number: int, home: dict[str, Any] | None
) -> dict[str, Any]:
    if kind == "wholesale":
        return _account(rng, fake, number)
    first, last = fake.first_name(), home["last_name"] if home else fake.last_name()
    if rng.random() < 0.02 or number < len(FURTHER):
        first, last = FURTHER[number % len(FURTHER)]
    raw: dict[str, Any] = {
        "first_name": first,
        "last_name": last,
        "type": rng.choices(("lead", "prospect", "account"), (45, 25, 30))[0],
        "source": rng.choices(("internet", "phone", "walk_in", "other"), (55, 20, 20, 5))[0],
        "tags": [t for t in TAGS if rng.random() < 0.035],
    }
    if raw["source"] == "other":
        raw["source_other"] = rng.choice(("Referral", "Home show", "Radio", "County fair"))
    if kind == "shop":
        raw |= {"external_ids": {"shop": f"S{100000 + number}"}, "source": "internet"}
        if rng.random() < 0.15:
            raw["company"] = f"{last} {rng.choice(('LLC', 'Studio', 'Catering'))}"
    _reach(rng, raw, home)
    if rng.random() < 0.62:
        place = home or _home(rng, fake)
        raw["locations"] = [{k: v for k, v in place.items() if k not in ("last_name", "phone")}]
    return _messy(rng, raw)


def _reach(rng: Random, raw: dict[str, Any], home: dict[str, Any] | None) -> None:
    contact: dict[str, Any] = {
        "first_name": raw["first_name"], "last_name": raw["last_name"], "primary": True,
        "emails": [], "phones": [],
    }  # fmt: skip
    if rng.random() < 0.83:
        mailbox = names.fold(f"{raw['first_name']} {raw['last_name']}").split()
        address = f"{mailbox[0]}.{mailbox[-1]}{rng.choice(('', '', rng.randrange(10, 99)))}"
        consent = rng.choices(
            ("express", "implied", "unknown", "none", "withdrawn"), (40, 30, 20, 4, 6)
        )[0]
        status = rng.choices(
            ("ok", "unknown", "bounced", "complained", "unsubscribed"), (62, 30, 4, 1, 3)
        )[0]
        contact["emails"].append(
            {"address": f"{address}@{rng.choice(MAIL)}", "consent": consent, "status": status}
        )
    if rng.random() < 0.88:
        number = home["phone"] if home and rng.random() < 0.6 else _phone(rng)
        contact["phones"].append(
            {
                "number": number,
                "label": rng.choice(("mobile", "mobile", "home", "work")),
                "text_consent": rng.choices(
                    ("express", "unknown", "withdrawn", "none"), (55, 35, 7, 3)
                )[0],
                "call_consent": rng.choices(("unknown", "express", "withdrawn"), (70, 27, 3))[0],
            }
        )
    raw["contacts"] = [contact]


def _agreed(rng: Random, raw: dict[str, Any], at: datetime) -> None:
    """What they agreed to, they said some day, somehow; implied consent rests on something."""
    for email in (email for contact in raw["contacts"] for email in contact["emails"]):
        email |= {"consent_at": at, "consent_how": rng.choice(HOW)}
        if email.get("consent") == "implied":
            email["consent_basis"] = rng.choice(BASES)


def _messy(rng: Random, raw: dict[str, Any]) -> dict[str, Any]:
    """As people type: capitals, a missing name, a number instead of one."""
    roll = rng.random()
    if roll < 0.02:
        raw["last_name"] = raw["last_name"].upper()
    elif roll < 0.03:
        raw["first_name"] = raw["contacts"][0]["first_name"] = ""
    elif roll < 0.04 and raw["contacts"][0]["phones"]:
        number = raw["contacts"][0]["phones"][0]["number"]
        raw |= {"first_name": "", "last_name": number, "source": "phone", "tags": []}
        raw["contacts"][0] |= {"first_name": "", "last_name": number, "emails": []}
    return raw


def _account(rng: Random, fake: Faker, number: int) -> dict[str, Any]:
    """A shop that buys from us: several people, billing and shipping apart."""
    name = f"{fake.last_name()} {rng.choice(SHOPS)}"
    domain = names.fold(name).replace(" ", "")[:24] + ".example"
    people = []
    for n in range(rng.randrange(1, 4)):
        first, last = fake.first_name(), fake.last_name()
        people.append(
            {
                "first_name": first,
                "last_name": last,
                "title": rng.choice(TITLES),
                "primary": n == 0,
                "emails": [
                    {
                        "address": f"{names.fold(first).split()[0]}@{domain}",
                        "consent": rng.choice(("implied", "express", "unknown")),
                        "status": "ok",
                    }
                ],
                "phones": [{"number": _phone(rng), "label": "work"}] if n == 0 else [],
            }
        )
    places = [{**_shop(rng, fake), "name": "Headquarters", "kind": "headquarters"}]
    if rng.random() < 0.5:
        places.append({**_shop(rng, fake), "name": "Dock", "kind": "shipping"})
    return {
        "company": name,
        "type": rng.choice(("prospect", "account", "account")),
        "source": rng.choice(("phone", "other")),
        "source_other": "Trade show",
        "tags": [t for t in ("VIP", "Net 30", "Spring line") if rng.random() < 0.2],
        "contacts": people,
        "locations": places,
        "external_ids": {"ledger": f"W{1000 + number}"},
    }


def _home(rng: Random, fake: Faker) -> dict[str, Any]:
    return {"line1": _street(fake), **towns.near(rng), "kind": "home"}


def _shop(rng: Random, fake: Faker) -> dict[str, Any]:
    return {"line1": _street(fake), **towns.anywhere(rng)}


def _street(fake: Faker) -> str:
    return fake.street_address().split("\n")[0]


def _phone(rng: Random) -> str:
    """A number from the exchange of stories, in one of the ways people write them.

    From all of it, not only from its hundred reserved lines: strangers must not share a number.
    """
    area, line = rng.choice(AREA_CODES), f"{rng.randrange(2000, 10_000)}"
    return rng.choice(FORMS).format(area, line)
