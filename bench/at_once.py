"""Many colleagues at once on few customers, who are merged, taken apart and erased meanwhile.

`python -m bench.at_once` (WORKERS=100 OPERATIONS=200 CUSTOMERS=50 RUNS=1) in a database of its own:
everything goes through the API, and then the whole of it is looked over. The tests run it small.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from random import Random
from typing import Any
from urllib.parse import quote

from . import sums

ANSWERED = {200, 201, 204}
# Somebody was quicker, or it cannot be: said in words, and nothing was kept.
REFUSED = {404, 409, 412, 422}
MORTAL = 5  # of so many customers the last one may be erased


@dataclass
class Crowd:
    """Whom it is about, and what was promised: written by all threads."""

    secrets: list[str]
    people: list[int]
    lasting: list[str]
    mortal: list[str]
    names: dict[str, str]
    merges: list[str] = field(default_factory=list)
    homes: list[str] = field(default_factory=list)
    origins: list[str] = field(default_factory=list)
    tasks: list[int] = field(default_factory=list)
    ordered: list[Decimal] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    given: dict[str, Decimal] = field(default_factory=dict)
    worth: dict[str, Decimal] = field(default_factory=dict)
    withdrawn: set[str] = field(default_factory=set)
    edits: Counter[tuple[str, str]] = field(default_factory=Counter)
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    slowest: float = 0.0


class Worker:
    """A colleague's program with its own luck."""

    def __init__(self, crowd: Crowd, seed: int) -> None:
        from django.test import Client

        self.crowd, self.luck, self.seed, self.n = crowd, Random(seed), seed, 0
        secret = crowd.secrets[seed % len(crowd.secrets)]
        self.client = Client(
            headers={"Authorization": f"Bearer {secret}"}, raise_request_exception=False
        )
        self.deeds: list[tuple[int, Callable[[], None]]] = [
            (12, self.merge), (12, self.undo), (16, self.edit), (10, self.reassign),
            (10, self.tag), (20, self.event), (6, self.withdraw), (5, self.household),
            (3, self.home_undo), (4, self.task), (1, self.erase), (4, self.reach),
        ]  # fmt: skip
        if sums.has_tailor():
            self.deeds.append((6, self.order))

    def one(self) -> None:
        self.n += 1
        weights, deeds = zip(*self.deeds, strict=True)
        self.luck.choices(deeds, weights)[0]()

    def ask(
        self, what: str, method: str, path: str, body: Any = None, **headers: str
    ) -> dict[str, Any] | None:
        """The answer, None when it was refused; whatever is neither is wrong."""
        began = time.perf_counter()
        answer = self.client.generic(
            method,
            f"/api/v1{path}",
            json.dumps(body) if body is not None else b"",
            content_type="application/json" if body is not None else "",
            headers={key.replace("_", "-"): value for key, value in headers.items()},
        )
        self.crowd.slowest = max(self.crowd.slowest, time.perf_counter() - began)
        self.crowd.answers[what, answer.status_code] += 1
        if answer.status_code in ANSWERED:
            return json.loads(answer.content) if answer.content else {}
        told = f"{path} {json.dumps(body)}"
        gone = answer.status_code == 404 and not self.may_be_gone(what, told)
        if answer.status_code not in REFUSED or gone:
            said = answer.content.decode()[:300]
            self.crowd.wrong.append(f"{what}: {answer.status_code} {said}")
        return None

    def may_be_gone(self, what: str, told: str) -> bool:
        """Who may be erased, and what was theirs."""
        return what in ("undo", "home undo", "order") or any(
            one in told for one in self.crowd.mortal
        )

    def group(self) -> list[str]:
        """Those who may be erased keep to themselves, so that nobody else's past goes with them."""
        return self.crowd.mortal if self.luck.random() < 0.1 else self.crowd.lasting

    def some(self) -> str:
        return self.luck.choice(self.group())

    def merge(self) -> None:
        group = self.group()
        primary, *others = self.luck.sample(group, min(len(group), self.luck.choice((2, 2, 3))))
        made = self.ask("merge", "POST", "/merges", {"primary": primary, "others": others})
        if made is not None:
            self.crowd.merges.append(made["id"])

    def undo(self) -> None:
        if self.crowd.merges:
            self.ask("undo", "DELETE", f"/merges/{self.luck.choice(self.crowd.merges[-60:])}")

    def edit(self) -> None:
        """Only what they have seen: two who saw the same must not both be taken."""
        one = self.some()
        seen = self.ask("read", "GET", f"/customers/{one}")
        if seen is None:
            return
        answer = self.client.get(f"/api/v1/customers/{one}")
        tag = answer.headers.get("ETag", "") if answer.status_code == 200 else ""
        if not tag:
            return
        said = {"referral_source": f"W{self.seed}-{self.n}"}
        done = self.ask("edit", "PATCH", f"/customers/{one}", said, If_Match=tag)
        if done is not None:
            self.crowd.edits[answer.json()["id"], tag] += 1

    def reassign(self) -> None:
        owner = self.luck.choice([*self.crowd.people, None])
        self.ask("reassign", "PUT", f"/customers/{self.some()}/owner", {"owner": owner})

    def tag(self) -> None:
        tags = self.luck.sample(["VIP", "Boat", "New", "Old"], self.luck.randint(0, 3))
        self.ask("tag", "PATCH", f"/customers/{self.some()}", {"tags": tags})

    def event(self) -> None:
        origin = f"at-once-{self.seed}-{self.n}"
        kind = self.luck.choice(["message.received", "text.sent", "call.made", "form.submitted"])
        one = self.some()
        body = {"kind": kind, "data": {"text": "Hello"}, "origin": origin}
        made = self.ask("event", "POST", f"/customers/{one}/events", body)
        if made is not None and one in self.crowd.lasting:
            self.crowd.origins.append(origin)

    def withdraw(self) -> None:
        one = self.luck.choice(self.crowd.lasting)
        address = f"{one}@example.com"
        body = {"channel": "email", "address": address, "kind": "withdrawn"}
        if self.ask("withdraw", "POST", f"/customers/{one}/consents", body) is not None:
            self.crowd.withdrawn.add(address)

    def household(self) -> None:
        one, other = self.luck.sample(self.group(), 2)
        home = self.luck.choice([other, other, None])
        self.ask("household", "PATCH", f"/customers/{one}", {"household": home})

    def home_undo(self) -> None:
        found = self.ask("changes", "GET", "/household-changes?limit=20")
        items = (found or {}).get("items") or []
        if items:
            pk = self.luck.choice(items)["id"]
            self.ask("home undo", "DELETE", f"/household-changes/{pk}")

    def task(self) -> None:
        one = self.some()
        made = self.ask("task", "POST", "/tasks", {"customer": one, "title": "Call"})
        if made is not None and one in self.crowd.lasting:
            self.crowd.tasks.append(made["id"])

    def order(self) -> None:
        """The tailor knows nobody by an old id; whoever was merged orders later."""
        price = self.luck.randint(1, 99_999) * sums.CENT
        body = {"customer": self.luck.choice(self.crowd.lasting), "cloth": "Wool",
                "colour": "navy", "price": str(price)}  # fmt: skip
        if self.ask("order", "POST", "/suits", body) is not None:
            self.crowd.ordered.append(price)

    def reach(self) -> None:
        """Another address for any of the contacts, on top of what they have seen."""
        one = self.luck.choice(self.crowd.lasting)
        answer = self.client.get(f"/api/v1/customers/{one}")
        if answer.status_code != 200 or not answer.json()["contacts"]:
            return
        keys = ("first_name", "last_name", "primary", "emails", "phones")
        contacts = [{key: each[key] for key in keys} for each in answer.json()["contacts"]]
        contacts = [
            each | {"emails": [{"address": e["address"]} for e in each["emails"]],
                    "phones": [{"number": p["number"]} for p in each["phones"]]}
            for each in contacts
        ]  # fmt: skip
        address = f"new-{self.seed}-{self.n}@example.com"
        self.luck.choice(contacts)["emails"].append({"address": address})
        path, said = f"/customers/{one}", {"contacts": contacts}
        if self.ask("reach", "PATCH", path, said, If_Match=answer.headers["ETag"]) is not None:
            self.crowd.added.append(address)

    def erase(self) -> None:
        """Now and then, and never the last ones of those who may be."""
        if self.luck.random() < 0.25:
            one = self.luck.choice(self.crowd.mortal)
            seen = self.ask("read", "GET", f"/customers/{one}")
            if seen is not None:
                name = quote(seen["name"])
                self.ask("erase", "DELETE", f"/customers/{one}?confirm={name}")


