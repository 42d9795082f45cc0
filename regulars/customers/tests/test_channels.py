"""May we call, text or write: by the first detail that allows it, else why not."""

from datetime import date, timedelta

import pytest

from regulars.customers.channels import Channel, Way, ways
from regulars.customers.models import Consent, Email, Phone, Status

TODAY = date(2026, 11, 22)


def phone(call: str = "unknown", text: str = "unknown", status: str = "unknown") -> Phone:
    return Phone(
        typed="(734) 555-0162",
        e164="+17345550162",
        digits="17345550162",
        call_consent=call,
        text_consent=text,
        status=status,
    )


def email(
    consent: str = "unknown", status: str = "unknown", address: str = "renee@lake.example"
) -> Email:
    return Email(address=address, consent=consent, status=status)


def all_three(phones: list[Phone], emails: list[Email], asked_by: str = "") -> dict[str, Way]:
    return {str(way.channel): way for way in ways(phones, emails, today=TODAY, asked_by=asked_by)}


def test_the_order_is_always_call_text_email() -> None:
    assert [way.channel for way in ways([], [], today=TODAY)] == list(Channel)


def test_a_detail_opens_its_channels() -> None:
    found = all_three([phone()], [email()])
    assert found["call"].href == "tel:+17345550162"
    assert found["text"].href == "sms:+17345550162"
    assert found["email"].href == "mailto:renee@lake.example"
    assert found["call"].shown == "(734) 555-0162"


def test_without_a_detail_it_says_which_one_is_missing() -> None:
    found = all_three([], [])
    assert {key: way.reason for key, way in found.items()} == {
        "call": "No phone number",
        "text": "No phone number",
        "email": "No email address",
    }
    assert not any(way.allowed or way.best for way in found.values())


@pytest.mark.parametrize(
    ("consent", "allowed"),
    [
        (Consent.UNKNOWN, True),
        (Consent.EXPRESS, True),
        (Consent.IMPLIED, True),
        (Consent.NONE, False),
        (Consent.WITHDRAWN, False),
    ],
)
def test_a_no_closes_its_channel_and_only_that(consent: str, allowed: bool) -> None:
    found = all_three([phone(text=consent)], [email(consent)])
    assert found["text"].allowed is allowed
    assert found["email"].allowed is allowed
    assert found["call"].allowed
    assert bool(found["text"].reason) is not allowed
    assert found["text"].shown == "(734) 555-0162"


@pytest.mark.parametrize("status", [Status.BOUNCED, Status.COMPLAINED, Status.UNSUBSCRIBED])
def test_an_address_in_bad_health_closes_email(status: str) -> None:
    found = all_three([], [email(Consent.EXPRESS, status)])
    assert not found["email"].allowed
    assert found["email"].reason


def test_who_answered_stop_may_still_be_called() -> None:
    found = all_three([phone(status=Status.UNSUBSCRIBED)], [])
    assert not found["text"].allowed
    assert found["call"].allowed


def test_the_second_detail_serves_when_the_first_may_not() -> None:
    found = all_three([], [email(status=Status.BOUNCED), email(address="new@lake.example")])
    assert found["email"].href == "mailto:new@lake.example"


def test_the_reason_is_that_of_the_first_detail() -> None:
    found = all_three([], [email(status=Status.BOUNCED), email(Consent.WITHDRAWN)])
    assert found["email"].reason == "The address bounced"


@pytest.mark.parametrize(
    ("asked_by", "best"),
    [
        ("email.received", "email"),
        ("form.submitted", "email"),
        ("message.received", "text"),
        ("call.received", "call"),
        ("page.visited", "call"),
        ("", "call"),
    ],
)
def test_the_best_way_is_the_one_they_came_by(asked_by: str, best: str) -> None:
    found = all_three([phone()], [email()], asked_by)
    assert [key for key, way in found.items() if way.best] == [best]


def test_a_closed_channel_is_never_the_best() -> None:
    found = all_three([phone(text="withdrawn")], [email()], "message.received")
    assert [key for key, way in found.items() if way.best] == ["call"]


def test_an_odd_address_cannot_break_out_of_its_link() -> None:
    found = all_three([], [email(address="a?subject=x&b@lake.example")])
    assert found["email"].href == "mailto:a%3Fsubject%3Dx%26b@lake.example"


@pytest.mark.parametrize(
    ("until", "reason"),
    [
        (None, ""),
        (TODAY, ""),
        (TODAY + timedelta(days=1), ""),
        (TODAY - timedelta(days=1), "Implied consent ended on 22 Nov 2026"),
        (date(2026, 2, 27), "Implied consent ended on 28 Feb 2026"),
    ],
)
def test_implied_consent_that_has_ended_closes_the_way(until: date | None, reason: str) -> None:
    address, number = email("implied"), phone("implied", "implied")
    address.consent_until = number.call_consent_until = number.text_consent_until = until
    found = all_three([number], [address])
    assert {way.reason for way in found.values()} == {reason}
    assert {way.allowed for way in found.values()} == {not reason}
