"""One application for the server: /live on the event loop, every page in a thread of the pool.

Django's own ASGI handler costs more than twice the CPU per page; pages are synchronous anyway.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from urllib.parse import unquote_to_bytes

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from . import bodies, database

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

LIVE = "/live"
THREADS = 8  # each holds one database connection
MOST_WAITING = 200  # requests beyond it are turned away rather than answered too late
BIGGEST_BODY = bodies.biggest()
IN_MEMORY = 1024 * 1024
SEND_WITHIN = 60  # seconds for one piece of a long answer


def shipped() -> Asgi:
    """The whole application, as it is served and tested."""
    pages = get_wsgi_application()
    database.limit_statements()
    get_resolver().url_patterns  # noqa: B018 (every view is imported now, not for the first visitor)
    return composite(pages)


def composite(pages: Wsgi) -> Asgi:
    """`regulars.live.stream.application` beside Django's pages."""
    from regulars.live.stream import application as live  # its models need Django to be set up

    in_threads = InThreads(pages)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "http" and scope["path"] == LIVE:
            await live(scope, receive, send)
        elif scope["type"] == "http":
            await in_threads(scope, receive, send)

    return application


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


class InThreads:
    """A WSGI application as an ASGI one.

    The body is read before a thread is taken, so slow senders hold none. A long answer is sent
    piece by piece from the one thread that makes it, because its database connection is there.
    """

    def __init__(self, pages: Wsgi, threads: int = THREADS, waiting: int = MOST_WAITING) -> None:
        self._pages = pages
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="pages")
        self._most = threads + waiting
        self._running = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._running >= self._most:
            await _refuse(send, 503, b"Too many people at once: try again in a moment.")
            return
        with SpooledTemporaryFile(IN_MEMORY) as body:
            size = await _read(scope, receive, body)
            if size is None:
                return
            environ = _environ(scope, body, size)
            if size > BIGGEST_BODY:
                # The page that says so is drawn like every other; what was sent is thrown away.
                body.seek(0)
                body.truncate()
                environ |= {bodies.TOO_BIG: True, "CONTENT_LENGTH": "0"}
            loop = asyncio.get_running_loop()
            self._running += 1
            try:
                answer = await loop.run_in_executor(
                    self._pool, copy_context().run, self._answer, environ, loop, send
                )
            finally:
                self._running -= 1
            if answer:
                await send(answer[0])
                await send(answer[1])

    def _answer(
        self, environ: dict[str, Any], loop: asyncio.AbstractEventLoop, send: Send
    ) -> tuple[Message, Message] | None:
        """In the thread: both messages of an ordinary answer; None when it was sent in pieces."""
        start: Message = {"type": "http.response.start"}

        def start_response(status: str, headers: list[tuple[str, str]], *_: Any) -> None:
            start["status"] = int(status[:3])
            start["headers"] = [
                (name.lower().encode("latin1"), value.encode("latin1")) for name, value in headers
            ]

        response = self._pages(environ, start_response)
        try:
            if not getattr(response, "streaming", True):
                return start, {"type": "http.response.body", "body": b"".join(response)}

            def now(message: Message) -> None:
                asyncio.run_coroutine_threadsafe(_sent(send, message), loop).result(SEND_WITHIN)

            now(start)
            for piece in response:
                now({"type": "http.response.body", "body": piece, "more_body": True})
            now({"type": "http.response.body", "body": b""})
            return None
        finally:
            close = getattr(response, "close", None)
            if close:
                close()


async def _sent(send: Send, message: Message) -> None:
    await send(message)


async def _read(scope: Scope, receive: Receive, body: IO[bytes]) -> int | None:
    """Fills `body`; answers its size, one too many when it is too big, None when they hung up."""
    announced = dict(scope["headers"]).get(b"content-length", b"0")
    if announced.isdigit() and (len(announced) > 18 or int(announced) > BIGGEST_BODY):
        return BIGGEST_BODY + 1
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        piece = message.get("body", b"")
        size += len(piece)
        if size > BIGGEST_BODY:
            return size
        body.write(piece)
        if not message.get("more_body"):
            body.seek(0)
            return size


def _environ(scope: Scope, body: IO[bytes], size: int) -> dict[str, Any]:
    path = scope["path"].encode("utf-8", "surrogateescape")
    if scope.get("raw_path"):
        path = unquote_to_bytes(scope["raw_path"].partition(b"?")[0])
    server, client = scope.get("server") or ("localhost", 80), scope.get("client") or ("", 0)
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": path.decode("latin1"),
        "QUERY_STRING": scope["query_string"].decode("latin1"),
        "SERVER_NAME": str(server[0]),
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": str(client[0]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw, value in scope["headers"]:
        name = raw.decode("latin1").upper()
        if "_" in name:
            continue  # X_Forwarded_Proto would pass for X-Forwarded-Proto
        key, text = f"HTTP_{name.replace('-', '_')}", value.decode("latin1")
        joined = "; " if name == "COOKIE" else ","
        environ[key] = f"{environ[key]}{joined}{text}" if key in environ else text
    environ["CONTENT_TYPE"] = environ.pop("HTTP_CONTENT_TYPE", "")
    environ.pop("HTTP_CONTENT_LENGTH", None)
    environ["CONTENT_LENGTH"] = str(size)
    return environ


async def _refuse(send: Send, status: int, words: bytes) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    if status == 503:
        headers.append((b"retry-after", b"2"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": words})