def crowd(customers: int) -> Crowd:
    """Customers with everything, every fifth of whom may be erased; two colleagues who see all."""
    from regulars.customers import actions, facts
    from regulars.customers.actions.contact_rows import contact_facts
    from regulars.staff.models import User
    from regulars.wire import tokens

    bosses = [u for u in User.objects.filter(is_active=True).order_by("pk")
              if u.role.sees_everybody]  # fmt: skip
    made = []
    for n in range(customers):
        raw = {
            "first_name": f"No{n}", "last_name": "Moss", "tags": ["VIP"],
            "contacts": [{"first_name": f"No{n}", "last_name": "Moss", "emails": [
                {"address": f"shared{n % 7}@example.com", "consent": "express"}],
                "phones": [{"number": f"+1734555{1000 + n % 9}"}]}],
            "locations": [{"line1": f"{n % 5} Elm St", "city": "Troy", "postal_code": "48084"}],
            "external_ids": {"dms": f"D{n}"},
        }  # fmt: skip
        one = actions.add(facts.clean(raw), owner=bosses[0], by=bosses[0])
        own = facts.clean({"name": "x", "email": f"{one.public_id}@example.com"}).contacts[0]
        contact = one.contacts.get(is_primary=True)
        known = contact_facts(contact)
        actions.change_contact(
            contact, replace(known, emails=(*known.emails, *own.emails)), by=bosses[0]
        )
        made.append(one)
    lasting = [str(c.public_id) for n, c in enumerate(made) if n % MORTAL]
    mortal = [str(c.public_id) for n, c in enumerate(made) if not n % MORTAL]
    found = Crowd(
        [tokens.issue(boss, name="At once", by=None)[1] for boss in bosses],
        [boss.pk for boss in bosses],
        lasting,
        mortal,
        {str(c.public_id): c.name for c in made},
    )
    found.given = sums.give([c for n, c in enumerate(made) if n % MORTAL], bosses[0])
    found.worth = sums.held()
    return found


