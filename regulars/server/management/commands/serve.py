"""`regulars serve`: pages and jobs, one command."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connections

from regulars.server import database, static
from regulars.server.supervision import Supervisor, require_free


class Command(BaseCommand):
    help = "Serves the pages and runs the jobs, until Ctrl-C."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=os.environ.get("BIND") or "127.0.0.1")
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument(
            "--workers",
            type=int,
            default=min(2, os.cpu_count() or 1),
            help="processes that answer pages; each holds up to eight database connections",
        )
        parser.add_argument(
            "--no-jobs", action="store_true", help="jobs run elsewhere, by `regulars work`"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        require_free(host, port)
        database.require_migrated()
        connections.close_all()
        static.collect()
        os.environ["PORT"] = str(port)  # the parts must know the address people see
        supervisor = Supervisor(host, port, options["workers"], not options["no_jobs"])
        sys.exit(supervisor.run(lambda: self._ready(port), self.stderr.write))

    def _ready(self, port: int) -> None:
        site = settings.BASE_URL if os.environ.get("BASE_URL") else f"http://127.0.0.1:{port}"
        self.stdout.write(f"Regulars is ready at {site}")
        self.stdout.flush()
