"""Consent with its evidence: written once, kept for good, and the word that stands follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from regulars.customers import actions, consents, facts
from regulars.customers.history.context import because
from regulars.customers.models import ConsentRecord, Customer, Email, Phone
from regulars.lib.errors import Invalid
from regulars.staff.models import User
from regulars.timeline.models import Event
from tests.cast import MakeCustomer
from tests.laws import takes

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 17, tzinfo=UTC)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def renee(make_customer: MakeCustomer, ana: User) -> Customer:
    return make_customer(owner=ana, email="Renee@Lake.example", phone="(734) 555-0162")


def words(customer: Customer) -> list[str]:
    rows = ConsentRecord.objects.filter(customer=customer).order_by("pk")
    return [f"{r.channel} {r.address} {r.kind}" for r in rows]


def test_what_is_recorded_is_kept_takes_effect_and_is_told(renee: Customer, ana: User) -> None:
    email = renee.emails.get()
    version = renee.version
    actions.record_consent(
        email,
        kind="implied",
        basis="purchase",
        basis_on=date(2024, 12, 31),
        wording="I would like news\r\nabout hybrids",
        method="paper",
        place="The showroom",
        by=ana,
    )
    kept = ConsentRecord.objects.get()
    assert (kept.customer, kept.channel, kept.address) == (renee, "email", "renee@lake.example")
    assert (kept.kind, kept.basis, kept.basis_on) == ("implied", "purchase", date(2024, 12, 31))
    assert (kept.wording, kept.method) == ("I would like news\nabout hybrids", "paper")
    assert (kept.by, kept.recorded_at, kept.expires_on) == (ana, NOW, date(2026, 12, 31))
    email.refresh_from_db()
    assert (email.consent, email.consent_basis) == ("implied", "purchase")
    assert (email.consent_at, email.consent_until) == (kept.happened_at, date(2026, 12, 30))
    event = Event.objects.get(kind="consent.given")
    said = "recorded implied consent to email for Renee@Lake.example: purchase"
    assert (event.what.say(event.data), event.actor) == (said, ana)
    renee.refresh_from_db()
    assert renee.version == version + 1


def test_a_no_is_told_as_one(renee: Customer, ana: User) -> None:
    phone = renee.phones.get()
    actions.record_consent(phone, channel="text", kind="withdrawn", method="reply", by=ana)
    event = Event.objects.get(kind="consent.withdrawn")
    assert event.what.say(event.data) == "recorded that (734) 555-0162 opted out of texts"
    phone.refresh_from_db()
    assert (phone.text_consent, phone.text_consent_at) == ("withdrawn", NOW)
    assert phone.call_consent == "unknown"


def test_what_is_recorded_late_does_not_undo_what_was_said_since(
    renee: Customer, ana: User
) -> None:
    email = renee.emails.get()
    actions.record_consent(email, kind="withdrawn", by=ana)
    bought = {"kind": "implied", "basis": "purchase", "basis_on": date(2026, 11, 1)}
    actions.record_consent(email, by=ana, **bought)  # type: ignore[arg-type]
    actions.record_consent(email, kind="express", happened_at=NOW - timedelta(days=3), by=ana)
    assert Email.objects.get().consent == "withdrawn"
    assert len(words(renee)) == 3
    later = NOW + timedelta(days=1)
    with time_machine.travel(later, tick=False):
        actions.record_consent(email, kind="express", by=ana)
    assert Email.objects.get().consent == "express"


@pytest.mark.parametrize(
    ("given_words", "field"),
    [
        ({"kind": "unknown"}, "kind"),
        ({"kind": "maybe"}, "kind"),
        ({"kind": "implied"}, "basis"),
        ({"kind": "implied", "basis": "purchase"}, "basis_on"),
        ({"kind": "implied", "basis": "whim", "basis_on": date(2026, 1, 1)}, "basis"),
        ({"kind": "implied", "basis": "other", "basis_on": date(2026, 1, 1)}, "basis_note"),
        ({"kind": "implied", "basis": "purchase", "basis_on": date(2026, 11, 24)}, "basis_on"),
        ({"kind": "express", "happened_at": NOW + timedelta(hours=1)}, "happened_at"),
        ({"kind": "express", "wording": "x" * 2_001}, "wording"),
        ({"kind": "express", "place": "x" * 501}, "place"),
        ({"kind": "express", "method": "telepathy"}, "method"),
    ],
)
def test_what_is_no_evidence_is_refused_by_field(
    renee: Customer, ana: User, given_words: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as no:
        actions.record_consent(renee.emails.get(), by=ana, **given_words)
    assert field in no.value.errors
    assert words(renee) == []


def test_for_a_phone_it_is_said_whether_calls_or_texts(renee: Customer, ana: User) -> None:
    for channel in ("", "email", "pigeon"):
        with pytest.raises(Invalid):
            actions.record_consent(renee.phones.get(), channel=channel, kind="none", by=ana)


def test_evidence_cannot_be_changed_or_taken_away(renee: Customer, ana: User) -> None:
    actions.record_consent(renee.emails.get(), kind="none", by=ana)
    with pytest.raises(DatabaseError), transaction.atomic():
        ConsentRecord.objects.update(kind="express")
    with pytest.raises(DatabaseError), transaction.atomic():
        _all_gone()
    assert words(renee) == ["email renee@lake.example none"]


def _all_gone() -> None:
    ConsentRecord.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_erasing_takes_the_evidence_along(renee: Customer, ada: User) -> None:
    actions.record_consent(renee.emails.get(), kind="none", by=ada)
    with connection.cursor() as cursor:
        actions.erase(renee, confirm=renee.name, by=ada)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert not ConsentRecord.objects.exists()


# What is said in passing, by a list of contacts.


def contact(**raw: Any) -> facts.ContactFacts:
    return facts.read_contact({"first_name": "Renée", **raw})


def test_a_new_customer_comes_with_their_evidence(make_customer: MakeCustomer, ana: User) -> None:
    since = NOW - timedelta(days=400)
    emails = [
        {"address": "a@lake.example", "consent": "implied", "consent_basis": "inquiry",
         "consent_at": NOW - timedelta(days=10)},
        {"address": "b@lake.example", "consent": "implied", "consent_basis": "card at the fair"},
        {"address": "c@lake.example"},
    ]  # fmt: skip
    phones = [{"number": "734 555 0162", "text_consent": "express"}]
    with because(how="import"):
        made = make_customer(
            by=ana, created_at=since, contacts=[{"emails": emails, "phones": phones}]
        )
    first, second, text = ConsentRecord.objects.filter(customer=made).order_by("pk")
    assert (first.basis, first.basis_on, first.expires_on) == (
        "inquiry",
        date(2026, 11, 12),
        date(2027, 5, 12),
    )
    assert (second.basis, second.basis_note, second.happened_at) == (
        "other",
        "card at the fair",
        since,
    )
    assert consents.missing(second.kind, basis=second.basis, basis_note=second.basis_note,
                            basis_on=second.basis_on)  # fmt: skip
    assert {r.method for r in (first, second, text)} == {"import"}
    assert {r.by for r in (first, second, text)} == {ana}
    assert [e.consent for e in made.emails.order_by("pk")] == ["implied", "implied", "unknown"]
    assert made.emails.get(address="a@lake.example").consent_until == date(2027, 5, 11)


def test_only_news_is_evidence(renee: Customer, ana: User) -> None:
    person = renee.contacts.get()
    agreed = contact(emails=[{"address": "renee@lake.example", "consent": "express"}])
    for _ in range(3):
        actions.change_contact(person, agreed, by=ana)
    assert words(renee) == ["email renee@lake.example express"]
    silent = contact(emails=[{"address": "renee@lake.example"}])
    actions.change_contact(person, silent, by=ana)
    assert Email.objects.get().consent == "express"


def test_a_removed_address_that_comes_back_is_still_what_they_said(
    renee: Customer, ana: User
) -> None:
    person = renee.contacts.get()
    actions.record_consent(renee.emails.get(), kind="withdrawn", by=ana)
    actions.change_contact(person, contact(), by=ana)
    assert not renee.emails.exists()
    actions.change_contact(person, contact(emails=[{"address": "renee@LAKE.example"}]), by=ana)
    assert renee.emails.get().consent == "withdrawn"


def test_an_address_that_two_people_share_says_one_thing(renee: Customer, ana: User) -> None:
    shared = {"address": "renee@lake.example", "consent": "none"}
    actions.add_contact(renee, contact(first_name="Mateo", emails=[shared]), by=ana)
    assert set(Email.objects.values_list("consent", flat=True)) == {"none"}


def test_a_later_word_of_the_future_is_refused(renee: Customer, ana: User) -> None:
    soon = {"address": "r@lake.example", "consent": "express", "consent_at": NOW + timedelta(1)}
    with pytest.raises(Invalid):
        actions.change_contact(renee.contacts.get(), contact(emails=[soon]), by=ana)


# Whatever happens, evidence only grows and what stands follows from it.

ADDRESSES = st.sampled_from(["a@x.example", "A@X.example", "b@x.example"])
KINDS = st.sampled_from(["express", "implied", "none", "withdrawn"])
DAYS = st.integers(0, 3)
LINES = st.lists(st.tuples(ADDRESSES, st.one_of(st.just("unknown"), KINDS)), max_size=3)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("say"), st.integers(0, 3), KINDS, DAYS),
        st.tuples(st.just("phone"), st.sampled_from(["call", "text"]), KINDS, DAYS),
        st.tuples(st.just("list"), LINES),
        st.tuples(st.just("person"), LINES),
        st.tuples(st.just("gone")),
    ),
    max_size=8,
)


def _live(customer: Customer, step: tuple[Any, ...], by: User) -> None:
    match step:
        case ("say", number, kind, days):
            rows = list(customer.emails.order_by("pk"))
            if rows:
                _say(rows[number % len(rows)], kind, days, by)
        case ("phone", channel, kind, days):
            for phone in customer.phones.all():
                _say(phone, kind, days, by, channel=channel)
        case ("list", lines):
            said = {"name": "R C", "contacts": [_person(lines, phone=True)]}
            actions.change(customer, facts.clean(said), by=by, fields=["contacts"])
        case ("person", lines):
            once = list({address.lower(): kind for address, kind in lines}.items())
            actions.add_contact(customer, facts.read_contact(_person(once)), by=by)
        case ("gone",):
            if customer.contacts.count() > 1:
                found = customer.contacts.first()
                assert found
                actions.remove_contact(found, by=by)


def _person(lines: list[tuple[str, str]], *, phone: bool = False) -> dict[str, Any]:
    emails = [{"address": address, "consent": kind} for address, kind in lines]
    numbers = [{"number": "734 555 0162", "text_consent": "express"}] if phone else []
    return {"first_name": "R", "emails": emails, "phones": numbers}


def _say(row: Email | Phone, kind: str, days: int, by: User, channel: str = "") -> None:
    on = (NOW - timedelta(days=days)).date()
    given_words: dict[str, Any] = {"happened_at": NOW - timedelta(days=days)}
    if kind == "implied":
        given_words = {"basis": "inquiry", "basis_on": on}
    actions.record_consent(row, channel=channel, kind=kind, by=by, **given_words)


def _stands(customer: Customer, channel: str, address: str) -> tuple[Any, ...]:
    rows = ConsentRecord.objects.filter(customer=customer, channel=channel, address=address)
    record = consents.standing(rows.order_by("pk"))
    if record is None:
        return ("unknown", None, None)
    return (record.kind, record.happened_at, consents.last_day(record.expires_on))


@takes(25, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_evidence_only_grows_and_the_word_that_stands_follows_from_it(
    steps: list[tuple[Any, ...]], make_customer: Callable[..., Customer], ana: User
) -> None:
    with transaction.atomic():
        customer = make_customer("R C", email="a@x.example", phone="734 555 0162")
        seen: list[int] = []
        for step in steps:
            _live(customer, step, ana)
            rows = list(ConsentRecord.objects.order_by("pk").values_list("pk", flat=True))
            assert rows[: len(seen)] == seen
            seen = rows
            for email in Email.objects.filter(customer=customer):
                said = (email.consent, email.consent_at, email.consent_until)
                assert said == _stands(customer, "email", email.normal)
            for phone in Phone.objects.filter(customer=customer):
                assert (
                    phone.text_consent, phone.text_consent_at, phone.text_consent_until,
                ) == _stands(customer, "text", phone.digits)  # fmt: skip
                assert phone.call_consent == _stands(customer, "call", phone.digits)[0]
        transaction.set_rollback(True)
