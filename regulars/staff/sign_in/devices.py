"""Devices somebody has signed in from before: an attack on the account does not lock these out."""

import hashlib
import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

COOKIE = "known_device"
SALT = "regulars.staff.devices"
KEPT_SECONDS = 365 * 24 * 3600
PEOPLE = 8


def digest(email: str) -> str:
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()[:32]


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    """The device's id and the digests of the emails that signed in on it."""
    try:
        text = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT_SECONDS)
    except signing.BadSignature:
        return secrets.token_urlsafe(12), []
    device, *known = str(text).split(" ")
    return device, known


def known(request: HttpRequest, email: str) -> str | None:
    """The device's id when this email signed in on it before."""
    device, people = _read(request)
    return device if digest(email) in people else None


def remember(request: HttpRequest, response: HttpResponseBase, email: str) -> None:
    """Keep the last eight people of a device in a signed cookie that names none of them."""
    device, people = _read(request)
    mark = digest(email)
    people = [mark, *(p for p in people if p != mark)][:PEOPLE]
    response.set_cookie(
        COOKIE,
        signing.dumps(" ".join([device, *people]), salt=SALT),
        max_age=KEPT_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
