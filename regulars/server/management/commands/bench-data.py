"""`regulars bench-data 1000000`: a database of made-up customers to measure on."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from regulars.server import crowd
from regulars.server.management.commands.demo import _count


class Command(BaseCommand):
    help = "Makes a database bench_SCALE beside your own, with that many made-up customers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("scale", type=_count, help="customers; 10,000,000 need some 40 GB")
        parser.add_argument("--fresh", action="store_true", help="make it anew")
        parser.add_argument("--drop", action="store_true", help="take it away again")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        try:
            if options["drop"]:
                crowd.drop(options["scale"])
                return
            name = crowd.open_database(
                options["scale"], fresh=options["fresh"], say=self.stderr.write
            )
        except crowd.NotOurs as problem:
            raise CommandError(str(problem)) from None
        except Error as problem:
            raise CommandError(
                f"This needs a role that may make databases and pose as a replica: {problem}"
            ) from None
        self.stdout.write(f"{name} is ready after {time.monotonic() - started:.0f} s.")
