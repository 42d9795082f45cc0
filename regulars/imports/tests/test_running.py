"""A file runs: everything arrives, twice is once, and no row spoils another."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from regulars.customers import actions as customers
from regulars.customers.history import queries
from regulars.customers.history.queries import Asked
from regulars.customers.models import Customer, ExternalId
from regulars.imports import actions, preview, report
from regulars.imports.models import Import, ImportRow, State
from regulars.imports.options import Options
from regulars.imports.reading.limits import CannotRead
from regulars.imports.reading.targets import Kind
from regulars.imports.tests import make
from regulars.lib.errors import Invalid, NotAllowed
from regulars.staff.functions import Level
from regulars.staff.models import User
from regulars.timeline import actions as timeline
from regulars.timeline.models import Event

pytestmark = pytest.mark.django_db

MakeCustomer = Callable[..., Customer]


@pytest.fixture(autouse=True)
def _own_uploads(settings: LazySettings, tmp_path: Path) -> None:
    settings.VAR = tmp_path


def bring(
    text: str | bytes,
    *,
    by: User | None = None,
    name: str = "table.csv",
    kind: Kind | None = None,
    columns: dict[int, str | None] | None = None,
    **options: Any,
) -> Import:
    content = text if isinstance(text, bytes) else text.encode()
    job = actions.upload(
        io.BytesIO(content), name=name, by=by, kind=kind, options=Options(**options)
    )
    if columns:
        job = actions.choose(job, by=by, columns=columns)
    return actions.run(job, by=by)


def counts(job: Import) -> tuple[int, int, int, int]:
    return job.added, job.updated, job.unchanged, job.rejected


def problems(job: Import) -> dict[int, tuple[str, str]]:
    return {row.number: (row.column, row.reason) for row in report.troubled(job)}


def known(value: str, system: str = "import") -> Customer:
    return ExternalId.objects.get(system=system, value=value).customer


def test_who_is_brought_in_does_not_bury_the_list() -> None:
    dated = "ID,Name,Customer since,Note\n1,Ana Lopez,2020-05-01,likes blue\n2,Ben Ode,,\n"
    bring(dated, columns={2: "created_at"})
    ana, ben = known("1"), known("2")
    assert ana.last_activity_at == ana.created_at
    assert ben.last_activity_at == ben.created_at > ana.created_at
    orders = "Order,Customer,Date\n7,2,2019-03-04 10:00\n8,1,2019-03-04 10:00\n"
    bring(orders, name="orders.csv", kind=Kind.EVENTS)
    for customer in (ana, ben):
        customer.refresh_from_db()
    assert (ana.last_activity_at.year, ben.last_activity_at.year) == (2020, 2019)
    assert [one.kind for one in ben.events.order_by("pk")] == ["customer.created", "order.placed"]
    bring("Order,Customer,Date\n9,2,2018-03-04 10:00\n", name="orders.csv", kind=Kind.EVENTS)
    ben.refresh_from_db()
    assert ben.last_activity_at.year == 2019
    assert timeline.rebuild_standing() == 0


def test_customers_arrive_with_contact_address_and_phones_as_typed() -> None:
    job = bring(make.CUSTOMERS)
    assert (counts(job), job.repaired, job.state) == ((10, 0, 0, 0), 3, State.DONE)
    cafe = known("CAFEM")
    assert (cafe.name, cafe.is_company) == ("Café Mañana", True)
    (contact,) = cafe.contacts.all()
    assert (contact.name, contact.title) == ("José Luis Ángeles", "Owner")
    assert [(one.typed, one.label) for one in cafe.phones.all()] == [("(5) 555-4729", "")]
    (place,) = cafe.locations.all()
    assert (place.city, place.state, place.postal_code, place.country) == (
        "México D.F.", "", "05021", "MX",
    )  # fmt: skip
    assert known("DELIC").locations.get().line1 == "14, quai Perrache"
    assert {one.label for one in known("DELIC").phones.all()} == {"", "fax"}


def test_the_number_of_somebody_who_was_merged_is_that_of_who_they_are_now(ada: User) -> None:
    bring("ID,Name\n1,Ana Lopez\n2,Anna Lopez\n")
    ana, anna = known("1"), known("2")
    customers.merge(ana, [anna], by=ada)
    job = bring("ID,Name,City\n1,Ana Lopez,\n2,Ana Lopez,Troy\n")
    assert (counts(job), problems(job)) == ((0, 1, 1, 0), {})
    assert (known("1"), Customer.objects.count()) == (ana, 1)
    assert ana.locations.get().city == "Troy"


def test_importing_twice_changes_nothing() -> None:
    bring(make.CUSTOMERS)
    events = Event.objects.count()
    assert counts(bring(make.CUSTOMERS)) == (0, 0, 10, 0)
    assert (Customer.objects.count(), Event.objects.count()) == (10, events)


def test_nobody_waits_and_nothing_is_unread_after_an_import() -> None:
    for text in (make.CUSTOMERS, make.EMPLOYEES, make.ORDERS):
        bring(text)
    assert not Customer.objects.exclude(waiting_since=None, unread_count=0).exists()
    assert timeline.rebuild_standing() == 0


def test_orders_become_history_and_the_latest_seller_the_owner() -> None:
    bring(make.CUSTOMERS)
    assert counts(bring(make.EMPLOYEES)) == (2, 0, 0, 0)
    job = bring(make.ORDERS)
    assert counts(job) == (6, 0, 0, 1)
    assert problems(job) == {7: ("customerID", "No customer has the number “NOONE”.")}
    assert job.owners_set == 5
    owner = known("ALPEN").owner
    assert owner is not None
    assert owner.name == "Andrew Fulton"
    order = Event.objects.get(data__number="502")
    assert (order.kind, order.actor.name if order.actor else "") == (
        "order.placed",
        "Andrew Fulton",
    )
    assert order.happened_at.date().isoformat() == "2024-07-05"
    assert order.data["shipAddress"] == "Rua da Praia, 9"
    again = bring(make.ORDERS)
    assert (counts(again), again.owners_set) == ((0, 0, 6, 1), 0)


def test_an_owner_is_never_taken_from_somebody(ana: User) -> None:
    bring(make.CUSTOMERS)
    customers.assign(known("ALPEN"), to=ana, by=None)
    bring(make.EMPLOYEES)
    bring(make.ORDERS)
    assert known("ALPEN").owner == ana


def test_orders_before_colleagues_keep_the_number_as_a_detail() -> None:
    bring(make.CUSTOMERS)
    job = bring(make.ORDERS)
    assert counts(job) == (6, 0, 0, 1)
    assert Event.objects.filter(data__employeeID="1").count() == 3


def test_a_changed_cell_updates_and_keeps_what_people_added(ana: User) -> None:
    bring(make.CUSTOMERS)
    fjord = known("FJORD")
    customers.tag(fjord, "VIP", by=ana)
    changed = make.CUSTOMERS.replace("Strandgata 5", "Strandgata 7").replace(
        "55 55 12 12", "55 55 99 99"
    )
    assert counts(bring(changed)) == (0, 1, 9, 0)
    assert fjord.locations.get().line1 == "Strandgata 7"
    assert {one.typed for one in fjord.phones.all()} == {"55 55 12 12", "55 55 99 99"}
    assert [tag.name for tag in fjord.tags.all()] == ["VIP"]


def test_rows_without_a_number_are_known_by_what_they_say() -> None:
    text = "Name,Email\nAna Lopez,ana@example.com\nBen Ode,ben@example.com\n"
    assert counts(bring(text)) == (2, 0, 0, 0)
    assert counts(bring(text)) == (0, 0, 2, 0)
    assert counts(bring(text + "Cleo Marsh,\n", name="other.csv")) == (1, 0, 2, 0)


def test_line_breaks_are_the_same_whoever_wrote_them() -> None:
    text = 'Name,Remarks\nAna Lopez,"Calls in the morning\nLikes blue"\n'
    assert counts(bring(text)) == (1, 0, 0, 0)
    for ends in ("\r\n", "\r"):
        assert counts(bring(text.replace("\n", ends))) == (0, 0, 1, 0)
    assert Event.objects.get(kind="note.added").data["text"].count("\r") == 0


@pytest.mark.parametrize("number", ["1.24856E+10", "2,48556E+09", "2.5E9"])
def test_a_number_that_a_spreadsheet_cut_short_is_said(number: str) -> None:
    job = bring(f'Name;Phone\nAna Lopez;"{number}"\nBen Ode;(248) 555-0171\n')
    assert counts(job) == (1, 0, 0, 1)
    assert problems(job)[1][0] == "Phone"
    assert "cut short by a spreadsheet" in problems(job)[1][1]


def test_customers_are_matched_by_email_only_when_asked(make_customer: MakeCustomer) -> None:
    kept = make_customer("Ana Lopez", email="Ana@Example.com")
    text = "Name,Email,City\nAna Lopez,ana@example.com,Boise\n"
    assert counts(bring(text, match=("email",))) == (0, 1, 0, 0)
    assert kept.locations.get().city == "Boise"
    assert counts(bring(text)) == (1, 0, 0, 0)
    ambiguous = bring(text, match=("email",))
    assert counts(ambiguous) == (0, 0, 1, 0)
    assert counts(bring(text.replace("Boise", "Reno"), match=("email",))) == (0, 0, 0, 1)


def test_owner_by_name_email_or_number(ana: User, ben: User, mia: User) -> None:
    User.objects.filter(pk=mia.pk).update(external_id="77")
    text = f"Name,Sales rep\nOne,{ana.name.upper()}\nTwo,{ben.email}\nThree,77\nFour,Nobody Known\n"
    job = bring(text)
    assert counts(job) == (3, 0, 0, 1)
    owners = dict(Customer.objects.values_list("name", "owner"))
    assert owners == {"One": ana.pk, "Two": ben.pk, "Three": mia.pk}
    assert problems(job)[4] == ("Sales rep", "“Nobody Known” is no colleague we know.")


def test_a_column_of_owners_nobody_knows_is_kept_as_a_note() -> None:
    job = bring("Name,Sales rep\nOne,Xaver\nTwo,Yann\n")
    assert counts(job) == (2, 0, 0, 0)
    assert {one.data["text"] for one in Event.objects.filter(kind="note.added")} == {
        "Sales rep: Xaver", "Sales rep: Yann",
    }  # fmt: skip


def test_unknown_columns_become_one_note_or_nothing(make_customer: MakeCustomer) -> None:
    text = "ID,Name,Shoe size,Notes\n1,Ana Lopez,38,likes tea\n"
    bring(text)
    note = Event.objects.get(kind="note.added")
    assert note.data["text"] == "Shoe size: 38\nNotes: likes tea"
    bring(text.replace("1,Ana", "2,Ana"), columns={2: None, 3: None})
    assert Event.objects.filter(kind="note.added").count() == 1


BAD = {
    "name": ("", "A customer needs a name"),
    "email": ("not-an-address", "is not an email address"),
    "phone": ("call me", "is not a phone number"),
    "since": ("31/02/2024", "There is no 31 February 2024"),
    "country": ("Atlantis", "is no country we know"),
    "company": ("=HYPERLINK(1)", "is a formula"),
}


@pytest.mark.parametrize("column", BAD)
def test_one_bad_row_is_told_and_spoils_no_other(column: str) -> None:
    header = ["ID", "name", "email", "phone", "customer since", "country", "company"]
    rows = [
        [str(at), f"Ana {at}", f"a{at}@example.com", "(208) 555-1212", "13/04/2024", "France", ""]
        for at in range(7)
    ]
    value, words = BAD[column]
    at = next(at for at, name in enumerate(header) if column in name)
    rows[3][at] = value
    job = bring("\n".join(",".join(row) for row in [header, *rows]))
    assert counts(job) == (6, 0, 0, 1)
    (row,) = report.troubled(job)
    assert (row.number, row.line) == (4, 5)
    assert words in row.reason
    assert row.text == ",".join(rows[3])
    assert column == "name" or row.column == header[at]


def test_a_row_is_told_everything_that_is_wrong_with_it() -> None:
    job = bring("ID,Name,Email,Country\n1,One,bad,Atlantis\n2,Two,,France\n")
    column, reason = problems(job)[1]
    assert column == "Country"
    assert reason.startswith("“Atlantis” is no country")
    assert reason.endswith(" Email: “bad” is not an email address.")


@pytest.mark.parametrize(
    ("heading", "name"), [("First name", "A" * 101), ("Name", f"{'A' * 101} Cole")]
)
def test_what_is_wrong_with_a_name_is_said_once_and_with_its_column(
    heading: str, name: str
) -> None:
    job = bring(f"ID,{heading},Email\n1,{name},a@example.com\n2,Bo Li,b@example.com\n")
    assert problems(job) == {1: (heading, "This is longer than 100 characters.")}


def test_a_row_of_one_cell_is_said_in_proper_words() -> None:
    job = bring("ID,Name,Email\n1,Bo,b@example.com\n2\n3,Cy,c@example.com\n")
    assert problems(job) == {2: ("", "The row has 1 column, the table 3.")}


def test_a_company_with_a_contacts_two_names_is_a_company() -> None:
    bring(
        "customerNumber,customerName,contactLastName,contactFirstName,phone\n"
        "103,Atelier graphique,Schmitt,Carine,40.32.2555\n"
    )
    customer = known("103")
    assert (customer.name, customer.is_company) == ("Atelier graphique", True)
    assert customer.contacts.get().name == "Carine Schmitt"


def test_a_row_that_the_database_refuses_is_rejected_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    real = customers.add_many

    def refuse(new: Any, *, by: Any) -> Any:
        if any(one.facts.name == "Two" for one in new):
            raise Invalid({"name": "No"})
        return real(new, by=by)

    monkeypatch.setattr(customers, "add_many", refuse)
    job = bring("ID,Name\n1,One\n2,Two\n3,Three\n")
    assert counts(job) == (2, 0, 0, 1)
    assert problems(job)[2][1] == "name: No."


def test_the_same_number_twice_in_a_file_must_say_the_same() -> None:
    job = bring("ID,Name\n1,One\n1,One\n2,Two\n2,Zwei\n")
    assert counts(job) == (2, 0, 1, 1)
    assert problems(job)[4] == (
        "ID", "Record 3 of this file has the same ID but says something else.",
    )  # fmt: skip


def test_rejected_rows_can_be_fixed_and_sent_again() -> None:
    text = 'ID,Name,Email\n1,One,one@example.com\n2,Two,bad\n3,"Three,x\n4,Four,=1+1\n'
    first = bring(text)
    assert counts(first) == (1, 0, 0, 3)
    sent = "".join(report.rejects(first))
    assert "'=1+1" in sent
    fixed = sent.replace('"bad"', '"two@example.com"').replace("'=1+1", "four@example.com")
    fixed = fixed.replace('"Three","x"', '"Three","x@example.com"')
    again = bring(fixed, name="fixed.csv")
    assert (again.added, again.rejected) == (3, 0), problems(again)
    assert Customer.objects.count() == 4


def test_preview_says_what_the_run_then_does(make_customer: MakeCustomer) -> None:
    bring(make.CUSTOMERS)
    text = (
        make.CUSTOMERS.replace("Bergen", "Oslo")
        .replace("Greece", "Atlantis")
        .replace("JUNIP", "KIWIS")
    )
    job = actions.upload(io.BytesIO(text.encode()), name="c.csv", by=None)
    foreseen = job.reading["counts"]
    job = actions.run(job, by=None)
    assert foreseen == {"added": 1, "updated": 1, "unchanged": 7, "rejected": 1}
    assert counts(job) == (1, 1, 7, 1)


def test_dates_are_read_in_the_order_the_column_settles() -> None:
    bring("ID,Name,Customer since\n1,One,03/04/2021\n2,Two,12/25/2021\n")
    assert known("1").created_at.date().isoformat() == "2021-03-04"
    job = actions.upload(
        io.BytesIO(b"ID,Name,Customer since\n7,One,03/04/2021\n"), name="t.csv", by=None
    )
    (date,) = job.reading["dates"]
    assert "“03/04/2021” read as 3 April 2021" in date["sentence"]
    job = actions.choose(job, by=None, options={"date_orders": {"2": "month"}})
    actions.run(job, by=None)
    assert known("7").created_at.date().isoformat() == "2021-03-04"


def test_the_file_is_deleted_once_it_has_run() -> None:
    job = actions.upload(io.BytesIO(make.CUSTOMERS.encode()), name="../../etc/c.csv", by=None)
    assert job.name == "c.csv"
    assert len(list(preview.folder().iterdir())) == 1


def test_a_refused_file_leaves_nothing_behind() -> None:
    with pytest.raises(CannotRead, match="PDF"):
        actions.upload(io.BytesIO(b"%PDF-1.7"), name="c.csv", by=None)
    assert not list(preview.folder().iterdir())
    assert not Import.objects.exists()


def test_a_file_above_the_limit_is_refused_while_it_is_copied(settings: LazySettings) -> None:
    settings.IMPORT_MEGABYTES = 1
    with pytest.raises(CannotRead, match="larger than 1 MB"):
        actions.upload(io.BytesIO(b"Name\n" + b"x\n" * 700_000), name="c.csv", by=None)


def test_a_killed_run_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview, "BATCH", 4)
    monkeypatch.setattr(preview.batches, "__defaults__", (4,))
    job = actions.upload(io.BytesIO(make.CUSTOMERS.encode()), name="c.csv", by=None)

    def killed(job: Import) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        actions.run(job, by=None, progress=killed)
    job.refresh_from_db()
    assert (job.state, job.last_number, Customer.objects.count()) == (State.RUNNING, 4, 4)
    job = actions.run(job, by=None)
    assert (counts(job), job.state) == ((10, 0, 0, 0), State.DONE)
    assert ImportRow.objects.filter(of=job).count() == 10


def test_a_stopped_run_leaves_whole_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview.batches, "__defaults__", (4,))
    job = actions.upload(io.BytesIO(make.CUSTOMERS.encode()), name="c.csv", by=None)
    job = actions.run(job, by=None, progress=lambda job: void(actions.stop(job, by=None)))
    assert (job.state, Customer.objects.count(), job.added) == (State.STOPPED, 4, 4)


def void(_: object) -> None:
    return None


def test_an_address_does_not_tell_of_a_customer_one_may_not_see(mia: User, ben: User) -> None:
    bring("ID,Name,Email\n1,One,one@x.example\n", by=None)
    Customer.objects.update(owner=ben, store=ben.store)
    text = "Name,Email\nUno,one@x.example\nDue,two@x.example\n"
    job = bring(text, by=mia, match=("email",))
    assert (counts(job), problems(job)) == ((2, 0, 0, 0), {})
    assert known("1").name == "One"
    # Both are there now: of two with one address she is told of hers alone.
    more = bring("Name,Email,Title\nUno,one@x.example,Boss\n", by=mia, match=("email",))
    assert counts(more) == (0, 1, 0, 0)


def test_rows_of_a_customer_one_may_not_see_are_not_changed(mia: User, ben: User) -> None:
    bring("ID,Name\n1,One\n", by=None)
    Customer.objects.update(owner=ben, store=ben.store)
    job = bring("ID,Name\n1,Uno\n", by=mia)
    assert counts(job) == (0, 0, 0, 1)
    assert "not among those you may see" in problems(job)[1][1]
    assert known("1").name == "One"


def test_nobody_hands_out_by_file_what_they_may_not_by_hand(mia: User, ben: User) -> None:
    job = bring(f"Name,Sales rep\nOne,{ben.email}\nTwo,{mia.email}\n", by=mia)
    assert counts(job) == (1, 0, 0, 1)
    assert problems(job)[1] == ("Sales rep", "You cannot hand customers to “Ben Castillo”.")
    job = bring(f"Name,Store\nThree,{ben.store}\nFour,{mia.store}\n", by=mia)
    assert counts(job) == (1, 0, 0, 1)
    assert problems(job)[1] == ("Store", "You do not work for “Marlow South”.")


def test_owners_from_events_are_given_only_to_whom_one_sees(mia: User, ben: User) -> None:
    bring(make.EMPLOYEES, kind=Kind.STAFF)
    bring(make.CUSTOMERS)
    bring(make.ORDERS)
    ours, theirs = Customer.objects.exclude(owner=None)[:2]
    User.objects.exclude(external_id="").update(store=mia.store)
    Customer.objects.update(owner=None, store=ben.store)
    Customer.objects.filter(pk=ours.pk).update(store=mia.store)
    bring(make.ORDERS, by=mia)
    assert [one.pk for one in Customer.objects.exclude(owner=None)] == [ours.pk]
    User.objects.exclude(external_id="").update(store=ben.store)
    Customer.objects.update(owner=None)
    bring(make.ORDERS, by=mia)
    assert not Customer.objects.exclude(owner=None)
    assert theirs.owner


@pytest.mark.parametrize("function", ["customers", "ownership"])
def test_importing_needs_the_rights_of_what_it_does(function: str, mia: User) -> None:
    mia.role.rights = {**mia.role.rights, function: Level.VIEW}
    mia.role.save()
    with pytest.raises(NotAllowed):
        bring(f"Name,Sales rep\nOne,{mia.email}\n", by=mia)
    if function == "ownership":
        assert counts(bring("Name\nOne\n", by=mia)) == (1, 0, 0, 0)


def test_importing_needs_its_right_and_colleagues_need_theirs(ana: User, mia: User) -> None:
    with pytest.raises(NotAllowed):
        bring(make.CUSTOMERS, by=ana)
    with pytest.raises(NotAllowed):
        bring(make.EMPLOYEES, by=mia, kind=Kind.STAFF)


def test_a_table_of_something_else_is_not_run() -> None:
    with pytest.raises(Invalid, match="Choose the column that names the customer"):
        bring("productID,unitPrice\n1,12.50\n2,13.50\n")


def test_colleagues_are_updated_by_number_and_never_get_a_password() -> None:
    bring(make.EMPLOYEES)
    changed = make.EMPLOYEES.replace("Vice President, Sales", "President")
    assert counts(bring(changed)) == (0, 1, 1, 0)
    andrew = User.objects.get(external_id="2")
    assert (andrew.name, andrew.title, andrew.email) == ("Andrew Fulton", "President", None)
    assert not andrew.has_usable_password()


def test_a_workbook_runs_like_a_csv(tmp_path: Path) -> None:
    path = make.workbook(tmp_path, [["ID", "Name"], [1, "Zoë"], [2, "Ben"]])
    job = bring(path.read_bytes(), name="people.xlsx")
    assert counts(job) == (2, 0, 0, 0)
    assert known("2").name == "Ben"


@pytest.mark.parametrize("seed", [1, 2])
def test_every_row_is_accepted_rejected_or_empty(seed: int) -> None:
    rng = random.Random(seed)
    lines = [",".join(make.HEADER)]
    good = 0
    for number in range(300):
        row = make.good_row(number, rng)
        damage = rng.choice([None, None, None, "email", "date", "short", "quote", "empty"])
        good += damage is None
        if damage == "email":
            row[3] = "nobody"
        elif damage == "date":
            row[9] = "00/00/2024"
        elif damage == "short":
            row = row[:4]
        elif damage == "quote":
            row[5] = '"' + row[5]
        elif damage == "empty":
            row = [""] * len(row)
        lines.append(",".join(row))
    job = bring("\n".join(lines))
    assert job.accepted + job.rejected + job.empty == 300
    assert job.accepted == good == Customer.objects.count()
    assert all(row.number and row.line and row.reason for row in report.troubled(job))
    assert counts(bring("\n".join(lines)))[:2] == (0, 0)


def test_history_says_that_a_file_brought_it_and_which(mia: User) -> None:
    first = bring("id,name,phone\n1,Rita Moss,734 555 0162\n", by=mia, kind=Kind.CUSTOMERS)
    again = bring("id,name,phone\n1,Rita Moss,734 555 0163\n", by=mia, kind=Kind.CUSTOMERS)
    rita = Customer.objects.get_queryset().get()
    written = [one.row["pgh_context"] for one, _ in queries.some(rita, Asked(), limit=50)[0]]
    for job in (first, again):
        why = {"user": mia.pk, "how": "import", "batch": job.pk, "receipt": job.receipt_id}
        assert why in written
    assert all(why["how"] == "import" for why in written)


@pytest.mark.parametrize(
    ("column", "said"),
    [("Customer", "2"), ("Customer Email", "cy@example.com"), ("Customer Phone", "248 555 0102")],
)
def test_history_that_came_by_somebodys_number_is_theirs_once_apart(
    column: str, said: str, ada: User, make_customer: MakeCustomer
) -> None:
    bo = make_customer("Bo Li", email="bo@example.com", external_ids={"import": "1"})
    cy = make_customer(
        "Cy Ross", email="cy@example.com", phone="248 555 0102", external_ids={"import": "2"}
    )
    merge = customers.merge(bo, [cy], by=ada)
    bring(f"Order,{column},Date\n9,{said},2018-03-04\n", name="orders.csv", kind=Kind.EVENTS)
    assert bo.events.filter(kind="order.placed").count() == 1
    customers.undo_merge(merge, by=ada)
    assert cy.events.filter(kind="order.placed").count() == 1