def run(found: Crowd, workers: int, operations: int) -> None:
    """All of them at once."""
    from django.db import connection

    start = threading.Barrier(workers)

    def work(seed: int) -> None:
        try:
            worker = Worker(found, seed)
            start.wait()
            for _ in range(operations):
                worker.one()
        except Exception as error:  # a thread must not go unseen
            found.wrong.append(f"worker {seed}: {error!r}")
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def deadlocks() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


# --- Looking everything over


def problems(found: Crowd) -> list[str]:
    """What does not hold, in words; then everything that is still merged is taken apart."""
    wrong = list(found.wrong)
    wrong += _held(found)
    wrong += _taken_apart(found)
    return wrong + _held(found)


def _held(found: Crowd) -> list[str]:
    """What holds at every moment."""
    return [
        *_lost(found), *_ids(found), *_consents(found), *_standing(), *_ones(), *_homes(),
        *_torn(), *sums.differ(found.worth, sum(found.ordered, Decimal(0))),
        *(f"two edits of one version: {key}" for key, n in found.edits.items() if n > 1),
    ]  # fmt: skip


def _lost(found: Crowd) -> Iterable[str]:
    """Every event that was answered for stands once, with somebody who is there; so does every
    task and every address."""
    from regulars.customers.models import Email
    from regulars.follow_up.models import Task
    from regulars.timeline.models import Event

    rows = Event.objects.filter(origin__startswith="api:at-once-").values_list("origin", flat=True)
    there = Counter(origin.partition("#")[0].removeprefix("api:") for origin in rows)
    for origin in found.origins:
        if there[origin] != 1:
            yield f"event {origin} stands {there[origin]} times"
    for task in set(found.tasks) - set(Task.objects.values_list("pk", flat=True)):
        yield f"task {task} is gone"
    known = Counter(Email.objects.filter(address__in=found.added).values_list("address", flat=True))
    for address in found.added:
        if known[address] != 1:
            yield f"{address} stands {known[address]} times"


