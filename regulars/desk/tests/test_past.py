"""The history page: who changed what, the record as it was, and who may look."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from regulars.customers import actions, facts
from regulars.customers.actions.contacts import change_contact
from regulars.customers.custom.queries import definition
from regulars.customers.history.context import because
from regulars.customers.history.queries import Moment, moments
from regulars.customers.models import Attachment, Customer, CustomField, Phone
from regulars.customers.notes.facts import NoteFacts
from regulars.desk.past import Steps, stepped
from regulars.imports.models import Import
from regulars.lib import clock
from regulars.staff.models import User
from tests.cast import Happens, MakeCustomer

In = Callable[[User], Client]


def text(answer: Any) -> str:
    """What a reader sees, on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.fixture
def northwind(make_customer: MakeCustomer, mia: User) -> Customer:
    return make_customer(
        "",
        company="Northwind",
        by=mia,
        owner=mia,
        contacts=[{"first_name": "Amy", "email": "amy@nw.example", "phone": "734 555 0162"}],
    )


def history(client: Client, customer: Customer, **query: Any) -> Any:
    return client.get(f"{customer.get_absolute_url()}history/", query)


@pytest.mark.django_db
def test_an_edit_says_who_what_it_was_and_is(
    mia_in: Client, northwind: Customer, ana: User
) -> None:
    amy = northwind.contacts.get()
    read = facts.read_contact({"first_name": "Amy", "title": "Head buyer", "language": "es"})
    change_contact(amy, read, by=ana)
    seen = text(history(mia_in, northwind))
    assert "Ana Ferreira changed contact Amy" in seen
    assert "Title nothing Head buyer" in seen
    assert "Language nothing Spanish" in seen
    assert "Email amy@nw.example of Amy" in seen
    assert "You added the customer" in seen or "Northwind was added by You" in seen


@pytest.mark.django_db(transaction=True)
def test_bulk_and_imported_changes_stand_there_too(
    mia_in: Client, northwind: Customer, ana: User
) -> None:
    Phone.objects.filter(customer=northwind).update(label="Work")
    with because(how="import", batch=7):
        actions.tag(northwind, "VIP", by=ana)
    seen = text(history(mia_in, northwind))
    assert "Label nothing Work" in seen
    assert "Ana Ferreira added the tag VIP from an imported file" in seen


@pytest.mark.django_db
def test_what_an_import_wrote_leads_to_it_for_those_who_may_see_it(
    mia_in: Client, northwind: Customer, mia: User, ana: User
) -> None:
    own, other = (Import.objects.create(name="a.csv", kind="customers", by=by) for by in (mia, ana))
    for tag, job, by in (("VIP", own, mia), ("Fleet", other, ana)):
        with because(how="import", batch=job.pk):
            actions.tag(northwind, tag, by=by)
    page = history(mia_in, northwind).content.decode()
    assert f'href="/settings/imports/{own.public_id}/">from an imported file</a>' in page
    assert str(other.public_id) not in page
    assert page.count("from an imported file") == 2


@pytest.mark.django_db
def test_the_words_of_a_note_that_was_taken_back_are_read_nowhere(
    mia_in: Client, api: Any, mia: User, northwind: Customer, ana: User
) -> None:
    note = actions.add_note(northwind, NoteFacts("A secret, told to the wrong one"), by=ana)
    kept = actions.add_note(northwind, NoteFacts("Likes tweed"), by=ana)
    actions.edit_note(note.event, NoteFacts("Still a secret"), by=ana)
    act = note.event.act
    before = clock.now().isoformat()
    assert "Still a secret" in text(history(mia_in, northwind))
    assert "Still a secret" in text(history(mia_in, northwind, as_of=before))
    actions.retract_note(note.event, by=ana)
    at = northwind.get_absolute_url()
    seen = [
        *(text(history(mia_in, northwind, **query)) for query in ({}, {"part": "note"})),
        text(history(mia_in, northwind, as_of=before)),
        mia_in.get(f"{at}history/{act}/").content.decode(),
        mia_in.get(at).content.decode(),
        str(api(mia).get(f"/customers/{northwind.public_id}/history?part=note")),
        str(api(mia).get(f"/customers/{northwind.public_id}?as_of={quote(before)}")),
    ]
    assert not [page for page in seen if "secret" in page]
    assert kept.text in seen[0]


