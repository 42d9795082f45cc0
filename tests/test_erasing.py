"""Erasing leaves nothing: a canary in every text that is a customer's, and then no trace of it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.db import connection, models
from django.test import Client, TestCase

from regulars.audiences import actions as audiences
from regulars.bulk import actions as bulk
from regulars.bulk.models import Receipt
from regulars.bulk.selection import Selection
from regulars.customers import actions, facts
from regulars.customers.actions.contact_rows import contacts_of
from regulars.customers.custom.queries import definition
from regulars.customers.models import (
    ConsentRecord,
    Customer,
    Email,
    Phone,
    SearchTerm,
    Suppression,
    Tombstone,
)
from regulars.customers.notes.facts import NoteFacts
from regulars.follow_up import actions as follow_up
from regulars.follow_up.facts import TaskFacts
from regulars.imports import actions as imports
from regulars.imports.models import ImportRow
from regulars.imports.tests.test_running import bring
from regulars.matching import actions as matching
from regulars.matching.models import Pair
from regulars.staff.models import User
from regulars.timeline.models import Event
from tests.api import Program
from tests.cast import Happens

pytestmark = pytest.mark.django_db
CANARY = "Kanarienvogel7f3a"
Api = Callable[[User | None], Program]

# What says how a row is found or used, not what it is about.
TECHNICAL = {"kind", "channel", "term", "e164", "digits", "normal", "address", "origin", "birthday",
             "language", "time_zone", "country", "key", "content_type", "sha256"}  # fmt: skip


@pytest.fixture(autouse=True)
def _own_folder(settings: LazySettings, tmp_path: Path) -> None:
    settings.VAR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
    disk = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    settings.STORAGES = {**settings.STORAGES, "default": disk}


def theirs() -> list[tuple[type[models.Model], str]]:
    """Every table with rows that are a customer's, and each way from a row to whose it is."""
    found: list[tuple[type[models.Model], str]] = [(Customer, "pk")]
    for owner, way in found:
        for model in apps.get_models():
            if model in (Customer, SearchTerm) or model.__name__.endswith("History"):
                continue
            for field in model._meta.concrete_fields:
                if field.related_model is owner:
                    found.append((model, field.name if way == "pk" else f"{field.name}__{way}"))
    return found


