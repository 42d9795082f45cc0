"""Every address × everybody: `access.txt`, here and in each pack, says who is answered what.

An address without a line fails, a method without a line is answered 405. When one is added, the
failure shows the lines as they are now: check them, then put them into the table.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.test.client import ClientHandler

import regulars
from regulars.audiences import actions as audiences
from regulars.audiences.models import Audience, View
from regulars.bulk import actions as bulk
from regulars.bulk.models import Receipt
from regulars.bulk.selection import Selection
from regulars.customers import actions as customers
from regulars.customers import facts
from regulars.customers.custom.queries import definition
from regulars.customers.models import (
    Contact,
    Customer,
    CustomField,
    Group,
    HouseholdChange,
    Location,
    Merge,
    NoteType,
    Tag,
)
from regulars.follow_up import actions as follow_up
from regulars.follow_up.facts import TaskFacts
from regulars.imports import actions as imports
from regulars.matching import actions as matching
from regulars.matching.models import Batch
from regulars.staff.models import Store, Team, User
from regulars.timeline.models import Event
from regulars.wire import tokens

from .routes import API, Route, every

WHO = ("nobody", "ana", "ben", "mia", "omar", "ada", "dora")

NORTH, SOUTH = "Canarynorth", "Canarysouth"
PHONES = {NORTH: "+13135550142", SOUTH: "+13125550177"}
FOREIGN = {"ana": SOUTH, "mia": SOUTH, "ben": NORTH}  # whose they never see
COLLEAGUES = "/customers/colleagues/"  # names the customer in its query

PARTS = 4  # so that several workers share the table

# What is sent where an empty body would be refused before anybody's rights are looked at.
BODIES: dict[str, Any] = {
    "POST /api/v1/addresses/check": {"line1": "12 Elm Street", "postal_code": "48084"},
    "POST /api/v1/customers": {"last_name": "New"},
    "PATCH /api/v1/customers/<customer_id>": {"company": "Elsewhere"},
    "DELETE /api/v1/customers/<customer_id>?confirm=somebody": None,
    "POST /api/v1/customers/<customer_id>/consents": {
        "channel": "email",
        "address": f"{NORTH}@example.com",
        "kind": "express",
    },
    "POST /api/v1/customers/<customer_id>/events": {"kind": "note.added", "data": {"text": "x"}},
    "POST /api/v1/customers/<customer_id>/notes": {"text": "x"},
    "PATCH /api/v1/customers/<customer_id>/notes/<note_id>": {"pinned": True},
    "PATCH /api/v1/customers/<customer_id>/files/<file_id>": {"name": "b.txt"},
    "PUT /api/v1/customers/<customer_id>/owner": {"owner": None},
    "POST /api/v1/customers/<customer_id>/resolve": {},
    "POST /api/v1/events": [],
    "POST /api/v1/custom-fields": {"label": "Length", "kind": "number"},
    "PATCH /api/v1/custom-fields/<field_id>": {},
    "PATCH /api/v1/imports/<import_id>": {},
    "POST /api/v1/audiences": {"name": "New"},
    "PATCH /api/v1/audiences/<audience_id>": {"name": "Other"},
    "POST /api/v1/audiences/<audience_id>/members": {"customers": ["CUSTOMER"]},
    "POST /api/v1/views": {"name": "New"},
    "PATCH /api/v1/views/<view_id>": {"name": "Other"},
    "POST /api/v1/criteria/check": {"text": "waiting"},
    "POST /api/v1/bulk": {"action": "archive", "filter": "", "dry_run": True},
    "POST /api/v1/tasks": {"customer": "CUSTOMER", "title": "x"},
    "PATCH /api/v1/tasks/<task_id>": {"state": "done"},
    "POST /api/v1/merges": {"primary": "CUSTOMER", "others": ["CUSTOMER"]},
    "POST /api/v1/households/<household_id>/combine": {"household": 1},
    "POST /api/v1/households/<household_id>/refuse": {"household": 1},
    "POST /api/v1/households/<household_id>/split": {"members": ["CUSTOMER"]},
    "POST /api/v1/duplicates/accept": {"dry_run": True},
    "POST /api/v1/duplicates/check": {"last_name": "New"},
    "POST /api/v1/duplicates/clusters/verdicts": {
        "members": ["CUSTOMER", "CUSTOMER"],
        "verdict": "later",
    },
    "POST /api/v1/duplicates/verdicts": {
        "a": "CUSTOMER",
        "b": "CUSTOMER",
        "verdict": "same",
    },
    "POST /api/v1/suits": {"customer": "CUSTOMER", "cloth": "wool", "colour": "navy", "price": 9},
}


@dataclass
class House:
    """The cast with a customer of Ana's (North) and one of Ben's (South), full of canaries."""

    people: dict[str, User]
    north: Customer
    south: Customer
    values: dict[str, dict[str, object]]
    secrets: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    handlers: dict[bool, ClientHandler] = field(default_factory=dict)

    def ask(
        self,
        who: str,
        method: str,
        route: Route,
        path: str,
        headers: Mapping[str, str] = {},
        enforce_csrf_checks: bool = False,
    ) -> HttpResponse:
        """One request, whose effects are taken back; its answer keeps what every one promises."""
        signed = {**headers}
        if route.is_api and who in self.secrets:
            signed["Authorization"] = f"Bearer {self.secrets[who]}"
        browser = Client(headers=signed, raise_request_exception=False)
        browser.handler = self.handlers.setdefault(  # loads the middleware once
            enforce_csrf_checks, ClientHandler(enforce_csrf_checks)
        )
        if not route.is_api and who in self.cookies:
            browser.cookies["session"] = self.cookies[who]
        with undone():
            answer = self._send(browser, method, route, path)
        promised(who, f"{method} {path}", answer)
        return answer

    def _send(self, client: Client, method: str, route: Route, path: str) -> HttpResponse:
        key = f"{method} {route.path}"
        send: Any = getattr(client, method.lower())
        if key == "POST /api/v1/customers/<customer_id>/files" or key == "POST /api/v1/imports":
            answer = send(path, {"file": a_file()})
        elif route.is_api and method != "GET":
            known = next((k for k in BODIES if k.partition("?")[0] == key), key)
            body = json.dumps(BODIES.get(known)).replace("CUSTOMER", str(self.north.public_id))
            path += "?" + known.partition("?")[2] if "?" in known else ""
            data = body if BODIES.get(known) is not None else ""
            answer = send(path, data, content_type="application/json")
        elif method == "POST":
            answer = send(path, {"csrfmiddlewaretoken": "as forms send it"})
        else:
            answer = send(path)
        found: HttpResponse = answer
        return found


def promised(who: str, asked: str, answer: HttpResponse) -> None:
    """The headers that protect, and nothing of a customer whom they do not see."""
    path = asked.split()[1]
    assert answer["X-Content-Type-Options"] == "nosniff", asked
    assert answer["Referrer-Policy"] == "same-origin", asked
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"], asked
    if not path.startswith("/accounts/"):
        assert "no-store" in answer.get("Cache-Control", ""), asked
    if who in FOREIGN and "imports" not in path:
        assert secrets_in(answer, FOREIGN[who]) == [], f"{who} {asked}"


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def values_about(customer: Customer, pk: int) -> dict[str, object]:
    return {
        "public_id": customer.public_id,
        "customer_id": customer.public_id,
        "other_id": customer.public_id,
        "import_id": uuid4(),
        "bulk_id": uuid4(),
        "merge_id": uuid4(),
        "change": uuid4(),
        "change_id": uuid4(),
        "household_id": 1,
        "batch_id": uuid4(),
        "audience_id": uuid4(),
        "view_id": uuid4(),
        "act": Event.objects.filter(customer=customer, kind="customer.created").get().act,
        "kind": "groups",
        "event_id": pk,
        "note_id": customer.events.filter(kind="note.added").values_list("pk", flat=True).first(),
        "pk": pk,
        "uidb36": "1",
        "version": 1,
        "key": "set-password",
    }


@pytest.fixture
def house(
    ana: User, ben: User, mia: User, omar: User, ada: User, dora: User, make_customer: Any,
    happens: Any,
) -> House:  # fmt: skip
    people = {"ana": ana, "ben": ben, "mia": mia, "omar": omar, "ada": ada, "dora": dora}

    customers.add_tag("Canary", by=ada)
    boat = definition(customers.add_field(label="Boat", kind="text", by=ada))

    def full(canary: str, owner: User) -> Customer:
        email = f"{canary}@example.com"
        customer: Customer = make_customer(
            f"{canary} Person", owner=owner, company=f"{canary} Company", email=email,
            phone=PHONES[canary],
            locations=[{"name": f"{canary} home", "line1": f"{canary} street", "city": "Detroit"}],
        )  # fmt: skip
        read = facts.read_location({"line1": "elsewhere"})
        customers.remove_location(customers.add_location(customer, read, by=owner), by=owner)
        customers.put_custom(customer, {boat: f"{canary} boat"}, by=ada)
        happens(customer, "message.received", ago=5, text=f"{canary} message")
        happens(customer, "note.added", by=owner, text=f"{canary} note")
        customers.attach(customer, BytesIO(b"words"), name=f"{canary} file.txt", by=owner)
        follow_up.add(customer, TaskFacts(f"{canary} task"), by=owner)
        return customer

    house = House(people, full(NORTH, ana), full(SOUTH, ben), {})
    for who, user in people.items():
        house.secrets[who] = tokens.issue(user, name=who, by=None)[1]
        client = Client()
        client.force_login(user, "regulars.staff.sign_in.backend.Backend")
        house.cookies[who] = client.cookies["session"].value
    return house


@pytest.fixture
def fill(house: House) -> Any:
    """`fill(route, house.north)`: the address of one that exists and is about that customer."""
    job = imports.upload(a_file(), name="table.csv", by=house.people["ada"])
    piece, merge, family = _bulk(house), _merge(house), _family(house)
    party, view = _marketing(house)
    together, told = Batch.objects.create(by=house.people["ana"]), _told(house)
    found: dict[str, Callable[[Customer], int]] = {
        "contacts": lambda who: Contact.objects.get(customer=who, is_primary=True).pk,
        "locations": lambda who: Location.objects.get(customer=who).pk,
        "people": lambda who: house.people["ben"].pk,
        "fields": lambda who: CustomField.objects.get().pk,
        "notes": lambda who: who.events.get(kind="note.added").pk,
        "tags": lambda who: Tag.objects.get(name="Canary").pk,
        "groups": lambda who: Group.objects.get(name="Business").pk,
        "<kind>": lambda who: Group.objects.get(name="Business").pk,
        "stores": lambda who: Store.objects.get(name="Marlow North").pk,
        "teams": lambda who: Team.objects.get(name="North Sales").pk,
        "tasks": lambda who: who.tasks.get().pk,
        "tokens": lambda who: house.people["ana"].api_tokens.get().pk,
        "verdicts": lambda who: told.verdicts[0].pk,
    }

    kept: dict[str, Any] = {
        "/imports/": job,
        "/customers/duplicates/together/": together,
        "/bulk/": piece,
        "/marketing/": party,
        "/customers/views/": view,
    }

    def filled(route: Route, customer: Customer) -> str:
        parts = route.path.split("/")
        before = parts[parts.index("<pk>") - 1] if "<pk>" in parts else ""
        pk = found[before](customer) if before in found else 1
        values = values_about(customer, pk) | {"import_id": job.public_id}
        values["file_id"] = customer.attachments.get().public_id
        values["field_id"] = found["fields"](customer)
        values["task_id"] = found["tasks"](customer)
        if "/consent/" in route.path:
            values |= {"kind": "email", "pk": customer.emails.get().pk}
        if "/facts/" in route.path:
            values["key"] = "type"
        if "/bring-back" in route.path:
            removed = customer.events.get(kind="customer.changed", data__has_key="removed")
            values["act"] = removed.act
        if "/settings/notes/" in route.path:
            values["pk"] = NoteType.objects.get(name="General").pk
        values["bulk_id"] = piece.public_id
        values["merge_id"] = merge.public_id
        values["batch_id"] = together.public_id
        values["verdict_id"] = told.together
        values |= {"change": family.public_id, "change_id": family.public_id}
        values["household_id"] = family.household
        values |= {"audience_id": party.public_id, "view_id": view.public_id}
        for part, one in kept.items():
            if part in route.path:
                values["public_id"] = one.public_id
        path = route.filled(values)
        return f"{path}?for={customer.public_id}" if route.path == COLLEAGUES else path

    return filled


def _merge(house: House) -> Merge:
    """Two more of Ana's became one."""
    raw = {"first_name": NORTH, "last_name": "Person"}
    ana = house.people["ana"]
    into, other = (customers.add(facts.clean(raw), owner=ana, by=ana) for _ in range(2))
    return customers.merge(into, [other], by=ana)