@pytest.mark.django_db
def test_the_shelves_the_part_and_the_person_narrow_it(
    mia_in: Client, northwind: Customer, ana: User, happens: Happens
) -> None:
    actions.tag(northwind, "VIP", by=ana)
    happens(northwind, "email.sent", subject="Spring prices")
    happens(northwind, "note.added", by=ana, text="Likes tweed")
    everything = text(history(mia_in, northwind))
    assert all(word in everything for word in ("Tag VIP", "Spring prices", "Likes tweed"))
    emails = text(history(mia_in, northwind, shelf="email"))
    assert "Spring prices" in emails
    assert "Tag VIP" not in emails
    tags = text(history(mia_in, northwind, part="tagging"))
    assert "Tag VIP" in tags
    assert "Spring prices" not in tags
    hers = text(history(mia_in, northwind, who=ana.pk))
    assert "Tag VIP" in hers
    assert "Likes tweed" in hers
    assert "amy@nw.example" not in hers
    assert "Nothing here" in text(history(mia_in, northwind, shelf="orders"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    [
        {"shelf": "secrets", "part": "x", "who": "²"},
        {"who": "9" * 40},
        {"before": "e30"},
        {"before": "\x00"},
        {"step": "99999", "as_of": ""},
    ],
)
def test_nonsense_in_the_address_is_no_error(
    mia_in: Client, northwind: Customer, query: dict[str, str]
) -> None:
    assert history(mia_in, northwind, **query).status_code in (200, 422)


@pytest.mark.django_db
@pytest.mark.parametrize("said", ["yesterday", "2999-01-01", "2026-02-30T10:00", "\x00"])
def test_a_moment_that_is_none_is_said_and_kept(
    mia_in: Client, northwind: Customer, said: str
) -> None:
    answer = history(mia_in, northwind, as_of=said)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    if said.isprintable():
        assert f'value="{said}"' in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_record_as_it_was_marks_what_differs_today(
    mia_in: Client, northwind: Customer, ana: User, mia: User
) -> None:
    then = moments(northwind)[0].at
    phone = northwind.phones.get()
    read = facts.clean({"company": "Southwind", "locations": [{"line1": "9 B St"}]})
    actions.change(northwind, read, by=ana, fields=["company", "locations"])
    actions.tag(northwind, "VIP", by=ana)
    phone.delete()
    page = text(history(mia_in, northwind, as_of=then.isoformat()))
    assert "Company Northwind now Southwind" in page
    assert "734 555 0162 of Amy gone now" in page
    assert "VIP came later" in page
    assert "Different today: customer" in page
    alone = text(history(mia_in, northwind, as_of=then.isoformat(), compare="no"))
    assert "Company Northwind" in alone
    assert "now Southwind" not in alone
    assert "VIP" not in alone
    latest = text(history(mia_in, northwind, step="3"))
    assert "The same as today" in latest


@pytest.mark.django_db(transaction=True)
def test_consent_that_had_ended_by_then_says_so(
    mia_in: Client, api: Any, make_customer: MakeCustomer, mia: User
) -> None:
    customer, now = make_customer("Lea Moss", owner=mia, email="lea@lake.example"), clock.now()
    mail = customer.emails.get()
    asked = (now - timedelta(days=178)).date()
    actions.record_consent(mail, kind="implied", basis="inquiry", basis_on=asked, by=mia)
    mail.refresh_from_db()
    assert mail.consent_until is not None
    first = mail.consent_until + timedelta(days=1)
    held, over = clock.now(), now + timedelta(days=10)
    ended = f"Implied, ended {first.day} {first:%b} {first.year}"
    path = f"/customers/{customer.public_id}"
    with clock.at(over + timedelta(hours=1)):
        then = text(history(mia_in, customer, as_of=over.isoformat()))
        assert f"Consent {ended}" in then
        assert "Consent basis Inquiry" in then
        assert f"Consent Implied now {ended}" in text(
            history(mia_in, customer, as_of=held.isoformat())
        )
        was = api(mia).get(path, as_of=over.isoformat())["consents_ended"]
        assert was == [{"channel": "email", "address": mail.address, "ended_on": first.isoformat()}]
        assert api(mia).get(path, as_of=held.isoformat())["consents_ended"] == []


@pytest.mark.django_db(transaction=True)
def test_numbers_and_sizes_are_told_as_the_record_tells_them(
    mia_in: Client, northwind: Customer, mia: User
) -> None:
    field = CustomField.objects.create(key="spend", label="Spend", kind="number")
    actions.put_custom(northwind, {definition(field): Decimal("1200.5")}, by=mia)
    Attachment.objects.create(
        customer=northwind, name="plan.txt", size=2_100, content_type="text/plain",
        key="k", uploaded_by=mia,
    )  # fmt: skip
    then = text(history(mia_in, northwind, as_of=clock.now().isoformat()))
    assert "Number 1,200.5" in then
    assert "Size 2 KB" in then


@pytest.mark.django_db
def test_before_it_existed_it_says_so(mia_in: Client, northwind: Customer) -> None:
    page = text(history(mia_in, northwind, as_of="2001-01-01"))
    assert "Nothing was here yet: this record begins on" in page
    assert "Northwind Northwind" not in page


@pytest.mark.django_db
def test_one_act_is_the_details_of_its_entry_in_the_timeline(
    mia_in: Client, northwind: Customer, mia: User, htmx: Any
) -> None:
    read = facts.clean({"company": "Southwind"})
    actions.change(northwind, read, by=mia, fields=["company"])
    act = northwind.events.get(kind="customer.changed").act
    timeline = mia_in.get(northwind.get_absolute_url()).content.decode()
    path = f"{northwind.get_absolute_url()}history/{act}/"
    assert path in timeline
    part = mia_in.get(path, headers=htmx("details-1", northwind.get_absolute_url()))
    assert "Company Northwind Southwind" in text(part)
    assert "<html" not in part.content.decode()
    assert "The whole history" in text(mia_in.get(path))
    assert mia_in.get(f"{northwind.get_absolute_url()}history/{uuid4()}/").status_code == 404


@pytest.mark.django_db
def test_an_act_is_only_told_of_the_customer_it_was_about(
    mia_in: Client, northwind: Customer, make_customer: MakeCustomer, ben: User
) -> None:
    other = make_customer("Canary Secret", owner=ben)
    act = other.events.get(kind="customer.created").act
    assert mia_in.get(f"{northwind.get_absolute_url()}history/{act}/").status_code == 404
    assert mia_in.get(f"{other.get_absolute_url()}history/{act}/").status_code == 404


@pytest.mark.django_db
def test_a_foreign_history_is_missing(northwind: Customer, signed_in: In, ben: User) -> None:
    for query in ({}, {"as_of": "2026-01-01"}):
        assert history(signed_in(ben), northwind, **query).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_pages_follow_each_other_without_a_gap(
    mia_in: Client, northwind: Customer, mia: User, happens: Happens
) -> None:
    for n in range(40):
        read = facts.clean({"company": f"N{n:02}"})
        actions.change(northwind, read, by=mia, fields=["company"])
        happens(northwind, "note.added", by=mia, text=f"Note {n:02}")
    seen, path = [], f"{northwind.get_absolute_url()}history/"
    while path:
        page = mia_in.get(path).content.decode()
        seen += re.findall(r"Note \d\d|<ins>N\d\d", page)
        found = re.search(r'id="older" class="more" href="([^"]+)"', page)
        path = found[1].replace("&amp;", "&") if found else ""
    assert len(seen) == len(set(seen)) == 80
    assert [s[-2:] for s in seen[::2]] == sorted((s[-2:] for s in seen[::2]), reverse=True)


@pytest.mark.django_db(transaction=True)
def test_a_page_is_eight_statements_however_long_the_history(
    mia_in: Client, northwind: Customer, ana: User, happens: Happens
) -> None:
    queries = []
    for _ in range(2):
        for query in ({}, {"as_of": moments(northwind)[0].at.isoformat()}):
            history(mia_in, northwind, **query)
            with CaptureQueriesContext(connection) as found:
                history(mia_in, northwind, **query)
            queries.append(len(found))
        for n in range(60):
            actions.tag(northwind, f"Tag {n}", by=ana)
    assert max(queries) <= 8
    assert queries[:2] == queries[2:]


START = datetime(2026, 11, 1, tzinfo=UTC)
MOMENTS = [Moment(START + timedelta(days=day), None) for day in (2, 1, 0)]


@pytest.mark.parametrize(
    ("at", "here", "earlier", "later", "step"),
    [
        (START - timedelta(hours=1), None, None, MOMENTS[2].at, 0),
        (START, 2, None, MOMENTS[1].at, 0),
        (START + timedelta(hours=1), 2, None, MOMENTS[1].at, 0),
        (START + timedelta(days=1), 1, MOMENTS[2].at, MOMENTS[0].at, 1),
        (START + timedelta(days=9), 0, MOMENTS[1].at, None, 2),
    ],
)
def test_steps_lead_from_one_change_to_the_next(
    at: datetime, here: int | None, earlier: Any, later: Any, step: int
) -> None:
    steps = Steps(at, MOMENTS)
    assert (steps.here, steps.earlier, steps.later, steps.step) == (here, earlier, later, step)


def test_a_slider_counts_from_the_oldest() -> None:
    assert [stepped(MOMENTS, said) for said in ("0", "2", "3", "x", "-1", "²")] == [
        MOMENTS[2].at, MOMENTS[0].at, None, None, None, None,
    ]  # fmt: skip