def _ids(found: Crowd) -> Iterable[str]:
    """Every id leads to somebody, in one hop; whoever was erased may be gone."""
    from regulars.customers.models import Customer, MergedProfile, Tombstone

    live = {str(one) for one in Customer.objects.get_queryset().values_list("public_id", flat=True)}
    gone = {str(one) for one in Tombstone.objects.values_list("public_id", flat=True)}
    leads: dict[str, list[str]] = {}
    rows = MergedProfile.objects.filter(undone_at=None)
    for old, now in rows.values_list("public_id", "customer__public_id"):
        leads.setdefault(str(old), []).append(str(now))
    for public_id in [*found.lasting, *found.mortal]:
        to = leads.get(public_id, [])
        if len(to) + (public_id in live) + (public_id in gone and public_id in found.mortal) != 1:
            yield f"{public_id} leads to {to}, is live: {public_id in live}"
        if any(one not in live for one in to):
            yield f"{public_id} leads to somebody who is not there"


def _consents(found: Crowd) -> Iterable[str]:
    """A word that was taken back stays taken back, wherever the address is now."""
    from regulars.customers.models import Email

    loose = Email.objects.filter(address__in=found.withdrawn).exclude(consent="withdrawn")
    for one in loose:
        yield f"{one.address} is {one.consent} again"


def _standing() -> Iterable[str]:
    """What follows from the events is what the events say."""
    from regulars.customers.models import Customer
    from regulars.timeline import actions as timeline

    columns = ("pk", "last_activity_at", "last_inbound_at", "waiting_since", "unread_count")
    rows = Customer.objects.get_queryset().order_by("pk")
    before = list(rows.values_list(*columns))
    timeline.rebuild_standing()
    for was, now in zip(before, rows.values_list(*columns), strict=True):
        if was != now:
            yield f"standing of {was[0]}: {was[1:]} and not {now[1:]}"


def _ones() -> Iterable[str]:
    """One owner since when, one primary contact and place; no row of anybody who is gone."""
    from django.db.models import Count, Q

    from regulars.customers.models import Customer, Merge

    rows = Customer.objects.get_queryset()
    for one in rows.filter(Q(owner=None) ^ Q(owned_since=None)):
        yield f"{one.pk} is owned since {one.owned_since} by {one.owner_id}"
    for name in ("contacts", "locations"):
        led = rows.annotate(n=Count(name, filter=Q(**{f"{name}__is_primary": True})), m=Count(name))
        for one in led.filter(m__gt=0).exclude(n=1):
            yield f"{one.pk} has {name} and not one primary"
    for merge in Merge.objects.filter(customer=None):
        yield f"merge {merge.pk} is nobody's"


def _torn() -> Iterable[str]:
    """Nothing hangs on what is somebody else's, as an address on another one's contact."""
    from django.db.models import F

    from regulars.customers.merging.hanging import hung_on
    from regulars.customers.merging.walk import tables

    for one in (one for parent in tables() for one in hung_on(parent)):
        rows = one.model._base_manager.exclude(**{one.name: None})
        for pk in rows.exclude(**{f"{one.name}__customer": F("customer")}).values_list("pk"):
            yield f"{one} {pk} hangs on what is somebody else's"


