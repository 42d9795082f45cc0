"""A real Chromium, and the real application answering it."""

import asyncio
import os
import shutil
import socket
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--disable-dev-shm-usage",
)
HOW = "Chromium is missing: `apt-get install chromium`, or set CHROMIUM to its path."


def chromium_path() -> str | None:
    return (
        os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    )


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    """One browser for the session; contexts are cheap and each is a person of their own."""
    from playwright.sync_api import sync_playwright

    path = chromium_path()
    if path is None:
        pytest.fail(HOW)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: "Browser", site: str) -> Iterator["BrowserContext"]:
    """A fresh browser window, at home on `site`."""
    window = chromium.new_context(base_url=site, viewport={"width": 1280, "height": 800})
    window.set_default_timeout(10_000)
    yield window
    window.close()


@pytest.fixture
def page(context: "BrowserContext") -> "Page":
    return context.new_page()


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
    ready.wait(10)
    _wait_until_it_answers(port)
    yield f"http://127.0.0.1:{port}"
    held["loop"].call_soon_threadsafe(held["server"].stop)  # type: ignore[attr-defined]
    thread.join(10)


def _wait_until_it_answers(port: int) -> None:
    for _ in range(200):
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
