"""`regulars export FILE`: the customers a colleague sees, as CSV or Excel."""

from __future__ import annotations

import datetime
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from regulars.criteria import sql, text
from regulars.criteria.fields import Asking
from regulars.criteria.language import CriteriaError
from regulars.exports import rows, writing
from regulars.exports.rows import Wanted
from regulars.lib import clock
from regulars.staff.models import Sees, User


class Command(BaseCommand):
    help = "Writes customers into a CSV or Excel file (by its ending) that an import reads back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--filter", default="", help='as in the list: "waiting and owner:me"')
        parser.add_argument("--as", dest="email", default="", help="only what this colleague sees")

    def handle(self, *args: Any, **options: Any) -> None:
        user, path = self._user(options["email"]), options["file"]
        if path.suffix not in (".csv", ".xlsx"):
            raise CommandError("Name the file customers.csv or customers.xlsx.")
        asking = Asking(user, clock.now(), datetime.UTC)
        try:
            where = sql.parted(text.read(options["filter"], asking), asking)
        except CriteriaError as error:
            raise CommandError(str(error)) from None
        shown = rows.sheet_columns()
        cells = rows.cells(user, Wanted(where), shown)
        headings = [column.heading for column in shown]
        try:
            with path.open("wb") as file:
                if path.suffix == ".csv":
                    for line in writing.csv_lines(headings, cells):
                        file.write(line.encode())
                else:
                    for chunk in writing.xlsx_chunks(headings, cells):
                        file.write(chunk)
        except OSError as problem:
            raise CommandError(f"{path} cannot be written: {problem.strerror}.") from None
        self.stdout.write(f"The customers are in {path}.")

    def _user(self, email: str) -> User:
        found = User.objects.filter(is_active=True).select_related("role", "store")
        if email:
            user = found.filter(email=email.strip().lower()).first()
            if user is None:
                raise CommandError(f"Nobody here has the email {email}.")
            return user
        user = found.filter(role__sees=Sees.ALL, role__within="").order_by("pk").first()
        if user is None:
            raise CommandError("Nobody here sees all customers; name a colleague with --as EMAIL.")
        return user
