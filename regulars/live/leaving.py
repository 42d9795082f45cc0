"""When the process is asked to stop, open streams end: nothing else would ever end them."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from typing import Any

SIGNALS = (signal.SIGINT, signal.SIGTERM)


def before_leaving(end: Callable[[], None]) -> None:
    """Call `end` on the signals to which the running loop's server listens, before it does.

    There is no public way to ask a loop for its handlers; one that does not tell them, or has
    none, is left alone, and its server cuts the streams off after its own patience.
    """
    loop = asyncio.get_running_loop()
    known: dict[int, Any] = getattr(loop, "_signal_handlers", {})
    for number in SIGNALS:
        servers = known.get(number)
        if servers is not None:
            loop.add_signal_handler(number, _first, end, servers)


def _first(end: Callable[[], None], servers: asyncio.Handle) -> None:
    end()
    servers._run()
