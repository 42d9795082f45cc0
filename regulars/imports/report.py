"""What became of a file, in a sentence and as a file to fix and send again."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet

from regulars.imports.models import Import, ImportRow, Outcome, State
from regulars.imports.reading.delimiter import DELIMITERS
from regulars.imports.reading.mapping import REPORT_COLUMNS
from regulars.lib import sheets
from regulars.ui.wording import listed, plural

NOUNS = {"customers": "customer", "staff": "colleague", "events": "event"}


def sentence(job: Import) -> str:
    """The whole outcome: “91 customers added, 2 unchanged, 1 row rejected.”"""
    noun = NOUNS[job.kind]
    parts = [plural(job.added, f"{noun} added", f"{noun}s added")] if job.added else []
    parts += [f"{job.updated:,} updated"] if job.updated else []
    parts += [f"{job.unchanged:,} unchanged"] if job.unchanged else []
    parts += [plural(job.rejected, "row rejected", "rows rejected")] if job.rejected else []
    said = listed(parts) if parts else "Nothing in the file"
    more = f" {plural(job.repaired, 'row')} repaired." if job.repaired else ""
    if job.empty:
        more += f" {plural(job.empty, 'empty row')} passed over."
    if job.owners_set:
        more += f" {plural(job.owners_set, 'customer')} got an owner."
    if job.state == State.STOPPED:
        more += " Stopped before the end of the file."
    return f"{said}.{more}"


def expected(job: Import) -> str:
    """What a run would do: “91 customers would be added and 2 rows rejected.”"""
    counts, noun = job.reading["counts"], NOUNS[job.kind]
    parts = [plural(counts["added"], f"{noun} would be added", f"{noun}s would be added")]
    parts += [f"{counts['updated']:,} updated"] if counts["updated"] else []
    parts += [f"{counts['unchanged']:,} unchanged"] if counts["unchanged"] else []
    rejected = counts["rejected"]
    parts += [plural(rejected, "row rejected", "rows rejected")] if rejected else []
    trouble = job.reading.get("trouble", "")
    said = (f"{listed(parts)}.", told_apart(job), alike(job), trouble)
    return " ".join(filter(None, said))


def told_apart(job: Import) -> str:
    """How many rows are added though an address of theirs is somebody else's; "" for none."""
    count = job.reading.get("other_names", 0)
    if not count:
        return ""
    said = plural(count, "row has", "rows have")
    return f"{said} a phone or email of somebody with another first name, and would be added."


def alike(job: Import) -> str:
    """How many rows that would be added seem to be somebody here, in a sentence; "" for none."""
    said = job.reading.get("alike", {})
    if not said.get("alike"):
        return ""
    found = plural(said["alike"], "row seems", "rows seem")
    those = "row" if said["looked_at"] == 1 else f"first {said['looked_at']:,}"
    return f"{found} to be customers here already, of the {those} that would be added."


def undone(job: Import) -> str:
    """What came of taking colleagues back: “2 colleagues removed and 1 put back as before.”"""
    if job.undone is None:
        return ""
    gone, off, put = (job.undone[key] for key in ("removed", "disabled", "restored"))
    parts = [plural(gone, "colleague removed", "colleagues removed")] if gone else []
    parts += [f"{off:,} disabled"] if off else []
    parts += [f"{put:,} put back as before"] if put else []
    return f"Taken back: {listed(parts) or 'nobody'}."


def how(job: Import) -> str:
    """How the file was read: “utf-8, comma between cells, headings in the first row”."""
    reading = job.reading
    if reading.get("is_workbook"):
        parts = ["an Excel sheet"]
    else:
        sign = DELIMITERS.get(reading.get("delimiter", ""), "other sign")
        parts = [str(reading.get("encoding", "")).upper(), f"{sign} between cells"]
    parts.append("headings in the first row" if reading.get("has_header") else "no headings")
    return ", ".join(parts)


def troubled(job: Import) -> QuerySet[ImportRow]:
    """The rejected rows in the order of the file."""
    return job.rows.filter(outcome=Outcome.REJECTED)


def mended(job: Import) -> QuerySet[ImportRow]:
    """Accepted rows that something was put right in."""
    return job.rows.exclude(outcome=Outcome.REJECTED).exclude(reason="").filter(column="")


def others(job: Import) -> QuerySet[ImportRow]:
    """Rows that were added though an address of theirs is somebody's with another first name."""
    return job.rows.filter(outcome=Outcome.ADDED).exclude(reason="").exclude(column="")


def rejects(job: Import) -> Iterator[str]:
    """The rejected rows as CSV: the problem, the line, then the cells as they were."""
    headings = [one["heading"] for one in job.columns]
    yield sheets.BOM + sheets.line([*REPORT_COLUMNS, *headings])
    for row in troubled(job).iterator(chunk_size=500):
        where = f"{row.column}: " if row.column else ""
        cells = [sheets.guarded(cell) for cell in row.cells]
        yield sheets.line([f"{where}{row.reason}", str(row.line), *cells])
