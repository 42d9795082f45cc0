"""An import is taken back: who came goes, what changed is as before, what was touched is asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from regulars.bulk import actions as bulk
from regulars.bulk.models import Line, Receipt, State, Undone
from regulars.customers import actions as customers
from regulars.customers import queries
from regulars.customers.models import ConsentRecord, Customer, histories
from regulars.imports.actions import running
from regulars.imports.models import Import
from regulars.imports.reading.targets import Kind
from regulars.matching import looking
from regulars.staff.models import User
from regulars.timeline import actions as timeline
from regulars.timeline.models import Event
from tests.cast import MakeCustomer

from .test_running import bring, known

pytestmark = pytest.mark.django_db

FILE = """Customer No,First Name,Last Name,Company,Email,Phone,City,Notes
1,Bo,Li,,bo@example.com,248 555 0101,Troy,Likes blue
2,Cy,Ross,,cy@example.com,248 555 0102,Novi,
"""


@pytest.fixture(autouse=True)
def _own_uploads(settings: LazySettings, tmp_path: Path) -> None:
    settings.VAR = tmp_path


def back(job: Import, by: User, **how: Any) -> Receipt:
    assert job.receipt is not None
    return bulk.take_back(Receipt.objects.get(pk=job.receipt.pk), by=by, **how)


def snapshot(customer: Customer) -> dict[str, Any]:
    """Every row of the record that history keeps, without what only counts."""
    found: dict[str, Any] = {}
    for model, history, column in histories():
        if not column or model is ConsentRecord:
            continue
        plain = {f.attname for f in history._meta.concrete_fields} - {"pgh_id"}
        rows = model._base_manager.filter(**{column: customer.pk}).order_by("pk").values()
        found[model.__name__] = [
            {key: value for key, value in row.items() if key in plain} for row in rows
        ]
    return found


def test_who_was_added_is_gone_with_everything_of_theirs(ada: User) -> None:
    job = bring(FILE, by=ada)
    assert Customer.objects.count() == 2
    receipt = back(job, ada)
    assert (receipt.state, receipt.removed, receipt.conflicts) == (State.UNDONE, 2, 0)
    assert not Customer.objects.exists()
    assert not Event.objects.exists()
    assert all(not history._default_manager.exists() for _, history, c in histories() if c)
    assert bring(FILE, by=ada).added == 2


def test_what_it_changed_is_as_it_was(ada: User, make_customer: MakeCustomer) -> None:
    there = make_customer(
        "Robert Lee", company="Lee Co", email="bo@example.com", external_ids={"import": "1"}
    )
    before, events = snapshot(there), there.events.count()
    job = bring(FILE, by=ada)
    assert (job.added, job.updated) == (1, 1)
    there.refresh_from_db()
    assert there.name == "Bo Li"
    assert there.events.filter(kind="note.added").exists()
    receipt = back(job, ada)
    there.refresh_from_db()
    assert (receipt.removed, receipt.undone, receipt.conflicts) == (1, 2, 0)
    assert (there.name, there.company) == ("Robert Lee", "Lee Co")
    assert snapshot(there) == before
    assert not there.events.filter(kind="note.added").exists()
    assert there.events.count() > events
    assert timeline.rebuild_standing() == 0
    assert [c.customer.pk for c in queries.search(ada, "Robert").items] == [there.pk]
    assert not queries.search(ada, "Cy Ross").items


def test_who_was_given_another_company_since_still_gets_the_name_back(
    ada: User, make_customer: MakeCustomer
) -> None:
    there = make_customer("Robert Lee", company="Lee Co", external_ids={"import": "1"})
    job = bring("ID,Name,Company\n1,Bo Li,Li Co\n", by=ada)
    there.refresh_from_db()
    customers.edit(there, "company", "Later Co", by=ada)
    receipt = back(job, ada)
    there.refresh_from_db()
    assert (there.name, there.company, receipt.conflicts) == ("Robert Lee", "Later Co", 1)
    assert there.contacts.get().first_name == there.first_name == "Robert"
    assert [c.customer.pk for c in queries.search(ada, "Robert").items] == [there.pk]


@pytest.mark.parametrize(("anyway", "left"), [(False, {"Bo Li"}), (True, set())])
def test_who_was_touched_since_stays_unless_said_otherwise(
    anyway: bool, left: set[str], ada: User
) -> None:
    job = bring(FILE, by=ada)
    customers.tag(known("1"), "VIP", by=ada)
    receipt = back(job, ada, remove_touched=anyway)
    assert set(Customer.objects.values_list("name", flat=True)) == left
    assert receipt.conflicts == len(left)
    assert set(Line.objects.values_list("undone", flat=True)) == ({Undone.STAYS} if left else set())


def test_who_stayed_can_be_taken_back_later_once(ada: User, ada_in: Client) -> None:
    job = bring(FILE, by=ada)
    customers.tag(known("1"), "VIP", by=ada)
    receipt = back(job, ada)
    assert (receipt.removed, receipt.conflicts, receipt.stays) == (1, 1, 1)
    with pytest.raises(bulk.Busy):
        back(job, ada)
    for page in (receipt.get_absolute_url(), job.get_absolute_url()):
        assert "Also take back the 1 that was changed" in ada_in.get(page).text
    receipt = back(job, ada, remove_touched=True)
    assert (receipt.removed, receipt.undone, receipt.conflicts, receipt.stays) == (2, 2, 0, 0)
    assert not Customer.objects.exists()
    assert "Also take back" not in ada_in.get(receipt.get_absolute_url()).text
    with pytest.raises(bulk.Busy):
        back(job, ada, remove_touched=True)


def test_who_is_apart_again_and_who_stayed_go_together(
    ada: User, make_customer: MakeCustomer
) -> None:
    there = make_customer("Zoe Ode")
    job = bring(FILE, by=ada)
    customers.tag(known("1"), "VIP", by=ada)
    merge = customers.merge(there, [known("2")], by=ada)
    receipt = back(job, ada)
    assert (receipt.conflicts, receipt.merged, receipt.stays) == (2, 1, 1)
    customers.undo_merge(merge, by=ada)
    receipt = back(job, ada, remove_touched=True)
    assert (receipt.removed, receipt.conflicts, receipt.merged, receipt.stays) == (2, 0, 0, 0)
    assert list(Customer.objects.all()) == [there]


@pytest.mark.parametrize("kind", ["note.added", "call.made", "message.received"])
def test_an_event_since_is_a_touch(kind: str, ada: User, happens: Any) -> None:
    job = bring(FILE, by=ada)
    happens(known("1"), kind, text="Hello")
    back(job, ada)
    assert Customer.objects.get().name == "Bo Li"


def test_a_value_somebody_changed_since_stays_and_is_named_with_both(
    ada: User, make_customer: MakeCustomer
) -> None:
    there = make_customer("Robert Lee", company="Lee Co", external_ids={"import": "1"})
    job = bring("Customer No,Company,Source\n1,Li & Sons,Internet\n", by=ada)
    customers.edit(there, "company", "Li and Daughters", by=ada)
    back(job, ada)
    there.refresh_from_db()
    assert (there.company, there.source) == ("Li and Daughters", "")
    (torn,) = Line.objects.get().torn
    assert torn == {"what": "Company", "now": "Li and Daughters", "was": "Lee Co"}


def test_history_brought_in_goes_again_and_owners_with_it(
    ada: User, ana: User, make_customer: MakeCustomer
) -> None:
    there = make_customer("Bo Li", email="bo@example.com", external_ids={"import": "1"})
    text = f"Order No,Customer No,Order Date,Salesperson\n7,1,2026-03-01,{ana.email}\n"
    events = there.events.count()
    job = bring(text, by=ada, kind=Kind.EVENTS, system="import")
    there.refresh_from_db()
    assert there.events.count() > events
    assert there.owner == ana
    back(job, ada)
    assert Customer.objects.get(pk=there.pk).owner is None
    assert not there.events.exclude(origin="").exists()
    assert timeline.rebuild_standing() == 0


def test_an_import_that_was_killed_has_one_receipt_for_all_of_it(
    ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(running, "_finish", lambda *a, **k: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            bring(FILE, by=ada)
    job = Import.objects.get()
    job = running.run(job, by=ada)
    assert Receipt.objects.count() == 1
    assert back(job, ada).removed == 2


def test_the_page_and_a_program_take_it_back(ada: User, ada_in: Client, api: Any) -> None:
    job = bring(FILE, by=ada)
    assert job.receipt is not None
    page = ada_in.get(job.get_absolute_url()).content.decode()
    assert "Undo this import" in page
    there = ada_in.get(job.receipt.get_absolute_url()).content.decode()
    assert "Remove them anyway" in there
    answer = api(ada).post(f"/imports/{job.public_id}/undo", status=200)
    assert (answer["state"], answer["removed"]) == ("undone", 2)
    api(ada).post(f"/imports/{job.public_id}/undo", status=409)
    assert "Taken back" in ada_in.get(job.get_absolute_url()).content.decode()


def test_colleagues_leave_no_receipt(ada: User) -> None:
    job = bring("Name,Email,Role\nNew One,new@example.com,Salesperson\n", by=ada, kind=Kind.STAFF)
    assert job.receipt is None


def test_the_keys_by_which_one_is_found_twice_follow_the_undo(
    ada: User, make_customer: MakeCustomer
) -> None:
    rita = make_customer("Rita Moss", locations=[{"line1": "1 Oak St", "postal_code": "48103"}])
    before = looking.kept(rita.pk)
    text = f"Regulars ID,Name,Street,Zip\n{rita.public_id},Rita Moss,900 Far Away Blvd,48103\n"
    job = bring(text, by=ada, columns={0: "regulars_id"})
    assert looking.kept(rita.pk).house == "900"
    back(job, ada)
    assert looking.kept(rita.pk) == before