def texts(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """Its columns that may say something of a customer in words."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField | models.JSONField)
        and not field.choices
        and field.name not in TECHNICAL
    ]


def fill(customer: Customer) -> None:
    """Put the canary into every text column of every row of theirs."""
    for model, way in theirs():
        if model is ConsentRecord:  # append only: written with its canary
            continue
        rows = model._default_manager.filter(**{way: customer.pk})
        for field in texts(model):
            said: Any = f"{CANARY} {field.name}"[: getattr(field, "max_length", None)]
            if isinstance(field, models.JSONField):
                said = {"said": [CANARY]}
            rows.update(**{field.name: said})


def without_canary(customer: Customer) -> list[str]:
    """The text columns of what is theirs in which no row has it: nothing is proved of those."""
    wanted, found = set[str](), set[str]()
    for model, way in theirs():
        rows = model._default_manager.filter(**{way: customer.pk})
        for field in texts(model):
            wanted.add(f"{model._meta.label}.{field.name}")
            if rows.filter(**{f"{field.name}__icontains": CANARY}).exists():
                found.add(f"{model._meta.label}.{field.name}")
    return sorted(wanted - found)


def tables_with(word: str) -> list[str]:
    """The tables in which any column of any row still holds this word, as a dump would show."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        for (table,) in cursor.fetchall():
            cursor.execute(
                f'SELECT count(*) FROM "{table}" t WHERE t::text ILIKE %s', [f"%{word}%"]
            )
            if cursor.fetchone() != (0,):
                found.append(table)
    return found


@pytest.fixture
def full(ada: User, ana: User, api: Api, happens: Happens) -> Customer:
    """A customer with a row in every table that may have one, all of them about the canary."""
    field = actions.add_field(label="Boat", kind="text", by=ada)
    body = {
        "first_name": CANARY, "last_name": CANARY, "owner": ana.pk, "tags": ["VIP"],
        "email": f"{CANARY}@example.com", "phone": "+1 734 555 0162",
        "contacts": [{"first_name": CANARY, "last_name": CANARY, "about": CANARY,
                      "emails": [{"address": f"{CANARY}@example.com", "consent": "express"}]},
                     {"first_name": "Bo", "last_name": CANARY}],
        "locations": [{"line1": CANARY, "city": "Detroit"}],
        "external_ids": {"dms": CANARY},
        "custom": {field.key: CANARY},
    }  # fmt: skip
    made = api(ada).post("/customers", body, key="one-key")
    customer = Customer.objects.get_queryset().get(public_id=made["id"])
    happens(customer, "message.received", text=CANARY)
    happens(customer, "note.added", by=ana, text=CANARY)
    email = customer.emails.get()
    actions.record_consent(email, by=ada, kind="express", wording=CANARY, place=CANARY)
    actions.record_consent(email, by=ada, kind="implied", basis="other", basis_note=CANARY,
                           basis_on=date(2026, 1, 5))  # fmt: skip
    actions.put_custom(customer, {definition(field): f"{CANARY} twice"}, by=ada)
    content = io.BytesIO(CANARY.encode())
    actions.attach(customer, content, name=f"{CANARY}.txt", by=ana)
    spouse = actions.add(facts.clean({"first_name": "Bo", "last_name": "Poe"}), owner=ana, by=ana)
    actions.confirm(customer, spouse, relation="Spouse", by=ana)
    actions.refer(spouse, customer, source="Told us", by=ana)
    actions.add_note(customer, NoteFacts(f"@cleo {CANARY}"), by=ana)
    follow_up.add(customer, TaskFacts(f"Call {CANARY}", description=CANARY), by=ana)
    if apps.is_installed("tests.tailor"):
        from tests.tailor import actions as tailor

        tailor.fit(customer, cloth=CANARY, colour="navy", price=Decimal(900), by=ana)
    _twice(customer, by=ada)
    return customer


def _twice(customer: Customer, *, by: User) -> None:
    """Another profile of theirs, merged; a third who is not them; a deed, an import, a list."""
    said = {"first_name": f"Twin {CANARY}", "last_name": CANARY, "external_ids": {"dms": "T-1"}}
    twin = actions.add(facts.clean(said), owner=by, by=by)
    matching.unite(customer, [twin], by=by)
    customer.refresh_from_db()
    other = actions.add(facts.clean({"first_name": "Una", "last_name": "Poe"}), owner=by, by=by)
    matching.decide(customer, other, verdict="different", by=by)
    Pair.objects.create(
        customer=customer, other=other, score=3, probability=0.9, relation="duplicate"
    )
    everybody = Selection(all_of_them=True, q=customer.name)
    deed = bulk.fill(bulk.draft("tag", everybody, by=by), {"tag": "Club"}, by=by)
    bulk.run(bulk.start(deed, by=by), by=by)
    audiences.put_on_list(audiences.make_audience(name="Gala", by=by), [customer.pk], by=by)


def test_nothing_is_left_anywhere(full: Customer, ada: User, tmp_path: Path) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        text = f"Name,Email,City\n{full.name},{CANARY}@example.com,Boise\n"
        bring(text, by=ada, match=("email",))
    fill(full)
    assert without_canary(full) == []
    assert any(
        CANARY.encode() in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()
    )
    full.refresh_from_db()
    with TestCase.captureOnCommitCallbacks(execute=True):
        bring(f"Name,Email\n{full.name},not an address\nSam Poe,sam@example.com\n", by=ada)
    assert len(tables_with(CANARY)) >= 10
    with TestCase.captureOnCommitCallbacks(execute=True):
        actions.erase(full, confirm=full.name, by=ada)
    assert tables_with(CANARY) == []
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not [path for path in kept if CANARY.encode() in path.read_bytes()]
    assert Tombstone.objects.filter(public_id=full.public_id).exists()


def test_a_receipt_forgets_them_too(full: Customer, ada: User, ana: User) -> None:
    everybody = Selection(all_of_them=True, q=full.name)
    done = bulk.draft("tag", everybody, by=ana)
    done = bulk.run(bulk.start(bulk.fill(done, {"tag": "Boats"}, by=ana), by=ana), by=ana)
    actions.edit(full, "company", f"{CANARY} Ltd", by=ana)
    bulk.take_back(done, by=ana)
    draft = bulk.draft("archive", everybody, by=ana)
    assert CANARY in json.dumps([draft.selection, done.chosen])
    actions.erase(full, confirm=full.name, by=ada)
    assert tables_with(CANARY) == []
    assert Receipt.objects.count() == 3


def test_others_keep_what_is_theirs(
    full: Customer, ada: User, make_customer: Any, happens: Happens
) -> None:
    rita = make_customer("Rita Moss", email="rita@example.com")
    happens(rita, "message.received", text="Still there?")
    before = Event.objects.filter(customer=rita).count()
    bring("Name,Email\nRita Moss,not an address\n", by=ada)
    actions.erase(full, confirm=full.name, by=ada)
    rita.refresh_from_db()
    assert Event.objects.filter(customer=rita).count() == before
    assert ImportRow.objects.get(outcome="rejected").cells[0] == "Rita Moss"


def test_a_waiting_file_that_names_them_goes_too(full: Customer, ada: User, tmp_path: Path) -> None:
    text = f"Name,Email\n{CANARY} {CANARY},{CANARY}@example.com\n"
    imports.upload(io.BytesIO(text.encode()), name="later.csv", by=ada)
    with_them = [p for p in tmp_path.rglob("*") if p.is_file()]
    assert with_them
    full_name = full.name
    with TestCase.captureOnCommitCallbacks(execute=True):
        actions.erase(full, confirm=full_name, by=ada)
    assert tables_with(CANARY) == []
    assert not [p for p in tmp_path.rglob("*") if p.is_file()]


def test_whoever_comes_back_has_opted_out(full: Customer, ada: User, api: Api) -> None:
    number = full.phones.get().digits
    actions.erase(full, confirm=full.name, by=ada)
    assert Suppression.objects.count() == 2
    bring(
        f"Name,Email,Phone\nNew Name,{CANARY.upper()}@EXAMPLE.com,734-555-0162\n",
        by=ada,
    )
    email, phone = Email.objects.get(), Phone.objects.get()
    assert (email.consent, phone.text_consent, phone.call_consent) == ("withdrawn",) * 3
    assert phone.digits == number
    made = api(ada).post(
        "/customers",
        {"name": "Third", "contacts": [{"emails": [
            {"address": f"{CANARY}@example.com", "consent": "express"}]}]},
    )  # fmt: skip
    assert made["contacts"][0]["emails"][0]["consent"] == "withdrawn"


def test_they_may_agree_again_themselves(full: Customer, ada: User, make_customer: Any) -> None:
    actions.erase(full, confirm=full.name, by=ada)
    again = make_customer("Back Again", email=f"{CANARY}@example.com")
    email = again.emails.get()
    assert email.consent == "withdrawn"
    actions.record_consent(email, by=ada, kind="express", method="web_form", wording="Yes please")
    email.refresh_from_db()
    assert email.consent == "express"
    actions.change_contact(
        again.contacts.get(), replace(contacts_of(again)[0], title="Boss"), by=ada
    )
    email.refresh_from_db()
    assert email.consent == "express"


def test_everything_can_be_taken_along_first(full: Customer, ada_in: Client) -> None:
    fill(full)
    answer = ada_in.get(f"/customers/{full.public_id}/export/")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    names = set(archive.namelist())
    assert {"README.txt", "customer.csv", "customer.json", "records.json", "history.json"} <= names
    records = json.loads(archive.read("records.json"))
    for model, way in theirs():
        if model._default_manager.filter(**{way: full.pk}).exists():
            key = "customer" if model is Customer else model._meta.label_lower
            filled = 2 if model is ConsentRecord else len(texts(model))
            assert json.dumps(records[key]).count(CANARY) >= filled, key
    (call,) = records["follow_up.task"]
    assert CANARY in call["title"]
    assert CANARY in archive.read("history.json").decode()
    assert "First take everything along" in ada_in.get(f"/customers/{full.public_id}/erase/").text


PICKED = ("name", "company", "source", "location", "contact")


@pytest.mark.parametrize("picked", [PICKED, ()])
def test_whoever_they_were_one_with_for_a_while_forgets_them(
    full: Customer, ada: User, api: Api, make_customer: Any, picked: tuple[str, ...]
) -> None:
    rita = make_customer("Rita Moss", company="Moss Ltd", email="rita@example.com")
    third = make_customer("Uma Lane", email="uma@example.com")
    last = make_customer("Zoe Hill", email="zoe@example.com")
    Customer.objects.filter(pk=full.pk).update(company=f"{CANARY} Ltd", source_other=CANARY)
    theirs = str(full.public_id)
    asked = {"primary": str(rita.public_id), "others": [theirs],
             "picks": dict.fromkeys(picked, theirs)}  # fmt: skip
    merged = api(ada).post("/merges", asked, key="another-key")
    rita.refresh_from_db()
    assert (CANARY in rita.name) == bool(picked)
    matching.unite(rita, [third], by=ada)
    actions.edit(rita, "company", "Lane Ltd", by=ada)
    Email.objects.get(address__startswith=CANARY, customer=rita).delete()
    outer = matching.unite(last, [rita], by=ada, picks={"name": str(rita.public_id)})
    assert api(ada).send("DELETE", f"/merges/{merged['id']}").status_code == 200
    actions.undo_merge(outer, by=ada)
    rita, full = (
        Customer.objects.get_queryset().get(public_id=one) for one in (rita.public_id, theirs)
    )
    assert (rita.name, rita.company, CANARY in full.name) == ("Rita Moss", "Lane Ltd", True)
    actions.erase(full, confirm=full.name, by=ada)
    assert tables_with(CANARY) == []
    said = [one["old"] for one in api(ada).get(f"/customers/{rita.public_id}/history")["items"]]
    assert "Moss Ltd" in said, "what was theirs is theirs still"
