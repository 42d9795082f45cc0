"""Who is listening in their browser, and telling each of them only what they may see."""

from __future__ import annotations

import asyncio
import json
import logging
import random
from collections.abc import Hashable
from typing import TYPE_CHECKING

from . import listening
from .leaving import before_leaving
from .notices import MANY, Notice
from .threads import ask
from .topics import topics

if TYPE_CHECKING:
    from regulars.staff.models import User

log = logging.getLogger("regulars.live")

SETTLE = 0.3  # seconds in which changes become one
SPREAD = 2.0  # seconds over which everybody's "anything may have changed" is spread
PER_USER = 8
MOST = 2_000


class Full(Exception):
    """No more streams for this user, or at all."""


class Client:
    """One open stream; what it has not been told yet is merged, never queued."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.something = asyncio.Event()
        self.is_over = False
        self._ids: set[str] = set()
        self._everything = False

    def tell(self, ids: list[str]) -> None:
        """These customers changed; none means that only lists did."""
        self._ids.update(ids)
        if len(self._ids) > MANY:
            self.tell_everything()
        self.something.set()

    def tell_everything(self) -> None:
        self._ids.clear()
        self._everything = True
        self.something.set()

    def end(self) -> None:
        """The stream says no more and closes."""
        self.is_over = True
        self.something.set()

    def take(self) -> str:
        """What there is to say, as the JSON of one event."""
        said = {"all": True} if self._everything else {"customers": sorted(self._ids)}
        self._ids.clear()
        self._everything = False
        self.something.clear()
        return json.dumps(said, separators=(",", ":"))


class Hub:
    """The clients of one process; listens as long as there are any."""

    def __init__(self) -> None:
        self.clients: set[Client] = set()
        self._listening: asyncio.Task[None] | None = None
        self._telling: asyncio.Task[None] | None = None
        self._pending = Notice()
        before_leaving(self.close)

    def join(self, user: User) -> Client:
        """Raises `Full` beyond the caps."""
        mine = sum(1 for client in self.clients if client.user.pk == user.pk)
        if mine >= PER_USER or len(self.clients) >= MOST:
            raise Full
        client = Client(user)
        self.clients.add(client)
        if self._listening is None or self._listening.done():
            self._listening = asyncio.create_task(listening.listen(self.hear))
        return client

    def leave(self, client: Client) -> None:
        self.clients.discard(client)
        if not self.clients and self._listening is not None:
            self._listening.cancel()
            self._listening = None

    def close(self) -> None:
        """End every stream; the browsers come back by themselves, to whoever listens then."""
        for client in self.clients:
            client.end()

    def hear(self, notice: Notice) -> None:
        """Collect; told a moment later, together with what comes until then."""
        self._pending |= notice
        if self._telling is None or self._telling.done():
            self._telling = asyncio.create_task(self._tell())

    async def _tell(self) -> None:
        while self._pending and self.clients:
            await settle()
            notice, self._pending = self._pending, Notice()
            if notice.everything:
                self._tell_everybody()
            elif notice:
                await self._tell_those_who_see(notice)
        self._pending = Notice()

    def _tell_everybody(self) -> None:
        loop = asyncio.get_running_loop()
        for client in self.clients:
            loop.call_later(random.uniform(0, SPREAD), client.tell_everything)  # noqa: S311

    async def _tell_those_who_see(self, notice: Notice) -> None:
        known: dict[Hashable, list[str]] = {}
        for client in list(self.clients):
            scope = tuple(topic.scope(client.user) for topic in topics)
            if scope not in known:
                known[scope] = await self._visible(client.user, notice)
            if known[scope] or notice.moved:
                client.tell(known[scope])

    async def _visible(self, user: User, notice: Notice) -> list[str]:
        """Told too little when the database is away: the listening breaks then too, and says so."""
        try:
            return await ask(visible, user, sorted(notice.customers))
        except Exception:
            log.warning("could not ask what may be told", exc_info=True)
            return []


async def settle() -> None:
    await asyncio.sleep(SETTLE)


def visible(user: User, customers: list[int]) -> list[str]:
    """Of these rows, the public ids this user may hear of, whatever room they belong to."""
    if not customers:
        return []
    return [public_id for topic in topics for public_id in topic.visible(user, customers)]