def _told(house: House) -> matching.Told:
    """Three more of Ana's are different people."""
    raw = {"first_name": NORTH, "last_name": "Person"}
    ana = house.people["ana"]
    three = [customers.add(facts.clean(raw), owner=ana, by=ana) for _ in range(3)]
    return matching.decide_all(three, verdict="different", by=ana)


def _family(house: House) -> HouseholdChange:
    """Two more of Ana's live together."""
    ana = house.people["ana"]
    raw = {"first_name": NORTH, "last_name": "Person"}
    one, other = (customers.add(facts.clean(raw), owner=ana, by=ana) for _ in range(2))
    change = customers.confirm(one, other, by=ana)
    assert change is not None
    return change


def _bulk(house: House) -> Receipt:
    """What Ana did with many: she put her customer away."""
    chosen = Selection(ids=(str(house.north.public_id),))
    draft = bulk.draft("archive", chosen, by=house.people["ana"])
    return bulk.start(draft, by=house.people["ana"])


def _marketing(house: House) -> tuple[Audience, View]:
    """A list of Ada's that both customers stand on, and a view of Ana's."""
    party = audiences.make_audience(name="Party", by=house.people["ada"])
    everybody = [house.north.pk, house.south.pk]
    audiences.put_on_list(party, everybody, by=house.people["ada"])
    shows = audiences.ViewFacts(criteria="in:Party")
    return party, audiences.save_view(name="Mine", shows=shows, by=house.people["ana"])


