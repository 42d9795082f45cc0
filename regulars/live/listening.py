"""The one connection on which a process hears what changed, opened again whenever it breaks."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql

from .notices import CHANNEL, EVERYTHING, Notice, read
from .threads import ask

log = logging.getLogger("regulars.live")

ALIVE_EVERY = 30.0  # seconds between proofs that the server is still there
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
_DJANGOS_OWN = ("cursor_factory", "context", "prepare_threshold")


async def listen(hear: Callable[[Notice], None]) -> None:
    """Hand every notice to `hear` until cancelled; after a break anything may have changed."""
    wait, broken = FIRST_WAIT, False
    while True:
        try:
            async with await _connect() as listening:
                await listening.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
                if broken:
                    log.info("listening again")
                    hear(EVERYTHING)
                wait, broken = FIRST_WAIT, False
                await _hear_all(listening, hear)
        except (psycopg.Error, OSError) as error:
            log.warning("not listening: %s; again in %.1f s", type(error).__name__, wait)
        broken = True
        await asyncio.sleep(wait * random.uniform(0.75, 1.25))  # noqa: S311
        wait = min(wait * 2, LONGEST_WAIT)


async def _hear_all(
    listening: psycopg.AsyncConnection[Any], hear: Callable[[Notice], None]
) -> None:
    while True:
        async for notice in listening.notifies(timeout=ALIVE_EVERY):
            hear(read(notice.payload))
        await listening.execute("SELECT 1")


async def _connect() -> psycopg.AsyncConnection[Any]:
    params = await ask(_params)
    return await psycopg.AsyncConnection.connect(**params, autocommit=True)


def _params() -> dict[str, Any]:
    """Where Django's own connection goes; opening one first starts an embedded server."""
    connection.ensure_connection()
    params = connection.get_connection_params()
    return {key: value for key, value in params.items() if key not in _DJANGOS_OWN}
