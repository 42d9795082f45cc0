"""`regulars duplicates`: look for duplicates everywhere and store the pairs."""

from __future__ import annotations

import sys
import time
from contextlib import closing
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from regulars.matching import actions
from regulars.matching.engines import ENGINES, NotHere, engine
from regulars.ui import wording


class Command(BaseCommand):
    help = "Looks for duplicates among all customers, or around those that changed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--changed", action="store_true", help="only around what changed since the last search"
        )
        parser.add_argument(
            "--engine", choices=ENGINES, default="duckdb", help="what compares (default: duckdb)"
        )
        parser.add_argument(
            "--master",
            metavar="URL",
            default="",
            help="where Spark runs: spark://host:7077, yarn, local[4]; without it on this machine",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        if options["engine"] != "spark" and options["master"]:
            raise CommandError("--master says where Spark runs: add --engine spark.")
        if options["engine"] == "spark" and options["changed"]:
            raise CommandError("--engine spark compares everything: leave --changed out.")
        try:
            if options["changed"]:
                found = actions.search_changed(by=None, told=self._told)
            else:
                with closing(engine(options["engine"], options["master"])) as chosen:
                    found = actions.search_all(chosen, by=None, told=self._told)
        except (NotHere, actions.SearchBusy) as no:
            raise CommandError(str(no)) from None
        self.stdout.write(
            f"{wording.plural(found.pairs, 'pair')} among "
            f"{wording.plural(found.customers, 'customer')} "
            f"({found.candidates:,} compared) in {time.monotonic() - started:.0f} s."
        )

    def _told(self, step: str, n: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{step}: {n:,}   ", ending="")
