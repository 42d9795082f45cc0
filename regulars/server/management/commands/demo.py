"""`regulars demo`: a dealership group to look around in, served."""

import sys
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from regulars.server import demo_world
from regulars.server.supervision import require_free

MOST = 10_000_000


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST:
        raise ArgumentTypeError(f"set SCALE to a number of customers from 1 to {MOST:,}")
    return int(text)


class Command(BaseCommand):
    help = "Loads the demo once and serves it; it lets anybody in."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scale", type=_count, help="customers; 2,000 when it is made")
        parser.add_argument("--fresh", action="store_true", help="start over")
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument("--no-serve", action="store_true", help="only load it")
        parser.add_argument(
            "--anyway", action="store_true", help="also with DATABASE_URL or an https BASE_URL"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["no_serve"]:
            require_free("127.0.0.1", options["port"])
        demo_world.prepare(
            options["scale"], fresh=options["fresh"], now=timezone.now(), say=self._say
        )
        if not options["no_serve"]:
            call_command("serve", port=options["port"])

    def _say(self, words: str) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"{words} …")
