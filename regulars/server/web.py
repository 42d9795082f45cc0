"""The process that answers pages: Granian around the application, started by `regulars serve`."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from granian.constants import Interfaces, Loops
from granian.log import LogLevels
from granian.server import Server

from .supervision import die_with_parent

if TYPE_CHECKING:
    from .composite import Asgi


def load() -> Asgi:
    """Called in each of Granian's own processes."""
    die_with_parent()
    from . import memory
    from .composite import shipped

    application = shipped()
    memory.settle()
    return application


def main(host: str, port: int, workers: int) -> None:
    """Serves until a signal; a process of Granian's that dies is replaced."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regulars.settings")
    die_with_parent()
    from django.conf import settings

    from . import embedded

    if settings.EMBEDDED_POSTGRES:
        embedded.join(settings.EMBEDDED_POSTGRES)  # so that the last of us to end stops it
    Server(
        "regulars.server.web:load",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=workers,
        loop=Loops.asyncio,
        websockets=False,
        log_level=LogLevels.warning,
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=5,
    ).serve()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
