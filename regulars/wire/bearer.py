"""Who a program acts as: the user of its token, and nobody by a cookie."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from ninja.security.http import HttpAuthBase

from regulars.lib import clock
from regulars.staff.models import User

from . import tokens

_SEEN = "_token_user"


class Bearer(HttpAuthBase):
    """`Authorization: Bearer <token>`; the token's user becomes `request.user`."""

    openapi_scheme = "bearer"
    openapi_description = "A token from Settings › API tokens; it acts as its user."

    def __call__(self, request: HttpRequest) -> User | None:
        return caller(request)


def caller(request: HttpRequest) -> User | None:
    """The user whose live token the request carries, looked up once; None without one."""
    if not hasattr(request, _SEEN):
        setattr(request, _SEEN, _look_up(request))
    user = cast("User | None", getattr(request, _SEEN))
    if user is not None:
        request.user = user
    return user


def _look_up(request: HttpRequest) -> User | None:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    token = tokens.find(secret.strip(), now=clock.now())
    return token.user if token else None