def a_file() -> SimpleUploadedFile:
    return SimpleUploadedFile("table.csv", b"name,email\nNew Person,new@example.com\n", "text/csv")


def table() -> dict[tuple[str, str], tuple[str, ...]]:
    packs = [Path(str(import_module(pack).__file__)).parent for pack in settings.REGULARS_PACKS]
    files = [folder / "access.txt" for folder in (Path(__file__).parent, *packs)]
    lines = [line.split() for file in files for line in file.read_text().splitlines()]
    rows = [line for line in lines if line and not line[0].startswith("#")]
    return {(method, path): tuple(answers) for path, method, *answers in rows}


def line(route: Route, method: str, answers: Mapping[str, str]) -> str:
    return f"{route.path:<62} {method:<6} " + " ".join(f"{answers[who]:>6}" for who in WHO)


def is_customers(route: Route) -> bool:
    named = "<customer_id>" in route.path or "customers/<public_id>" in route.path
    return named or route.path == COLLEAGUES


def _text_of(answer: HttpResponse) -> str:
    """What an answer says, a packed one unpacked."""
    content = answer.getvalue()
    if answer["Content-Type"] != "application/zip":
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist())


def secrets_in(answer: HttpResponse, canary: str) -> list[str]:
    """What of a customer's record stands in an answer; the canary alone may be an echo."""
    text = _text_of(answer) + repr(answer.items())
    words = ("Person", "Company", "home", "street", "message", "note", "boat", "task")
    number = PHONES[canary].removeprefix("+1")
    shown = f"({number[:3]}) {number[3:6]}-{number[6:]}"
    return [
        secret
        for secret in (*(f"{canary} {word}" for word in words), PHONES[canary], shown)
        if secret in text
    ]


