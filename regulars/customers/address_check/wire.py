"""The conversation with USPS Addresses v3: token, question, answer, and when not to ask."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any

import httpx2
from django.conf import settings

from regulars.lib import clock

from . import budget
from .budget import NotLetIn, NotNow

log = logging.getLogger("regulars.usps")

MOST_CALLS = 60  # an hour
SECONDS = 5.0
LATER = 300.0
MARGIN = 60.0  # a token is given up this long before it runs out
LONGEST = 24 * 3600.0
REFUSED = "USPS refuses our credentials: look at USPS_CLIENT_ID and USPS_CLIENT_SECRET"

Body = Mapping[str, Any]


def asked(question: Mapping[str, str]) -> Body | None:
    """The body of the answer, None when USPS knows no such address.

    Raises `NotNow` when it has to be another time, `NotLetIn` when it is no use.
    """
    account = (settings.USPS_URL, settings.USPS_CLIENT_ID, settings.USPS_CLIENT_SECRET)
    return _service(*account).asked(question)


class _Service:
    """One account at one address: its token is got once and refreshed by one thread at a time."""

    def __init__(self, url: str, client_id: str, secret: str) -> None:
        self._who = {
            "client_id": client_id,
            "client_secret": secret,
            "grant_type": "client_credentials",
        }
        accept = {"Accept": "application/json"}
        self._http = httpx2.Client(base_url=url, timeout=SECONDS, headers=accept)
        self._lock = threading.Lock()
        self._token, self._good_until = "", 0.0

    def asked(self, question: Mapping[str, str]) -> Body | None:
        token = self._token_now()
        reply = self._get(question, token)
        if reply.status_code == 401:
            reply = self._get(question, self._token_now(instead_of=token))
        if reply.status_code in (401, 403):
            raise NotLetIn(REFUSED)
        return None if reply.status_code in (400, 404) else _body(reply)

    def _get(self, question: Mapping[str, str], token: str) -> httpx2.Response:
        budget.take(clock.now(), most=MOST_CALLS)
        bearer = {"Authorization": f"Bearer {token}"}
        return self._sent("GET", "/addresses/v3/address", params=dict(question), headers=bearer)

    def _token_now(self, *, instead_of: str = "") -> str:
        with self._lock:
            stale = time.monotonic() >= self._good_until
            if not self._token or stale or self._token == instead_of:
                self._token, self._good_until = self._new_token()
            return self._token

    def _new_token(self) -> tuple[str, float]:
        asked_at = time.monotonic()
        reply = self._sent("POST", "/oauth2/v3/token", json=self._who)
        if reply.status_code in (400, 401, 403):
            raise NotLetIn(REFUSED)
        said = _body(reply)
        token = said.get("access_token")
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            raise NotNow(LATER)
        return token, asked_at + _seconds(said.get("expires_in")) - MARGIN

    def _sent(self, method: str, path: str, **said: Any) -> httpx2.Response:
        try:
            return self._http.request(method, path, **said)
        except httpx2.HTTPError as error:
            log.info("USPS did not answer: %s", type(error).__name__)
            raise NotNow(LATER) from None


@lru_cache(4)
def _service(url: str, client_id: str, secret: str) -> _Service:
    return _Service(url, client_id, secret)


def _seconds(said: object) -> float:
    """A number or a string of one; what cannot be read has run out."""
    try:
        seconds = float(said) if isinstance(said, str | int | float) else 0.0
    except (ValueError, OverflowError):
        return 0.0
    return min(seconds, LONGEST) if seconds > 0 else 0.0


def _body(reply: httpx2.Response) -> Body:
    """A 200's object. Raises `NotNow` for everything that says nothing about the address."""
    if reply.status_code == 429:
        raise budget.pause(clock.now(), _retry_after(reply))
    try:
        said = reply.json() if reply.status_code == 200 else None
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        log.info("USPS answered what is no answer, with status %s", reply.status_code)
        raise NotNow(LATER)
    return said


def _retry_after(reply: httpx2.Response) -> float:
    """Seconds, or until a date; an hour when it does not say."""
    said = reply.headers.get("Retry-After", "").strip()
    if said.isascii() and said.isdigit():
        return float(said[:9])
    try:
        at = parsedate_to_datetime(said)
    except (ValueError, TypeError):
        return budget.HOUR.total_seconds()
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return (at - clock.now()).total_seconds()
