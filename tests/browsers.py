"""A real Chromium, and the real application answering it."""

import asyncio
import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from django.test import Client

from regulars.staff.models import User

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, WebError

FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--disable-dev-shm-usage",
)
# Tells what the policy refused; and there is no phone or mail program here to hand a link to.
TELL = """
addEventListener("securitypolicyviolation", (e) =>
  console.error(`Policy: ${e.effectiveDirective} refused ${e.blockedURI} ${e.sample}`), true);
addEventListener("click", (e) =>
  /^(tel|sms|mailto):/.test(e.target.closest?.("a")?.href ?? "") && e.preventDefault());
"""
# What the browser says by itself when a form is refused: the page says why.
EXPECTED = ("the server responded with a status of 422", "with a status of 409")
COOKIE = "session"
WAIT = 60_000  # milliseconds: a busy machine is slow, a broken page is not slower
# Without windows it needs a third of the processor.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")
HOW = "Chromium is missing: run `make browser`, or set CHROMIUM to its path."


def chromium_path() -> str | None:
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def _beside_the_browsers(run: Callable[..., Any]) -> Callable[..., Any]:
    """Playwright's loop stays in the tests' thread, and asyncio allows one loop per thread."""

    def beside(*args: Any, **options: Any) -> Any:
        browsers = asyncio._get_running_loop()
        asyncio._set_running_loop(None)
        try:
            return run(*args, **options)
        finally:
            asyncio._set_running_loop(browsers)

    return beside


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    """One browser for the session; contexts are cheap and each is a person of their own."""
    from playwright.sync_api import expect, sync_playwright

    path = chromium_path()
    if path is None:
        pytest.fail(HOW)
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio, "run", _beside_the_browsers(asyncio.run))
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        expect.set_options(timeout=WAIT)
        yield browser
        browser.close()


def until(page: "Page", true: Callable[[], object]) -> None:
    """Lets the browser go on until something is so that no `expect` can ask for."""
    end = time.monotonic() + WAIT / 1_000
    while not true():
        assert time.monotonic() < end
        page.wait_for_timeout(20)


class Complaints(list[str]):
    """What a browser window complained about: console errors, broken scripts, the policy."""

    def watch(self, window: "BrowserContext") -> None:
        window.add_init_script(TELL)
        window.on("console", self._hear)
        window.on("weberror", self._break)

    def forgive(self, part: str) -> None:
        """A test that expects a refusal says so."""
        self[:] = [said for said in self if part not in said]

    def _hear(self, message: "ConsoleMessage") -> None:
        if message.type == "error" and not any(part in message.text for part in EXPECTED):
            where = message.page.url if message.page else ""
            self.append(f"{where}: {message.text} ({message.location.get('url')})")

    def _break(self, error: "WebError") -> None:
        self.append(f"{error.page.url if error.page else ''}: {error.error}")


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """Empty at the end of every test that opens a browser."""
    heard = Complaints()
    yield heard
    assert not heard


class Visit(Protocol):
    def __call__(self, user: User | None = None, **window: Any) -> "Page": ...


@pytest.fixture
def visit(chromium: "Browser", site: str, complaints: Complaints) -> Iterator[Visit]:
    """`visit(ana, color_scheme="dark")`: a page in a fresh browser window, with ana signed in."""
    windows = []

    def open_for(user: User | None = None, **window: Any) -> "Page":
        given = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"} | window
        opened = chromium.new_context(base_url=site, **given)
        opened.set_default_timeout(WAIT)
        opened.set_default_navigation_timeout(WAIT)
        complaints.watch(opened)
        if user:
            opened.add_cookies([{"url": site, "name": COOKIE, "value": session_of(user)}])
        windows.append(opened)
        return opened.new_page()

    yield open_for
    for opened in windows:
        opened.close()


def session_of(user: User) -> str:
    """The key of a session in which this colleague has signed in."""
    client = Client()
    client.force_login(user, "regulars.staff.sign_in.backend.Backend")
    return client.cookies[COOKIE].value


@pytest.fixture
def context(visit: Visit) -> "BrowserContext":
    """A fresh browser window, at home on `site`."""
    return visit().context


@pytest.fixture
def page(context: "BrowserContext") -> "Page":
    """Its page: nobody is signed in."""
    return context.pages[0]


@pytest.fixture(scope="session")
def _server() -> Iterator[str]:
    """Granian in a thread with the application that is shipped, /live included."""
    from granian.constants import Interfaces
    from granian.server.embed import Server

    from regulars.asgi import application

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    ready = threading.Event()
    held: dict[str, object] = {}

    def serve() -> None:
        async def run() -> None:
            server = Server(application, port=port, interface=Interfaces.ASGI, log_enabled=False)
            held["server"], held["loop"] = server, asyncio.get_running_loop()
            ready.set()
            await server.serve()

        asyncio.run(run())

    thread = threading.Thread(target=serve, daemon=True, name="site")
    thread.start()
    ready.wait(60)
    _wait_until_it_answers(port)
    yield f"http://127.0.0.1:{port}"
    held["loop"].call_soon_threadsafe(held["server"].stop)  # type: ignore[attr-defined]
    thread.join(10)


def _wait_until_it_answers(port: int) -> None:
    for _ in range(1_200):
        with socket.socket() as door:
            door.settimeout(1)
            if door.connect_ex(("127.0.0.1", port)) == 0:
                return
        threading.Event().wait(0.05)
    pytest.fail("The application did not start.")


@pytest.fixture
def site(_server: str, transactional_db: None) -> str:
    """The address of the running application; what a test writes is committed and seen there."""
    return _server