def same(answer: HttpResponse, customer_id: object) -> tuple[int, str]:
    """An answer without what must differ: the id asked for, and tokens against forgery."""
    text = answer.content.decode().replace(str(customer_id), "ID")
    text = re.sub(r'(csrf-token" content|csrfmiddlewaretoken" value)="[^"]+"', "", text)
    return answer.status_code, re.sub(r'"clock" content="[^"]+"', "", text)


def status(house: House, who: str, method: str, route: Route, path: str) -> str:
    return str(house.ask(who, method, route, path).status_code)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_everybody_is_answered_as_the_table_says(house: House, fill: Any, part: int) -> None:
    known = table()
    wrong = []
    for route in every()[part::PARTS]:
        path = fill(route, house.north)
        for method in route.methods:
            listed = known.get((method, route.path))
            if listed is None and house.ask("ada", method, route, path).status_code == 405:
                if method in ("GET", "POST"):  # ask looks into what is refused, too
                    for who in FOREIGN:
                        house.ask(who, method, route, path)
                continue
            answers = {w: status(house, w, method, route, path) for w in WHO}
            if listed != tuple(answers.values()):
                wrong.append(line(route, method, answers))
    assert not wrong, "\n".join(["Answered otherwise than in access.txt:", *wrong])


def test_what_a_customer_holds_is_found_in_the_answers_to_who_sees_them(house: House) -> None:
    answer = house.ask("ana", "GET", Route("/"), house.north.get_absolute_url())
    assert len(secrets_in(answer, NORTH)) > 5
    with pytest.raises(AssertionError, match="Canarynorth Person"):
        promised("ben", "GET /", answer)


