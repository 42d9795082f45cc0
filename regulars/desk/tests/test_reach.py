"""The small print beside each channel says why, and since when."""

from datetime import UTC, date, datetime

import pytest

from regulars.customers.models import Customer, Email, Phone
from regulars.customers.profile import profile
from regulars.desk import reach
from regulars.staff.models import User
from tests.cast import MakeCustomer

pytestmark = pytest.mark.django_db
MARCH = datetime(2025, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def renee(make_customer: MakeCustomer, ana: User) -> Customer:
    return make_customer(owner=ana, email="r@lake.example", phone="(734) 555-0162")


def words(customer: Customer, user: User) -> dict[str, str]:
    found = profile(user, customer.public_id)
    lines = reach.lines(found, today=date(2026, 11, 17), zone=UTC)
    return {str(line.way.channel): line.words for line in lines}


def test_what_nobody_recorded_is_said_to_be_so(renee: Customer, ana: User) -> None:
    assert set(words(renee, ana).values()) == {"Consent not recorded"}


def test_agreement_has_a_date_and_a_basis(renee: Customer, ana: User) -> None:
    Email.objects.update(consent="implied", consent_at=MARCH, consent_basis="bought a Rogue")
    Phone.objects.update(text_consent="express", text_consent_at=MARCH)
    assert words(renee, ana) == {
        "call": "Consent not recorded",
        "text": "Agreed, 2 Mar 2025",
        "email": "Implied, 2 Mar 2025: bought a Rogue",
    }


def test_a_no_has_its_date_too(renee: Customer, ana: User) -> None:
    Email.objects.update(status="bounced", status_at=MARCH)
    Phone.objects.update(text_consent="withdrawn", text_consent_at=MARCH, call_consent="none")
    assert words(renee, ana) == {
        "call": "They have not agreed to calls",
        "text": "They opted out of texts, 2 Mar 2025",
        "email": "The address bounced, 2 Mar 2025",
    }


def test_without_anything_the_way_to_mend_it_is_the_primary_contact(
    make_customer: MakeCustomer, ana: User
) -> None:
    bare = make_customer(owner=ana)
    lines = reach.lines(profile(ana, bare.public_id), today=date(2026, 11, 17), zone=UTC)
    assert {line.fix for line in lines} == {bare.contacts.get().pk}
    company = make_customer("", company="Bare", owner=ana)
    lines = reach.lines(profile(ana, company.public_id), today=date(2026, 11, 17), zone=UTC)
    assert {line.fix for line in lines} == {None}
