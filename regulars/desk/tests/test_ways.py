"""On which way a composer stands when a customer is opened."""

from __future__ import annotations

from datetime import date

import pytest

from regulars.customers.cards import EmailLine, PhoneLine
from regulars.customers.channels import ways
from regulars.desk.ways import begins_with

PHONE = PhoneLine("(734) 555-0162", "+17345550162", "7345550162", "", "ok", "unknown", "unknown")
NO_TEXTS = PHONE._replace(text_consent="withdrawn")
NO_CALLS = PHONE._replace(call_consent="withdrawn")
MUTE = NO_TEXTS._replace(call_consent="withdrawn")
EMAIL = EmailLine("r@lake.example", "", "ok", "unknown")
BOUNCED = EMAIL._replace(status="bounced")


@pytest.mark.parametrize(
    ("came", "phone", "email", "stands_on"),
    [
        # As they came, where that is allowed,
        ("message.received", PHONE, EMAIL, "text"),
        ("email.received", PHONE, EMAIL, "email"),
        ("form.submitted", PHONE, EMAIL, "email"),
        ("call.received", PHONE, EMAIL, "call"),
        # else call, text, email: whichever comes first of those that are;
        ("visit.walked_in", PHONE, EMAIL, "call"),
        ("message.received", NO_TEXTS, EMAIL, "call"),
        ("email.received", PHONE, BOUNCED, "call"),
        ("call.received", NO_CALLS, EMAIL, "text"),
        ("call.received", MUTE, EMAIL, "email"),
        ("call.received", None, EMAIL, "email"),
        # a note when none is, and when nobody waits.
        ("call.received", None, None, "note"),
        ("call.received", MUTE, BOUNCED, "note"),
        ("", PHONE, EMAIL, "note"),
    ],
)
def test_the_composer_stands_on_the_best_allowed_way(
    came: str, phone: PhoneLine | None, email: EmailLine | None, stands_on: str
) -> None:
    found = ways(
        [phone] if phone else [],
        [email] if email else [],
        today=date(2026, 11, 26),
        asked_by=came,
    )
    assert begins_with(found, waits=bool(came)) == stands_on
