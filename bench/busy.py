"""A colleague's program that works on few customers with many others, and what it was promised."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any
from urllib.parse import quote

from . import sums

ANSWERED = {200, 201, 204}
# Somebody was quicker, or it cannot be: said in words, and nothing was kept.
REFUSED = {404, 409, 412, 422}


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
