"""`regulars work`: runs the jobs; `serve` starts it beside the pages."""

import asyncio
import logging
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from regulars.server.supervision import die_with_parent


class Command(BaseCommand):
    help = "Runs the jobs, until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--concurrency", type=int, default=2, help="jobs at the same time")

    def handle(self, *args: Any, **options: Any) -> None:
        die_with_parent()
        connection.ensure_connection()  # starts the embedded database before the worker connects
        connection.close()
        logging.getLogger("procrastinate").setLevel(logging.WARNING)
        connector = app.connector
        assert isinstance(connector, DjangoConnector)  # noqa: S101 (narrowing)
        with app.replace_connector(connector.get_worker_connector()) as working:
            asyncio.run(self._run(working, options["concurrency"]))

    async def _run(self, working: Any, concurrency: int) -> None:
        async with working.open_async():
            await working.run_worker_async(
                concurrency=concurrency, shutdown_graceful_timeout=5, delete_jobs="successful"
            )
