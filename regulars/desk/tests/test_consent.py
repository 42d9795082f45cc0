"""Consent on the pages: what each address agreed to, the evidence behind it, and one word more."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from regulars.customers import actions
from regulars.customers.models import ConsentRecord, Customer, Email
from regulars.staff.models import User
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db
Headers = Callable[..., dict[str, str]]


@pytest.fixture
def renee(make_customer: MakeCustomer, ana: User) -> Customer:
    return make_customer(
        "Renée Castellanos", owner=ana, email="renee@lake.example", phone="(734) 555-0162"
    )


def at(customer: Customer, kind: str = "email", pk: int | None = None) -> str:
    row = customer.emails.get() if kind == "email" else customer.phones.get()
    return f"{customer.get_absolute_url()}consent/{kind}/{pk or row.pk}/"


def panel(client: Client, customer: Customer) -> str:
    page = client.get(customer.get_absolute_url()).content.decode()
    return page.partition('id="panel-consent"')[2].partition("</section>")[0]


def test_every_address_says_what_is_known_and_where_to_record_it(
    ana_in: Client, renee: Customer
) -> None:
    page = ana_in.get(renee.get_absolute_url()).content.decode()
    addresses = page.partition('class="reachables"')[2].partition("</ul>")[0]
    assert f'href="{at(renee)}"' in addresses
    assert f'href="{at(renee, "phone")}"' in addresses


def test_the_panel_tells_only_what_was_recorded(ana_in: Client, renee: Customer, ana: User) -> None:
    assert "Nothing recorded yet" in panel(ana_in, renee)
    assert "lake.example" not in panel(ana_in, renee)
    actions.record_consent(renee.phones.get(), channel="text", kind="none", by=ana)
    shown = panel(ana_in, renee)
    assert f"{at(renee, 'phone')}?about=text" in shown
    assert shown.count("Did not agree") == 1
    assert "lake.example" not in shown


def test_nothing_is_chosen_beforehand_and_not_recorded_is_no_choice(
    ana_in: Client, renee: Customer
) -> None:
    page = ana_in.get(at(renee)).content.decode()
    assert 'name="kind"' in page
    assert "checked" not in page
    for form in (page, ana_in.get("/customers/new/").content.decode(),
                 ana_in.get(f"{renee.get_absolute_url()}contacts/").content.decode()):  # fmt: skip
        words = form.partition("They agreed to email")[2].partition("</select>")[0]
        assert "unknown" not in words
        assert "selected" not in words.replace('value="" selected', "")


def test_a_word_is_recorded_with_its_evidence(ana_in: Client, renee: Customer, ana: User) -> None:
    today = timezone.localdate()
    bought = today - timedelta(days=40)
    form = {
        "kind": "implied",
        "basis": "purchase",
        "on": bought.isoformat(),
        "method": "in_person",
        "wording": "May we write to you about <service>?",
        "place": "At the counter",
    }
    assert ana_in.post(at(renee), form).status_code == 303
    record = ConsentRecord.objects.get()
    assert (record.kind, record.basis_on, record.by) == ("implied", bought, ana)
    page = ana_in.get(at(renee)).content.decode()
    for words in ("Implied", "Purchase", "In person", "May we write to you about &lt;service&gt;?",
                  "At the counter", "Ana Ferreira", "Stands"):  # fmt: skip
        assert words in page
    assert "1 record" in panel(ana_in, renee)
    assert "Implied until" in panel(ana_in, renee)


def test_what_was_said_later_still_stands_and_that_is_told(
    ana_in: Client, renee: Customer, ana: User
) -> None:
    actions.record_consent(renee.emails.get(), kind="withdrawn", by=ana)
    old = (timezone.localdate() - timedelta(days=9)).isoformat()
    form = {"kind": "express", "on": old, "method": "paper"}
    page = ana_in.post(at(renee), form, follow=True).content.decode()
    assert "What was said later still stands: withdrawn" in page
    assert Email.objects.get().consent == "withdrawn"


def test_for_a_phone_calls_and_texts_are_apart(ana_in: Client, renee: Customer) -> None:
    form = {"channel": "text", "kind": "withdrawn", "method": "reply"}
    assert ana_in.post(at(renee, "phone"), form).status_code == 303
    phone = renee.phones.get()
    assert (phone.text_consent, phone.call_consent) == ("withdrawn", "unknown")


@pytest.mark.parametrize(
    ("kind", "form", "field"),
    [
        ("email", {"method": "paper"}, "kind"),
        ("email", {"kind": "unknown", "method": "paper"}, "kind"),
        ("email", {"kind": "express"}, "method"),
        ("email", {"kind": "express", "method": "api"}, "method"),
        ("email", {"kind": "implied", "method": "paper"}, "basis"),
        ("email", {"kind": "implied", "method": "paper", "basis": "purchase"}, "basis_on"),
        ("email", {"kind": "express", "method": "paper", "on": "2126-01-01"}, "happened_at"),
        ("email", {"kind": "express", "method": "paper", "on": "1026-13-01"}, "on"),
        ("email", {"kind": "express", "method": "paper", "wording": "x" * 2_001}, "wording"),
        ("phone", {"kind": "express", "method": "paper"}, "channel"),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_what_was_typed_stays(
    ana_in: Client, renee: Customer, kind: str, form: dict[str, str], field: str
) -> None:
    answer = ana_in.post(at(renee, kind), {**form, "place": "At the counter"})
    assert answer.status_code == 422
    field = {"basis_on": "on", "happened_at": "on"}.get(field, field)
    assert f'id="id_{field}-error"' in answer.content.decode()
    assert "At the counter" in answer.content.decode()
    assert not ConsentRecord.objects.exists()


def test_the_dialog_draws_the_page_behind_it_anew(
    ana_in: Client, renee: Customer, htmx: Headers
) -> None:
    headers = htmx("editor", page=renee.get_absolute_url())
    dialog = ana_in.get(at(renee), headers=headers).content.decode()
    assert "<html" not in dialog
    form = {"kind": "none", "method": "phone"}
    answer = ana_in.post(at(renee), form, headers=headers).content.decode()
    assert "Did not agree" in answer.partition('id="panel-consent"')[2]


def test_who_may_only_look_reads_the_evidence(
    signed_in: Callable[[User], Client], omar: User, ana: User, renee: Customer
) -> None:
    actions.record_consent(renee.emails.get(), kind="express", method="paper", by=ana)
    client = signed_in(omar)
    page = client.get(at(renee)).content.decode()
    assert "On paper" in page
    assert 'name="kind"' not in page
    assert "Record it" not in panel(client, renee)
    assert client.post(at(renee), {"kind": "none", "method": "phone"}).status_code == 403


def test_an_address_of_somebody_else_is_missing(
    ana_in: Client, renee: Customer, make_customer: MakeCustomer, ana: User
) -> None:
    other = make_customer("Other Person", owner=ana, email="o@lake.example").emails.get()
    for path in (at(renee, "email", other.pk), at(renee, "email", 10**25)):
        assert ana_in.get(path).status_code == 404
        assert ana_in.post(path, {"kind": "none", "method": "phone"}).status_code == 404
    assert ana_in.get(at(renee).replace("/email/", "/pigeon/")).status_code == 404


# A contact's form.


def rows(person_form: dict[str, str], *emails: dict[str, str]) -> dict[str, str]:
    form = {
        **person_form,
        "emails-TOTAL_FORMS": str(len(emails)),
        "emails-INITIAL_FORMS": str(len(emails)),
        "phones-TOTAL_FORMS": "0",
        "phones-INITIAL_FORMS": "0",
    }
    for n, email in enumerate(emails):
        form |= {f"emails-{n}-{key}": value for key, value in email.items()}
    return form


def test_a_known_email_keeps_its_word_and_an_altered_one_needs_its_own(
    ana_in: Client, renee: Customer, ana: User
) -> None:
    actions.record_consent(renee.emails.get(), kind="express", method="paper", by=ana)
    there = f"{renee.get_absolute_url()}contacts/{renee.contacts.get().pk}/"
    page = ana_in.get(there).content.decode()
    assert "Express, " in page
    assert at(renee) in page
    same = rows({"first_name": "Rae"}, {"address": "renee@lake.example", "status": "ok"})
    assert ana_in.post(there, same).status_code == 303
    assert Email.objects.get().consent == "express"
    altered = rows({"first_name": "Rae"}, {"address": "rae@lake.example", "status": "ok"})
    answer = ana_in.post(there, altered)
    assert answer.status_code == 422
    assert 'id="id_emails-0-consent-error"' in answer.content.decode()
    altered |= {"emails-0-consent": "none"}
    assert ana_in.post(there, altered).status_code == 303
    assert Email.objects.get().consent == "none"
    assert ConsentRecord.objects.count() == 2
