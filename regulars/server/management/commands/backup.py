"""`regulars backup FILE`: everything in one file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from regulars.lib import clock
from regulars.server import backups, database


class Command(BaseCommand):
    help = "Writes database, files and key to one file, while people work."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        database.require_migrated()
        size = backups.take(options["file"], now=clock.now())
        self.stdout.write(f"{options['file']}: {size / 1e6:,.1f} MB")