def _homes() -> Iterable[str]:
    from django.db.models import Count

    from regulars.customers.models import Household

    for home in Household.objects.annotate(n=Count("members")).filter(n__gt=20):
        yield f"household {home.pk} has {home.n} members"


def _taken_apart(found: Crowd) -> Iterable[str]:
    """Every merge that stands is undone, in any order: everybody is there again as one."""
    from regulars.customers import actions
    from regulars.customers.models import Customer, ExternalId, Merge

    merges = list(Merge.objects.filter(profiles__undone_at=None).distinct())
    Random(1).shuffle(merges)
    for merge in merges:
        try:
            actions.undo_merge(merge, by=None)
        except Exception as error:
            yield f"undoing {merge.pk}: {error!r}"
    rows = Customer.objects.get_queryset()
    live = {str(one) for one in rows.values_list("public_id", flat=True)}
    for public_id in found.lasting:
        if public_id not in live:
            yield f"{public_id} did not come back"
    for public_id, name, emails in (
        (str(c.public_id), c.name, {e.address for e in c.emails.all()}) for c in rows
    ):
        if public_id in found.names and found.names[public_id] != name:
            yield f"{public_id} is called {name} and not {found.names[public_id]}"
        if public_id in found.names and f"{public_id}@example.com" not in emails:
            yield f"{public_id} has lost an address: {sorted(emails)}"
    for one in rows.exclude(pk__in=ExternalId.objects.values("customer")):
        if str(one.public_id) in found.names:
            yield f"{one.public_id} has lost the id in another system"
    yield from sums.not_theirs(found.given)


def told(found: Crowd, locks: int, seconds: float) -> str:
    """The figures."""
    deeds = sorted({what for what, _ in found.answers})
    asked = sum(found.answers.values())
    lines = [f"{asked} requests in {seconds:.0f} s, {locks} deadlocks broken and done again, "
             f"slowest answer {found.slowest:.1f} s"]  # fmt: skip
    for deed in deeds:
        each = {status: n for (what, status), n in sorted(found.answers.items()) if what == deed}
        lines.append(f"  {deed:<10} " + "  ".join(f"{status}: {n}" for status, n in each.items()))
    return "\n".join(lines)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regulars.settings")
    os.environ.setdefault("REGULARS_PACKS", f"regulars.packs.wholesale,{sums.TAILOR}")
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test.utils import setup_test_environment

    setup_test_environment()
    settings.SECURE_SSL_REDIRECT = False
    logging.basicConfig(level=logging.ERROR)
    numbers = {
        key: int(os.environ.get(key, usual))
        for key, usual in {"WORKERS": 100, "OPERATIONS": 200, "CUSTOMERS": 50, "RUNS": 1}.items()
    }
    left = 0
    for _ in range(numbers["RUNS"]):
        old = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            _staff()
            people = crowd(numbers["CUSTOMERS"])
            before, began = deadlocks(), time.perf_counter()
            run(people, numbers["WORKERS"], numbers["OPERATIONS"])
            seconds = time.perf_counter() - began
            print(told(people, deadlocks() - before, seconds), flush=True)
            wrong = problems(people)
            print(f"{len(wrong)} things that do not hold", *wrong[:20], sep="\n  ", flush=True)
            left += len(wrong)
        finally:
            connection.creation.destroy_test_db(old, verbosity=0)
    return 1 if left else 0


def _staff() -> None:
    """Two colleagues who see everybody."""
    from regulars.staff.models import Role, User

    role = Role.objects.get(key="administrator")
    for name in ("ada", "bea"):
        User.objects.create_user(f"{name}@example.com", "x", name=name.title(), role=role)


if __name__ == "__main__":
    sys.exit(main())
