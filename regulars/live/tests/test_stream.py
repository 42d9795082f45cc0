"""The live stream, spoken to as the server speaks to it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from regulars.customers import actions
from regulars.customers.models import Customer
from regulars.live import hub, stream
from regulars.live.threads import ask
from regulars.staff.models import User
from regulars.timeline import actions as timeline

pytestmark = pytest.mark.django_db(transaction=True)

MakeCustomer = Callable[..., Customer]
SignedIn = Callable[[User], Client]
PATIENCE = 60  # seconds, on a busy machine


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "SETTLE", 0.05)
    monkeypatch.setattr(hub, "SPREAD", 0.05)


class Browser:
    """One open stream; `events` are the data of what was said, as JSON."""

    def __init__(self, cookie: str, **scope: Any) -> None:
        self.scope = {
            "type": "http",
            "method": "GET",
            "path": "/live",
            "headers": [(b"cookie", cookie.encode())],
            **scope,
        }
        self.sent: list[dict[str, Any]] = []
        self.hang_up = asyncio.Event()
        self._news = asyncio.Event()
        self.task = asyncio.create_task(stream.application(self.scope, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        await self.hang_up.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        self.sent.append(dict(message))
        self._news.set()

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def text(self) -> str:
        return b"".join(m.get("body", b"") for m in self.sent).decode()

    @property
    def events(self) -> list[Any]:
        return [
            json.loads(block.partition("data: ")[2])
            for block in self.text.split("\n\n")
            if block.startswith("event: customers\n")
        ]

    async def until(self, condition: Callable[[Browser], bool], seconds: float = PATIENCE) -> None:
        async def wait() -> None:
            while not condition(self):
                self._news.clear()
                await self._news.wait()

        await asyncio.wait_for(wait(), seconds)

    async def close(self) -> None:
        self.hang_up.set()
        await asyncio.wait_for(self.task, PATIENCE)


def cookie(client: Client) -> str:
    return f"session={client.cookies['session'].value}"


def live(scene: Callable[[], Awaitable[None]]) -> None:
    """Play a scene on an event loop of its own."""
    asyncio.run(scene())  # type: ignore[arg-type]


async def opened(client: Client) -> Browser:
    """A browser that is listening by now."""
    browser = Browser(cookie(client))
    await browser.until(lambda b: "retry" in b.text)
    await _listening()
    return browser


async def _listening() -> None:
    await eventually(lambda: ask(_listeners))


async def eventually(true: Callable[[], Awaitable[object]]) -> None:
    async def wait() -> None:
        while not await true():
            await asyncio.sleep(0.02)

    await asyncio.wait_for(wait(), PATIENCE)


def _listeners() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND query LIKE 'LISTEN%%' AND pid <> pg_backend_pid()"
        )
        return int(cursor.fetchone()[0])


def test_a_colleagues_change_is_heard_as_the_customers_public_id(
    signed_in: SignedIn, ana: User, cleo: User, make_customer: MakeCustomer
) -> None:
    theirs = make_customer("Rita Moss", owner=cleo)

    async def scene() -> None:
        browser = await opened(signed_in_client)
        await ask(timeline.record, theirs, "message.received", by=cleo)
        await browser.until(lambda b: bool(b.events))
        assert browser.events == [{"customers": [str(theirs.public_id)]}]
        assert "Rita" not in browser.text
        await browser.close()

    signed_in_client = signed_in(ana)
    live(scene)


def test_nobody_hears_of_a_customer_they_may_not_see(
    signed_in: SignedIn, ana: User, ben: User, make_customer: MakeCustomer
) -> None:
    hers, his = make_customer("Rita Moss", owner=ana), make_customer("Sam Poe", owner=ben)
    browser_of_ben = signed_in(ben)

    async def scene() -> None:
        browser = await opened(browser_of_ben)
        await ask(timeline.record, hers, "message.received", by=ana)
        await asyncio.sleep(0.3)
        await ask(timeline.record, his, "message.received", by=ben)
        await browser.until(lambda b: bool(b.events))
        assert browser.events == [{"customers": [str(his.public_id)]}]
        assert str(hers.public_id) not in browser.text
        await browser.close()

    live(scene)


def test_whoever_loses_a_customer_is_told_that_lists_changed_and_no_more(
    signed_in: SignedIn, ana: User, ben: User, ada: User, make_customer: MakeCustomer
) -> None:
    hers = make_customer("Rita Moss", owner=ana)
    browser_of_ana, browser_of_ben = signed_in(ana), signed_in(ben)

    async def scene() -> None:
        loses, gets = await opened(browser_of_ana), await opened(browser_of_ben)
        await ask(actions.reassign, hers, to=ben, by=ada)
        await loses.until(lambda b: bool(b.events))
        await gets.until(lambda b: bool(b.events))
        assert loses.events == [{"customers": []}]
        assert gets.events == [{"customers": [str(hers.public_id)]}]
        await loses.close()
        await gets.close()

    live(scene)


def test_many_changes_at_once_are_one_notice(
    signed_in: SignedIn,
    ada: User,
    make_customer: MakeCustomer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    *several, last = [make_customer(f"Rita Moss{n}") for n in range(6)]
    browser_of_ada = signed_in(ada)

    def all_change() -> None:
        for customer in (*several * 4, last):
            timeline.record(customer, "note.added", by=ada)

    async def last_is_heard() -> bool:
        return last.pk in stream.hub()._pending.customers

    async def settle() -> None:
        await eventually(last_is_heard)

    async def scene() -> None:
        browser = await opened(browser_of_ada)
        monkeypatch.setattr(hub, "settle", settle)
        await ask(all_change)
        await browser.until(lambda b: bool(b.events))
        await asyncio.sleep(0.2)
        assert len(browser.events) == 1
        assert set(browser.events[0]["customers"]) == {str(c.public_id) for c in [*several, last]}
        await browser.close()

    live(scene)


def test_after_a_break_anything_may_have_changed(signed_in: SignedIn, ada: User) -> None:
    browser_of_ada = signed_in(ada)

    def break_it() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND query LIKE 'LISTEN%%'"
                " AND pid <> pg_backend_pid()"
            )

    async def scene() -> None:
        browser = await opened(browser_of_ada)
        await ask(break_it)
        await browser.until(lambda b: bool(b.events))
        assert browser.events == [{"all": True}]
        await browser.close()

    live(scene)


def test_the_stream_ends_when_its_person_signs_out_or_is_disabled(
    signed_in: SignedIn, ana: User, cleo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser_of_ana, browser_of_cleo = signed_in(ana), signed_in(cleo)
    monkeypatch.setattr(stream, "CHECK_EVERY", 0.2)

    def both_leave() -> None:
        browser_of_ana.logout()
        User.objects.filter(pk=cleo.pk).update(is_active=False)

    async def scene() -> None:
        one, other = await opened(browser_of_ana), await opened(browser_of_cleo)
        await asyncio.sleep(0.5)
        assert not one.task.done()
        assert not other.task.done()
        await ask(both_leave)
        await asyncio.wait_for(asyncio.gather(one.task, other.task), PATIENCE)
        assert one.sent[-1]["more_body"] is False
        assert stream.hub().clients == set()

    live(scene)


@pytest.mark.parametrize(
    ("scope", "status"),
    [
        ({}, 401),
        ({"headers": [(b"cookie", b"session=nonsense")]}, 401),
        ({"headers": [(b"cookie", b"session=\xff\x00; ;;=")]}, 401),
        ({"headers": [(b"cookie", b'session="\\000aaaaaaaa"')]}, 401),
        ({"method": "POST"}, 405),
        ({"headers": [(b"sec-fetch-site", b"cross-site")]}, 403),
    ],
)
def test_strangers_hear_nothing(scope: dict[str, Any], status: int) -> None:
    async def scene() -> None:
        browser = Browser("", **scope)
        await asyncio.wait_for(browser.task, PATIENCE)
        assert browser.status == status
        assert (b"cache-control", b"no-store") in browser.sent[0]["headers"]

    live(scene)


def test_a_disabled_colleague_hears_nothing(signed_in: SignedIn, dora: User) -> None:
    browser_of_dora = signed_in(dora)

    async def scene() -> None:
        browser = Browser(cookie(browser_of_dora))
        await asyncio.wait_for(browser.task, PATIENCE)
        assert browser.status == 401

    live(scene)


def test_one_person_has_eight_open_pages_at_most(signed_in: SignedIn, ana: User) -> None:
    browser_of_ana = signed_in(ana)

    async def scene() -> None:
        pages = [await opened(browser_of_ana) for _ in range(hub.PER_USER)]
        one_more = Browser(cookie(browser_of_ana))
        await asyncio.wait_for(one_more.task, PATIENCE)
        assert one_more.status == 429
        await pages.pop().close()
        again = await opened(browser_of_ana)
        for page in [*pages, again]:
            await page.close()

    live(scene)


def test_silence_is_broken_by_a_comment(
    signed_in: SignedIn, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT", 0.05)
    browser_of_ana = signed_in(ana)

    async def scene() -> None:
        browser = await opened(browser_of_ana)
        await browser.until(lambda b: b.text.count(":\n\n") >= 3)
        assert browser.events == []
        await browser.close()

    live(scene)


def test_the_last_one_to_leave_stops_the_listening(signed_in: SignedIn, ana: User) -> None:
    browser_of_ana = signed_in(ana)

    async def nobody_listens() -> bool:
        return not await ask(_listeners)

    async def scene() -> None:
        browser = await opened(browser_of_ana)
        await browser.close()
        await eventually(nobody_listens)

    live(scene)


def test_a_slow_browser_is_told_everything_rather_than_a_long_list(ana: User) -> None:
    async def scene() -> None:
        client = hub.Client(ana)
        client.tell([str(n) for n in range(150)])
        client.tell([str(n) for n in range(100, 250)])
        assert json.loads(client.take()) == {"all": True}
        client.tell(["7"])
        assert json.loads(client.take()) == {"customers": ["7"]}

    live(scene)


def test_a_process_that_is_asked_to_stop_ends_its_streams_first(
    signed_in: SignedIn, ana: User
) -> None:
    browser_of_ana = signed_in(ana)
    heard: list[str] = []

    async def scene() -> None:
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, heard.append, "the server")
        browser = await opened(browser_of_ana)
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(browser.task, PATIENCE)
        assert browser.sent[-1]["more_body"] is False
        assert heard == ["the server"]
        loop.remove_signal_handler(signal.SIGTERM)

    live(scene)
