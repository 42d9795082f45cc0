"""Made-up passkeys, however they are wrong, are refused in a sentence and never kept."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from regulars.staff.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.apart]

WORDS = "correct horse battery"
HUGE = ["9" * 5_000, "[" * 50_000, "null", "0", "false", '"x"', "[]", "{}", '{"id": NaN}', ""]


def coded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def told(**facts: Any) -> str:
    known = {"type": "webauthn.get", "challenge": "AAAA", "origin": "http://testserver"}
    return coded(json.dumps(known | facts).encode())


def credential(**response: Any) -> dict[str, Any]:
    return {
        "id": coded(b"abc"),
        "rawId": coded(b"abc"),
        "type": "public-key",
        "response": response,
        "clientExtensionResults": {},
    }


SIGNING_IN = credential(
    clientDataJSON=told(),
    authenticatorData=coded(bytes(37)),
    signature=coded(b"x"),
    userHandle=coded(b"1"),
)
ADDING = credential(
    clientDataJSON=told(type="webauthn.create"),
    attestationObject=coded(b"\xa3cfmtdnonegattStmt\xa0hauthDataX\x25" + bytes(37)),
    transports=[],
)
ODD: list[Any] = [
    *(None, "", 1, [], {}, True, "x", "!!!", "é", "\ud800", "\x00", [1], 1e300, "9" * 400),
    *(coded(b"\xff" * 37), coded(b"\xc0" + bytes(200)), coded(b"null"), coded(b"[" * 3_000)),
    *(coded(b'{"type":1}'), told(challenge=1), told(origin=None), coded(b"9" * 5_000)),
    *(coded(b"-1"), coded(b"9223372036854775808"), coded("²".encode()), coded(b"\x00")),
]


def spoiled(good: dict[str, Any]) -> Iterator[str]:
    """The credential with one part of it odd or missing."""
    yield from HUGE
    for whole in (False, True):
        for part in good if whole else good["response"]:
            for value in ODD:
                changed = {part: value}
                yield json.dumps(good | changed if whole else _within(good, changed))
            yield json.dumps(_without(good, part) if whole else _within(good, {}, but=part))


def _without(facts: dict[str, Any], part: str) -> dict[str, Any]:
    return {key: value for key, value in facts.items() if key != part}


def _within(good: dict[str, Any], changed: dict[str, Any], but: str = "") -> dict[str, Any]:
    return good | {"response": _without(good["response"], but) | changed}


def test_nobody_signs_in_with_one(ana: User, settings: Any) -> None:
    settings.MFA_RATE_LIMITS = {"webauthn_login": None}
    client = Client()
    door = "/accounts/2fa/webauthn/login/"
    for text in spoiled(SIGNING_IN):
        client.get(door, headers={"Accept": "application/json"})
        answer = client.post(door, {"credential": text})
        assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/"), text[:200]
    assert client.get("/settings/").status_code == 302


def test_none_is_added_to_an_account(ana: User) -> None:
    ana.set_password(WORDS)
    ana.save()
    client = Client()
    client.post("/accounts/login/", {"login": ana.email or "", "password": WORDS})
    client.post("/accounts/reauthenticate/", {"password": WORDS})
    page = "/accounts/2fa/webauthn/add/"
    for text in spoiled(ADDING):
        assert client.get(page).status_code == 200
        answer = client.post(page, {"credential": text, "name": "Key"})
        assert answer.status_code == 200, text[:200]
    assert not Authenticator.objects.exists()