def test_the_table_has_no_line_too_many() -> None:
    paths = {route.path for route in every()}
    assert [path for _, path in table() if path not in paths] == []


@pytest.mark.parametrize("who", ["ana", "mia", "ben", "omar"])
def test_a_foreign_customer_and_a_missing_one_are_the_same(
    house: House, fill: Any, who: str
) -> None:
    theirs = house.north if who == "ben" else house.south
    if who == "omar":  # sees everybody, so that nobody is foreign to him
        theirs = Customer(public_id=uuid4(), pk=0)
    for route in filter(is_customers, every()):
        existing = house.north if who == "omar" else theirs
        path, missing = fill(route, existing), uuid4()
        path = path.replace(str(existing.public_id), str(theirs.public_id))
        elsewhere = path.replace(str(theirs.public_id), str(missing))
        for method in route.methods:
            answer = house.ask(who, method, route, path)
            none = house.ask(who, method, route, elsewhere)
            assert same(answer, theirs.public_id) == same(none, missing), f"{method} {path}"
            assert answer.status_code in (403, 404, 405), f"{method} {path}"


@pytest.mark.parametrize("who", list(FOREIGN))
def test_no_search_finds_anything_of_a_foreign_customer(house: House, who: str) -> None:
    canary, asked = FOREIGN[who], []
    for path in ("/customers/", "/search/", "/customers/new/known/", f"{API}customers"):
        for word in (canary[:7], canary, PHONES[canary][-4:], PHONES[canary].removeprefix("+1")):
            asked.append((Route(path), f"{path}?q={word}&phone={word}&email={canary}@example.com"))
    for text in ("name contains canary", f"company:{canary}", "waiting", "not nobody"):
        asked += [(Route(p), f"{p}?filter={text}") for p in ("/customers/", f"{API}customers")]
    for route, path in asked:
        for method in ("GET", "POST"):
            house.ask(who, method, route, path)  # which looks for it


