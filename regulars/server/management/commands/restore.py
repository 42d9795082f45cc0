"""`regulars restore FILE`: a backup, into an empty database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from regulars.server import backups


class Command(BaseCommand):
    help = "Reads a backup into an empty database and brings it to this version."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        about = backups.load(options["file"])
        self.stdout.write(f"Restored as of {about.made_at[:16].replace('T', ' ')} UTC")
