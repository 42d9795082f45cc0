"""`GET /live`: server-sent “something changed” notices for one signed-in browser.

Says `event: customers` with `{"customers": [public ids]}`, where no ids means that only lists
changed, or `{"all": true}` when anything may have. Nothing else about a customer is sent.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from regulars.staff.models import User

from .hub import Client, Full, Hub
from .threads import ask

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

HEARTBEAT = 20.0  # seconds of silence after which a comment keeps proxies from hanging up
CHECK_EVERY = 60.0  # seconds after which we look again who this is
SEND_WITHIN = 30.0  # seconds one piece may take; a browser that stopped reading is let go
RETRY = 3_000  # milliseconds

_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}


def hub() -> Hub:
    """The hub of the running loop: one per process, except in tests."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        for old in [known for known in _hubs if known.is_closed()]:
            del _hubs[old]
        _hubs[loop] = Hub()
    return _hubs[loop]


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI application mounted at `/live`."""
    if scope["type"] != "http":
        return
    headers = _headers(scope)
    if scope["method"] != "GET":
        await _refuse(send, 405, b"Only GET.", (b"allow", b"GET"))
        return
    if headers.get(b"sec-fetch-site") in (b"cross-site", b"same-site"):
        await _refuse(send, 403, b"This is for our own pages.")
        return
    session_key = _session_key(headers.get(b"cookie", b""))
    user = await ask(signed_in, session_key) if session_key else None
    if user is None:
        await _refuse(send, 401, b"Sign in first.")
        return
    try:
        client = hub().join(user)
    except Full:
        await _refuse(send, 429, b"Too many open pages.", (b"retry-after", b"30"))
        return
    try:
        await _stream(client, session_key, receive, send)
    finally:
        hub().leave(client)


def signed_in(session_key: str) -> User | None:
    """Who this session is by now; nobody when it has ended or they are disabled."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    user = get_user(request)
    return user if isinstance(user, User) and user.is_active else None


async def _stream(client: Client, session_key: str, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": _STREAM_HEADERS})
    gone = asyncio.create_task(_hung_up(receive))
    try:
        await _say(send, f"retry: {RETRY}\n\n")
        await _talk(client, session_key, gone, send)
        await _say(send, "", more=False)
    except (TimeoutError, OSError):
        pass  # the browser is gone; nobody is left to be told
    finally:
        gone.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await gone


async def _talk(client: Client, session_key: str, gone: asyncio.Task[None], send: Send) -> None:
    """Until they hang up, are no longer signed in, or the process leaves."""
    clock = asyncio.get_running_loop().time
    look_again = clock() + CHECK_EVERY
    while not gone.done():
        await _next(client, gone, min(HEARTBEAT, max(look_again - clock(), 0)))
        if clock() >= look_again:
            user = await ask(signed_in, session_key)
            if user is None:
                return
            client.user, look_again = user, clock() + CHECK_EVERY
        if gone.done() or client.is_over:
            return
        told = client.something.is_set()
        await _say(send, f"event: customers\ndata: {client.take()}\n\n" if told else ":\n\n")


async def _next(client: Client, gone: asyncio.Task[None], seconds: float) -> None:
    """Wait for something to say, for them to hang up, or for some time to pass."""
    something = asyncio.create_task(client.something.wait())
    try:
        await asyncio.wait([something, gone], timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        something.cancel()


async def _hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _say(send: Send, text: str, *, more: bool = True) -> None:
    message = {"type": "http.response.body", "body": text.encode(), "more_body": more}
    await asyncio.wait_for(send(message), SEND_WITHIN)


_COMMON = [
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"same-origin"),
]
_STREAM_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"x-accel-buffering", b"no"),
    *_COMMON,
]


async def _refuse(send: Send, status: int, words: bytes, *more: tuple[bytes, bytes]) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *_COMMON, *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": words})


def _headers(scope: Scope) -> dict[bytes, bytes]:
    """Lower-case names; several cookie lines become one."""
    found: dict[bytes, bytes] = {}
    pairs: Iterable[tuple[bytes, bytes]] = scope["headers"]
    for raw, value in pairs:
        name = raw.lower()
        found[name] = found[name] + b"; " + value if name in found else value
    return found


def _session_key(cookies: bytes) -> str:
    try:
        read = SimpleCookie(cookies.decode("latin1"))
    except CookieError:
        return ""
    found = read.get(settings.SESSION_COOKIE_NAME)
    return found.value if found else ""
