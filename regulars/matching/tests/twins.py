"""Made-up customers who are in the house more than once, with people's faults and the truth.

Households of one to four, people met through the web, on the phone, in the shop and in service;
typos, nicknames, initials, swapped fields, moves, new numbers, married names, made-up values, and
the business's own number where the customer's should stand.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from regulars.matching.features import Written
from regulars.matching.normal.given import short_for

MAIL = ["gmail.com"] * 9 + ["yahoo.com"] * 4 + ["hotmail.com"] * 3 + ["outlook.com", "aol.com",
        "icloud.com", "icloud.com", "comcast.net", "comcast.net"]  # fmt: skip
FILLED = {  # email, phone, address
    "web": (0.97, 0.6, 0.65),
    "walk_in": (0.5, 0.85, 0.5),
    "phone": (0.25, 0.98, 0.2),
    "service": (0.6, 0.9, 0.85),
}
KINDS = ("St", "Ave", "Rd", "Dr", "Ln", "Ct", "Blvd", "Pl")
LONG = {"St": "Street", "Ave": "Avenue", "Rd": "Road", "Dr": "Drive", "Ln": "Lane", "Ct": "Court",
        "Blvd": "Boulevard", "Pl": "Place"}  # fmt: skip
OWN_NUMBER = "7345550100"
PHONETIC = [("ph", "f"), ("ck", "k"), ("ie", "y"), ("ee", "ea"), ("tz", "z"), ("ll", "l"),
            ("nn", "n"), ("ss", "s"), ("ei", "ie"), ("c", "k"), ("sch", "sh")]  # fmt: skip


@dataclass(frozen=True)
class Twin:
    """A record with the truth: whose it is and which household that one lives in."""

    id: int
    who: int
    household: int
    written: Written


@dataclass
class Someone:
    who: int
    household: int
    first: str
    last: str
    sex: str
    suffix: str = ""
    email: str = ""
    phone: str = ""
    home: tuple[str, str, str, str] = ("", "", "", "")
    firm: str = ""
    born: str = ""
    others: dict[str, Any] = field(default_factory=dict)


@cache
def census() -> dict[str, tuple[list[str], list[float]]]:
    """First names and last names with their frequency; a long tail from other countries."""
    from importlib import import_module

    us = import_module("faker.providers.person.en_US").Provider
    found = {}
    for key, table in (("f", us.first_names_female), ("m", us.first_names_male)):
        found[key] = (list(table), list(table.values()))
    names, weights = list(us.last_names), list(us.last_names.values())
    total = sum(weights)
    tail: list[str] = []
    for locale in ("es_MX", "de_DE", "it_IT", "pl_PL", "fr_FR", "nl_NL", "sv_SE", "cs_CZ"):
        provider = import_module(f"faker.providers.person.{locale}").Provider
        last = getattr(provider, "last_names", ())
        tail += [str(name) for name in last]
    tail = sorted(set(tail) - set(names))
    found["last"] = (names + tail, weights + [total * 0.7 / len(tail)] * len(tail))
    return found


class Maker:
    """`Maker(seed).twins(100_000)`; the same seed makes the same people."""

    def __init__(self, seed: int = 7) -> None:
        self.rng = random.Random(seed)
        self.people = census()
        self.cumulated = {key: _cumulated(w) for key, (_, w) in self.people.items()}
        self.zips = [f"{zip3}{n:02}" for zip3 in (480, 481, 482, 483, 484, 485, 488, 489)
                     for n in self.rng.sample(range(1, 99), 22)]  # fmt: skip
        self.streets = [f"{self.pick('last')} {self.rng.choice(KINDS)}" for _ in range(1_500)]
        self.streets += [f"{n}th {kind}" for n in range(4, 20) for kind in ("St", "Ave")]
        self.towns = {z: self.pick("last") + self.rng.choice(("ville", "ton", " Park", " Hills"))
                      for z in self.zips}  # fmt: skip
        self.firms: list[tuple[str, str, str, tuple[str, str, str, str]]] = []
        self.taken: set[str] = set()

    def pick(self, key: str) -> str:
        return self.rng.choices(self.people[key][0], cum_weights=self.cumulated[key])[0]

    def twins(self, n: int) -> list[Twin]:
        """About `n` records."""
        self.firms = [self._firm() for _ in range(max(3, n // 400))]
        found: list[Twin] = []
        who = household = 0
        while len(found) < n:
            household += 1
            for one in self._household(household, who):
                who += 1
                for written in self._records(one):
                    found.append(Twin(len(found) + 1, one.who, household, written))
        self.rng.shuffle(found)
        return [replace(one, id=at + 1) for at, one in enumerate(found[:n])]

    def _firm(self) -> tuple[str, str, str, tuple[str, str, str, str]]:
        name = f"{self.pick('last')} {self.rng.choice(('Motors', 'Plumbing', 'Bakery', 'Supply'))}"
        domain = name.lower().replace(" ", "") + ".com"
        return name, domain, self._number(), self._home()

    def _number(self) -> str:
        rng = self.rng
        area = rng.choice((734, 313, 248, 586, 810, 517))
        return f"{area}{rng.randint(2, 9)}{rng.randint(0, 99):02}{rng.randint(0, 9999):04}"

    def _home(self) -> tuple[str, str, str, str]:
        code = self.rng.choice(self.zips)
        unit = f" Apt {self.rng.randint(1, 40)}" if self.rng.random() < 0.15 else ""
        street = f"{self.rng.randint(1, 9999)} {self.rng.choice(self.streets)}"
        return street, unit.strip(), self.towns[code], code

    def _household(self, household: int, who: int) -> Iterator[Someone]:
        rng = self.rng
        size = rng.choices((1, 2, 3, 4), (0.5, 0.25, 0.13, 0.12))[0]
        last, home = self.pick("last"), self._home()
        landline = self._number()
        family = self._free(lambda: f"{last.lower().replace(' ', '')}family{rng.randint(1, 99)}")
        head, called = None, set[str]()
        for n in range(size):
            sex = rng.choice("fm") if n != 1 or head is None else ("f" if head.sex == "m" else "m")
            name = last if n != 1 or rng.random() < 0.85 else self.pick("last")
            first, suffix = self.pick(sex), ""
            while first in called:  # nobody names two of a family alike, but a son
                first = self.pick(sex)
            if n > 1 and sex == "m" and head and head.sex == "m" and rng.random() < 0.06:
                first, suffix = head.first, "Jr"
                head.suffix = head.suffix or ("Sr" if rng.random() < 0.3 else "")
            called.add(first)
            year = rng.randint(1940, 1985) + (25 if n > 1 else 0)
            one = Someone(
                who + n + 1, household, first, name, sex, suffix, home=home,
                born=f"{year}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
            )  # fmt: skip
            one.email = family if rng.random() < 0.15 else self._address(one)
            one.phone = landline if rng.random() < 0.45 else self._number()
            if n == 0:
                head = one
                if rng.random() < 0.05 and size == 1:
                    one.firm, domain, number, one.home = rng.choice(self.firms)
                    one.phone = number
                    one.email = f"info@{domain}" if rng.random() < 0.4 else (
                        f"{first[0].lower()}{last.lower()}@{domain}".replace(" ", ""))  # fmt: skip
            yield one

    def _address(self, one: Someone) -> str:
        rng = self.rng
        first, last = one.first.lower(), one.last.lower().replace(" ", "").replace("'", "")
        return self._free(
            lambda: rng.choice(
                (f"{first}.{last}", f"{first}{last}", f"{first[0]}{last}", f"{last}{first[0]}",
                 f"{first}{rng.randint(1, 99)}", f"{first}.{last}{rng.randint(1, 99)}",
                 f"{rng.choice(('big', 'cool', 'go', 'sky', 'blue'))}{first}{rng.randint(1, 999)}")
            )
        )  # fmt: skip

    def _free(self, local: Callable[[], str]) -> str:
        """A mailbox that nobody else has; who finds all taken gets a number."""
        for attempt in range(1_000):
            more = str(self.rng.randint(1, 10 ** min(attempt, 9) // 100)) if attempt > 4 else ""
            found = f"{local()}{more}@{self.rng.choice(MAIL)}"
            if found.replace(".", "") not in self.taken:
                break
        self.taken.add(found.replace(".", ""))
        return found

    def _records(self, one: Someone) -> Iterator[Written]:
        rng = self.rng
        for n in range(rng.choices((1, 2, 3, 4, 5, 7), (0.55, 0.25, 0.1, 0.06, 0.03, 0.01))[0]):
            if n:
                self._lives(one)
            yield self._written(one)

    def _lives(self, one: Someone) -> None:
        """What happens between one record and the next."""
        rng = self.rng
        if rng.random() < 0.10:
            one.home = self._home()
        if rng.random() < 0.10:
            one.phone = self._number()
        if rng.random() < 0.13:
            one.email = self._address(one)
        if one.sex == "f" and rng.random() < 0.05:
            one.last = self.pick("last")

    def _written(self, one: Someone) -> Written:
        rng = self.rng
        chances = FILLED[rng.choices(list(FILLED), (0.35, 0.25, 0.2, 0.2))[0]]
        first, last = self._name(one)
        email = self._email(one) if rng.random() < chances[0] else ""
        phone = self._phone(one) if rng.random() < chances[1] else ""
        home = [self._place(one)] if rng.random() < chances[2] else []
        return Written(
            first, last, one.firm, False, [email] if email else [], [phone] if phone else [], home,
            self._born(one) if rng.random() < 0.12 else "",
        )  # fmt: skip

    def _name(self, one: Someone) -> tuple[str, str]:
        rng = self.rng
        first, last = one.first, one.last
        nicks = short_for(first.lower())
        chance = rng.random()
        if nicks and chance < 0.25:
            first = rng.choice(nicks[:4]).title()
        elif chance < 0.29:
            first = f"{first[0]}." if rng.random() < 0.5 else first[0]
        first, last = self._fault(first, 0.03), self._fault(last, 0.04)
        if rng.random() < 0.02:
            last = self._phonetic(last)
        if one.suffix and rng.random() < 0.5:
            last = f"{last}{rng.choice((' ', ', '))}{one.suffix}{rng.choice(('', '.'))}"
        if rng.random() < 0.02:
            first = ""
        elif rng.random() < 0.012:
            first, last = last, first
        return rng.choice((str, str, str, str.upper, str.lower))(first), last

    def _fault(self, text: str, chance: float) -> str:
        rng = self.rng
        if len(text) < 4 or rng.random() >= chance:
            return text
        at = rng.randrange(1, len(text) - 1)
        letter = rng.choice("abcdefghijklmnopqrstuvwxyz")
        return rng.choice(
            (text[:at] + text[at + 1 :], text[:at] + letter + text[at:],
             text[:at] + letter + text[at + 1 :],
             text[:at] + text[at + 1] + text[at] + text[at + 2 :])
        )  # fmt: skip

    def _phonetic(self, text: str) -> str:
        fits = [(a, b) for a, b in PHONETIC if a in text]
        return text.replace(*self.rng.choice(fits), 1) if fits else text

    def _email(self, one: Someone) -> str:
        rng = self.rng
        if rng.random() < 0.01:
            return rng.choice(("none@none.com", "noemail@gmail.com", "test@test.com", "na@na.com"))
        local, _, domain = one.email.partition("@")
        if domain == "gmail.com" and rng.random() < 0.08:
            local = local.replace(".", "") if "." in local else f"{local}+shop"
        local = self._fault(local, 0.015)
        return f"{local}@{domain}"

    def _phone(self, one: Someone) -> str:
        rng = self.rng
        if rng.random() < 0.02:
            return rng.choice(("0000000000", "9999999999", OWN_NUMBER, OWN_NUMBER))
        d = one.phone
        if rng.random() < 0.02:
            at = rng.randrange(4, 10)
            d = d[:at] + str((int(d[at]) + rng.randint(1, 9)) % 10) + d[at + 1 :]
        a, b, c = d[:3], d[3:6], d[6:]
        return rng.choice(
            (f"({a}) {b}-{c}", f"{a}-{b}-{c}", f"{a}.{b}.{c}", d, f"+1{d}", f"1 {a} {b} {c}",
             f"{a} {b}-{c} x{rng.randint(1, 99)}")
        )  # fmt: skip

    def _place(self, one: Someone) -> tuple[str, str, str, str, str]:
        rng = self.rng
        line1, line2, town, code = one.home
        number, _, street = line1.partition(" ")
        words = street.split()
        if rng.random() < 0.35:
            words[-1] = LONG.get(words[-1], words[-1])
        elif rng.random() < 0.1:
            words[-1] = f"{words[-1]}."
        street = self._fault(" ".join(words), 0.03)
        if rng.random() < 0.01:
            number = self._digit(number)
        code = "" if rng.random() < 0.03 else self._digit(code) if rng.random() < 0.01 else code
        code = f"{code}-{rng.randint(1000, 9999)}" if code and rng.random() < 0.05 else code
        return f"{number} {street}", line2 if rng.random() < 0.8 else "", town, code, ""

    def _digit(self, digits: str) -> str:
        at = self.rng.randrange(len(digits))
        return digits[:at] + str(self.rng.randint(1, 9)) + digits[at + 1 :]

    def _born(self, one: Someone) -> str:
        if self.rng.random() < 0.03:
            year, month, day = one.born.split("-")
            return (
                f"{year}-{day}-{month}" if int(day) < 13 else f"{year}-{month}-{int(day) % 28:02}"
            )
        return one.born


def _cumulated(weights: Sequence[float]) -> list[float]:
    total, found = 0.0, []
    for weight in weights:
        total += weight
        found.append(total)
    return found


FORMS = ("", "", " Inc", ", Inc.", " LLC", ", L.L.C.", " Co.", " Company", " Corp")
TRADES = ("Plumbing", "Bakery", "Motors", "Supply", "Construction", "Landscaping", "Design",
          "Furniture", "Hardware", "Dental", "Electric", "Roofing", "Toys", "Florist",
          "Wine & Spirits", "Outfitters", "Boutique", "Gallery", "Pharmacy", "Books")  # fmt: skip


def firms(n: int, seed: int = 7) -> list[Twin]:
    """About `n` records of companies, with forms, ampersands, branches and neighbours."""
    maker, who = Maker(seed), 0
    found: list[Twin] = []
    rng = maker.rng
    building = maker._home()
    while len(found) < n:
        who += 1
        owner = maker.pick("last")
        middle = rng.choice(("", "", " & Sons", " and Daughters", f" & {maker.pick('last')}"))
        name = f"{owner}{middle} {rng.choice(TRADES)}"
        domain = f"{owner}{rng.choice(TRADES).split()[0]}{rng.randint(1, 99)}.com".lower()
        building = maker._home() if rng.random() < 0.9 else building
        home, phone = building, maker._number()
        for again in range(rng.choices((1, 2, 3), (0.55, 0.35, 0.1))[0]):
            if again and rng.random() < 0.12:
                home = maker._home()
            if again and rng.random() < 0.15:
                phone = maker._number()
            said = f"The {name}" if rng.random() < 0.08 else name
            said = said.replace("&", "and") if rng.random() < 0.5 else said
            said = maker._fault(said, 0.05) + rng.choice(FORMS)
            local = rng.choice(("info", "sales", owner.lower(), "orders"))
            one = Someone(who, 0, "", "", "", phone=phone, home=home)
            found.append(
                Twin(
                    len(found) + 1, who, who,
                    Written(
                        "", "", said, True,
                        [f"{local}@{domain}"] if rng.random() < 0.7 else [],
                        [maker._phone(one)] if rng.random() < 0.8 else [],
                        [maker._place(one)] if rng.random() < 0.75 else [],
                    ),
                )
            )  # fmt: skip
    return found[:n]
