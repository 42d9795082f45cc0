"""`regulars import FILE`: brings a file in at once and prints what became of each row."""

import signal
import threading
from argparse import ArgumentParser, BooleanOptionalAction
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError

from regulars.imports import actions, report
from regulars.imports.models import Import, State
from regulars.imports.options import MATCHES, SYSTEM, from_json
from regulars.imports.reading.delimiter import DELIMITERS
from regulars.imports.reading.encoding import ENCODINGS
from regulars.imports.reading.limits import CannotRead
from regulars.imports.reading.targets import Kind
from regulars.lib.errors import Invalid, NotAllowed
from regulars.staff.models import User
from regulars.ui.wording import plural

_PROBLEMS_SHOWN = 20


class Command(BaseCommand):
    is_to_end = False
    help = "Imports customers, colleagues or events from a CSV or Excel (.xlsx) file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--kind", choices=[kind.value for kind in Kind], help="guessed")
        parser.add_argument(
            "--map", action="append", default=[], metavar="COLUMN=TARGET",
            help="a column's heading or number and where it goes; “skip” for nowhere",
        )  # fmt: skip
        parser.add_argument("--match", default="", help="find customers by email, phone or both")
        parser.add_argument("--system", default=SYSTEM, help="whose numbers the file's ids are")
        parser.add_argument("--by", metavar="EMAIL", help="the colleague who imports")
        parser.add_argument(
            "--owner-from-staff", action=BooleanOptionalAction, default=None,
            help="the colleague of a customer's latest event becomes the owner when there is none",
        )  # fmt: skip
        parser.add_argument("--event-kind", default="", help="what every row is, as order.placed")
        parser.add_argument("--encoding", choices=ENCODINGS, default="")
        parser.add_argument("--delimiter", choices=DELIMITERS.values(), default="")
        parser.add_argument("--header", action=BooleanOptionalAction, default=None)
        parser.add_argument("--sheet", default="", help="the sheet of a workbook")
        parser.add_argument("--dates", choices=["day", "month"], help="which comes first")
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")
        parser.add_argument("--rejects", type=Path, help="write rejected rows to this file")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        try:
            job = self._uploaded(path, options)
            try:
                job = self._decided(job, options)
                if not options["dry_run"]:
                    with self._interruptible():
                        job = actions.run(job, by=job.by, progress=self._progress)
            except (CannotRead, CommandError, Invalid, NotAllowed):
                actions.forget(job, by=None)
                raise
            except KeyboardInterrupt:
                self._end(job)
        except CannotRead as error:
            raise CommandError(str(error)) from error
        except Invalid as error:
            raise CommandError("; ".join(error.errors.values())) from error
        except NotAllowed as error:
            raise CommandError(str(error)) from error
        if options["dry_run"]:
            self._say_expected(job)
            actions.forget(job, by=None)
        else:
            self._say_report(job, options["rejects"])

    @contextmanager
    def _interruptible(self) -> Iterator[None]:
        """Ctrl-C ends the run after the batch that is being written; once more ends it at once."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.signal(signal.SIGINT, self._end_soon)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    def _end_soon(self, number: int, frame: FrameType | None) -> None:
        self.is_to_end = True
        signal.signal(signal.SIGINT, signal.default_int_handler)

    def _end(self, job: Import) -> NoReturn:
        """Interrupted: what is in stays in, with its report and undo."""
        job.refresh_from_db()
        if job.is_busy:
            job = actions.stop(job, by=None)
        else:
            actions.forget(job, by=None)
        self.stdout.write(
            f"Stopped: {plural(job.accepted, 'row is', 'rows are')} in. Run the same command again "
            "to bring in the rest; rows that are in are recognised."
        )
        raise SystemExit(130)

    def _uploaded(self, path: Path, given: dict[str, Any]) -> Import:
        sign = next((one for one, name in DELIMITERS.items() if name == given["delimiter"]), "")
        wanted: dict[str, Any] = {
            "system": given["system"],
            "match": [one.strip() for one in given["match"].split(",") if one.strip()],
            "event_kind": given["event_kind"],
            "encoding": given["encoding"],
            "delimiter": sign,
            "has_header": given["header"],
            "sheet": given["sheet"],
        }
        if not set(wanted["match"]) <= set(MATCHES):
            raise CommandError("--match takes email, phone or email,phone.")
        by = self._colleague(given["by"])
        kind = Kind(given["kind"]) if given["kind"] else None
        with path.open("rb") as stream:
            return actions.upload(
                stream, name=path.name, by=by, kind=kind, options=from_json(wanted), check=False
            )

    def _decided(self, job: Import, given: dict[str, Any]) -> Import:
        mapping = {}
        for text in given["map"]:
            heading, _, target = text.rpartition("=")
            mapping[heading] = target
        job = actions.name_columns(job, mapping, by=job.by, check=False)
        later: dict[str, Any] = {}
        if given["owner_from_staff"] is not None:
            later["owner_from_events"] = given["owner_from_staff"]
        if given["dates"]:
            later["date_orders"] = {one["column"]: given["dates"] for one in job.reading["dates"]}
        if later:
            job = actions.choose(job, by=job.by, options=later, check=False)
        if given["dry_run"] and not job.is_checked:
            actions.check(job, version=job.version)
            job.refresh_from_db()
        self._say_preview(job)
        return job

    def _colleague(self, email: str | None) -> User | None:
        if not email:
            return None
        found = User.objects.filter(email=email.lower()).select_related("role", "store").first()
        if found is None:
            raise CommandError(f"No colleague has the email {email}.")
        return found

    def _say_preview(self, job: Import) -> None:
        reading, about = job.reading, "" if job.is_counted else "about "
        rows = f"{about}{reading['rows']:,} {report.NOUNS[job.kind]} rows"
        self.stdout.write(f"{job.name}: {rows}, {report.how(job)}.")
        for column in job.columns:
            target = column["target"] or "skipped"
            label = f" ({column['label']})" if column["label"] and column["target"] else ""
            self.stdout.write(f"  {column['heading'][:40]:<40} → {target}{label}")
        for sentence in [*reading["doubts"], *(one["sentence"] for one in reading["dates"])]:
            if sentence:
                self.stdout.write(f"  {sentence}")

    def _say_expected(self, job: Import) -> None:
        """What a run would do, with the first problems."""
        self.stdout.write(report.expected(job))
        for one in job.reading["problems"][:_PROBLEMS_SHOWN]:
            column = f", {one['column']}" if one["column"] else ""
            self.stdout.write(
                f"  record {one['number']}, line {one['line']}{column}: {one['reason']}"
            )

    def _progress(self, job: Import) -> None:
        about = "" if job.is_counted else "about "
        self.stdout.write(f"  {job.last_number:,} of {about}{job.expected:,} rows")
        if self.is_to_end:
            raise KeyboardInterrupt

    def _say_report(self, job: Import, rejects: Path | None) -> None:
        self.stdout.write(report.sentence(job))
        for row in report.troubled(job)[:_PROBLEMS_SHOWN]:
            column = f", {row.column}" if row.column else ""
            self.stdout.write(
                f"  record {row.number}, line {row.line}{column}: {row.reason} | {row.text[:100]}"
            )
        if job.rejected > _PROBLEMS_SHOWN:
            self.stdout.write(f"  and {job.rejected - _PROBLEMS_SHOWN:,} more")
        if rejects and job.rejected:
            rejects.write_bytes("".join(report.rejects(job)).encode())
            self.stdout.write(f"Rejected rows are in {rejects}; fix them and import that file.")
        if job.state == State.FAILED:
            raise CommandError(job.failure)
