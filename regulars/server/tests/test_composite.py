"""Pages in threads: what comes in is what Django sees, and nobody holds a thread by being slow."""

import asyncio
import threading
from collections.abc import Iterable
from typing import Any

import pytest

from regulars.server import bodies, composite
from regulars.server.composite import InThreads, Message


def call(
    app: Any,
    *pieces: bytes,
    path: str = "/",
    headers: Iterable[tuple[bytes, bytes]] = (),
    **scope: Any,
) -> list[Message]:
    """All messages that the application sent back."""
    asked = {
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": None,
        "query_string": b"",
        "http_version": "1.1",
        "headers": list(headers),
        "server": ("127.0.0.1", 8000),
        "client": ("10.0.0.9", 1234),
    } | scope
    coming = [
        {"type": "http.request", "body": piece, "more_body": number < len(pieces) - 1}
        for number, piece in enumerate(pieces)
    ] or [{"type": "http.disconnect"}]
    sent: list[Message] = []

    async def receive() -> Message:
        return coming.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(app(asked, receive, send))
    return sent


class Answer(list[bytes]):
    streaming = False
    closed_in: str = ""

    def close(self) -> None:
        self.closed_in = threading.current_thread().name


def echoing(seen: dict[str, Any], answer: Iterable[bytes]) -> InThreads:
    def pages(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        seen.update(environ, read=environ["wsgi.input"].read(), thread=threading.current_thread())
        start_response("201 Created", [("Content-Type", "text/plain"), ("Set-Cookie", "a=b")])
        return answer

    return InThreads(pages, threads=1, waiting=1)


def test_a_page_is_answered_in_two_messages() -> None:
    seen: dict[str, Any] = {}
    answer = Answer([b"a", b"b"])
    start, body = call(echoing(seen, answer), b"one ", b"two", headers=[(b"content-length", b"7")])
    assert start["status"] == 201
    assert (b"set-cookie", b"a=b") in start["headers"]
    assert body == {"type": "http.response.body", "body": b"ab"}
    assert seen["read"] == b"one two"
    assert seen["CONTENT_LENGTH"] == "7"
    assert answer.closed_in.startswith("pages")


def test_a_body_without_a_length_is_measured() -> None:
    seen: dict[str, Any] = {}
    call(echoing(seen, Answer()), b"x" * 10, b"y", headers=[(b"transfer-encoding", b"chunked")])
    assert seen["CONTENT_LENGTH"] == "11"


def test_a_header_with_an_underscore_cannot_pass_for_another() -> None:
    seen: dict[str, Any] = {}
    call(echoing(seen, Answer()), b"", headers=[(b"x_forwarded_proto", b"https")])
    assert not [name for name in seen if "FORWARDED" in name]


def test_repeated_headers_are_joined() -> None:
    seen: dict[str, Any] = {}
    given = [(b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"accept", b"x"), (b"accept", b"y")]
    call(echoing(seen, Answer()), b"", headers=given)
    assert seen["HTTP_COOKIE"] == "a=1; b=2"
    assert seen["HTTP_ACCEPT"] == "x,y"


@pytest.mark.parametrize(
    ("path", "raw", "wsgi"),
    [
        ("/a b/é", None, "/a b/\xc3\xa9"),
        ("/\udcff", b"/%ff?x", "/\xff"),
        ("/a/b", b"/a%2Fb", "/a/b"),
    ],
)
def test_any_path_arrives(path: str, raw: bytes | None, wsgi: str) -> None:
    seen: dict[str, Any] = {}
    call(echoing(seen, Answer()), b"", path=path, raw_path=raw)
    assert seen["PATH_INFO"] == wsgi


def test_a_long_answer_is_sent_piece_by_piece_from_one_thread() -> None:
    made_in = []

    def pieces() -> Iterable[bytes]:
        for _ in range(3):
            made_in.append(threading.current_thread())
            yield b"row\n"

    sent = call(echoing({}, pieces()), b"")
    assert [message.get("body") for message in sent[1:]] == [b"row\n"] * 3 + [b""]
    assert len(set(made_in)) == 1


def test_a_body_announced_too_big_is_thrown_away_unread() -> None:
    seen: dict[str, Any] = {}
    announced = [(b"content-length", str(composite.BIGGEST_BODY + 1).encode())]
    call(echoing(seen, Answer()), headers=announced)
    assert (seen[bodies.TOO_BIG], seen["CONTENT_LENGTH"], seen["read"]) == (True, "0", b"")


def test_a_body_that_grows_too_big_is_thrown_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composite, "BIGGEST_BODY", 10)
    seen: dict[str, Any] = {}
    call(echoing(seen, Answer()), b"x" * 6, b"x" * 6)
    assert (seen[bodies.TOO_BIG], seen["CONTENT_LENGTH"], seen["read"]) == (True, "0", b"")


def test_no_header_can_say_that_a_body_is_too_big() -> None:
    seen: dict[str, Any] = {}
    call(echoing(seen, Answer()), b"x", headers=[(bodies.TOO_BIG.encode(), b"1")])
    assert bodies.TOO_BIG not in seen


def test_who_hangs_up_gets_nothing() -> None:
    assert call(echoing({}, Answer())) == []


def test_too_many_at_once_are_told_to_come_back() -> None:
    app = echoing({}, Answer())
    app._running = 2
    start, _ = call(app, b"")
    assert start["status"] == 503
    assert (b"retry-after", b"2") in start["headers"]