def test_a_page_of_a_region_is_answered_like_the_whole(house: House, fill: Any, htmx: Any) -> None:
    known = table()
    for route in (route for route in every() if not route.is_api):
        path = fill(route, house.north)
        listed = known.get(("GET", route.path))
        for who in ("nobody", "ana", "ben", "ada"):
            whole = listed[WHO.index(who)] if listed else status(house, who, "GET", route, path)
            region = house.ask(who, "GET", route, path, headers=htmx(page="/customers/"))
            sent_on = whole in ("302", "303") and "HX-Redirect" in region
            assert sent_on or str(region.status_code) == whole, f"{who} {path}"


@pytest.mark.apart
def test_no_page_takes_a_post_from_elsewhere(house: House, fill: Any) -> None:
    for route in (route for route in every() if not route.is_api):
        if route.path in ("/healthz", "/readyz"):
            continue
        for who in ("nobody", "ada"):
            path = fill(route, house.north)
            answer = house.ask(who, "POST", route, path, enforce_csrf_checks=True)
            assert answer.status_code == 403, f"{who} {path}"


@pytest.mark.apart
def test_a_browser_session_opens_nothing_of_the_api(house: House, fill: Any) -> None:
    for route in (route for route in every() if route.is_api):
        if route.path == f"{API}openapi.json":  # the description is read in browsers too
            continue
        client = Client(raise_request_exception=False)
        client.cookies["session"] = house.cookies["ada"]
        for method in route.methods:
            answer = getattr(client, method.lower())(fill(route, house.north))
            assert answer.status_code in (401, 404, 405), f"{method} {route.path}"


def read_names() -> set[str]:
    """What the pages read out of addresses and forms, by the sources."""
    reads = re.compile(r'(?:GET|POST)(?:\.get|\.getlist)?[(\[]"([a-z_]+)"')
    files = (Path(regulars.__file__).parent).rglob("*.py")
    return {"who"}.union(*(reads.findall(file.read_text()) for file in files))


@pytest.mark.apart
@pytest.mark.parametrize("nonsense", ["x", "9" * 5_000, "\x00٣²"], ids=["a word", "long", "signs"])
def test_nonsense_where_a_place_or_a_number_is_expected_is_answered(
    house: House, fill: Any, nonsense: str
) -> None:
    names = read_names()
    assert {"cursor", "before", "after", "pair", "to", "event"} <= names
    said = dict.fromkeys(sorted(names - {"next", "csrfmiddlewaretoken"}), nonsense)
    browser = Client(raise_request_exception=False)
    browser.cookies["session"] = house.cookies["ada"]
    program = Client(
        raise_request_exception=False, headers={"Authorization": f"Bearer {house.secrets['ada']}"}
    )
    failed = []
    for route in every():
        path = fill(route, house.north)
        for method in ("GET",) if route.is_api else ("GET", "POST"):
            send = getattr(program if route.is_api else browser, method.lower())
            for query in (said, {"cursor": nonsense}):
                with undone():
                    if send(path, query).status_code == 500:
                        failed.append(f"{method} {route.path} {min(query)}")
    assert failed == []


def test_anothers_contact_is_not_found_under_ones_own_customer(house: House) -> None:
    contact = Contact.objects.get(customer=house.south, is_primary=True)
    place = Location.objects.get(customer=house.south)
    own = house.north.get_absolute_url()
    paths = [f"{own}contacts/{contact.pk}/", f"{own}locations/{place.pk}/"]
    for path in (*paths, *(f"{path}remove/" for path in paths)):
        for method in ("GET", "POST"):
            answer = house.ask("ada", method, Route(path), path)
            assert answer.status_code in (404, 405), f"{method} {path}"
    assert Contact.objects.filter(pk=contact.pk).exists()
