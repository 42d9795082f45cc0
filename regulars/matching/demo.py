"""The demo's possible duplicates: found as the worker finds them by night."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import actions

if TYPE_CHECKING:
    from regulars.customers.demo import World

MOST = 20_000  # with more, whoever wants to see some asks the worker


def load(world: World) -> None:
    """A look along the keys; seconds for the usual demo."""
    if world.scale <= MOST:
        actions.search_changed(by=None)
