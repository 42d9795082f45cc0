"""Excel workbooks: checked before anything is unpacked, then read by a process of their own."""

import datetime
import json
import resource
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from regulars.imports.reading import beginning
from regulars.imports.reading.limits import CannotRead, Limits, in_megabytes
from regulars.imports.reading.splitting import Budget, Split

BEGIN = 3_000_000
"""How many characters of a sheet make its beginning."""
_SMALL_ENOUGH = 5 * 1024 * 1024
_TOO_BIG = "The workbook unpacks to more than {}. Save the sheet as CSV, or split it."
_NO_WORKBOOK = (
    "This is a zip archive, not an Excel workbook. Unpack it and import the CSV or .xlsx inside."
)
_DAMAGED = (
    "The workbook is damaged and cannot be opened. Save it again in Excel, or save it as CSV."
)


def refuse_bombs(path: Path, *, limits: Limits) -> None:
    """Look at the archive's table of contents, then count what really comes out, keeping none.

    Raises CannotRead for what is no workbook, too large once unpacked, packed too tightly,
    made of too many parts, or lying about its sizes.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise CannotRead(_DAMAGED) from error
    if len(parts) > limits.zip_entries:
        raise CannotRead(
            f"The workbook is made of {len(parts):,} parts; "
            f"at most {limits.zip_entries:,} are opened. Save the sheet as CSV."
        )
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names and "xl/workbook.bin" not in names:
        raise CannotRead(_NO_WORKBOOK)
    declared = sum(part.file_size for part in parts)
    packed = max(path.stat().st_size, 1)
    if declared > limits.unzipped_bytes:
        raise CannotRead(_TOO_BIG.format(in_megabytes(limits.unzipped_bytes)))
    if declared > _SMALL_ENOUGH and declared / packed > limits.zip_ratio:
        raise CannotRead(
            f"The workbook grows {declared // packed:,} times when unpacked; "
            f"at most {limits.zip_ratio} times is accepted. Save the sheet as CSV."
        )
    for part in parts:
        _refuse_lies(path, part)


def _refuse_lies(path: Path, part: zipfile.ZipInfo) -> None:
    """Unpack one part piece by piece and stop as soon as it exceeds what it declared."""
    if part.flag_bits & 0x1:
        raise CannotRead("The workbook is protected by a password. Save it without one.")
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise CannotRead(_DAMAGED)
    with path.open("rb") as stream:
        stream.seek(part.header_offset)
        local = stream.read(30)
        if len(local) < 30 or local[:4] != b"PK\x03\x04":
            raise CannotRead(_DAMAGED)
        name, extra = int.from_bytes(local[26:28], "little"), int.from_bytes(local[28:30], "little")
        stream.seek(name + extra, 1)
        if part.compress_type == zipfile.ZIP_STORED:
            if part.compress_size != part.file_size:
                raise CannotRead(_DAMAGED)
            return
        if _unpacked(stream, part) != part.file_size:
            raise CannotRead(_DAMAGED)


def _unpacked(stream: IO[bytes], part: zipfile.ZipInfo) -> int:
    left, size = part.compress_size, 0
    inflate = zlib.decompressobj(-15)
    try:
        while left > 0 and not inflate.eof:
            piece = stream.read(min(left, 65_536))
            if not piece:
                break
            left -= len(piece)
            while piece and not inflate.eof:
                size += len(inflate.decompress(piece, 1 << 20))
                if size > part.file_size:
                    return size
                piece = inflate.unconsumed_tail
    except zlib.error as error:
        raise CannotRead(_DAMAGED) from error
    return size


class Sheet:
    """The first visible sheet of a workbook, or the one named.

    Its beginning is read at once, the whole of it only when asked for. Whoever opens it closes it.
    """

    def __init__(self, path: Path, name: str | None, *, limits: Limits) -> None:
        """Raises CannotRead for a bomb, a damaged workbook or no such sheet."""
        self.path, self.name, self.limits = path, name or "", limits
        self._whole: Unpacked | None = None
        refuse_bombs(path, limits=limits)
        with tempfile.NamedTemporaryFile(prefix="regulars-sheet-", suffix=".xlsx") as cut:
            shares = beginning.cut(path, Path(cut.name))
            source, most = (path, 0) if shares is None else (Path(cut.name), BEGIN)
            self._begin = Unpacked(source, self.name, limits, most=most)
        share = shares[self._begin.place] if shares else 1.0
        self.height = int(self._begin.height / share)
        self._begin_is_all = share == 1.0 and self._begin.is_all

    def close(self) -> None:
        for unpacked in (self._begin, self._whole):
            if unpacked is not None:
                unpacked.close()

    def rows(self, budget: Budget | None = None) -> Iterator[Split]:
        """The rows with the sheet's own numbers; with a budget only the first, which is then spent
        when there are more."""
        if self._begin_is_all:
            yield from self._begin.rows()
        elif budget is not None:
            yield from self._begin.rows()
            budget.chars = 0
        else:
            self._whole = self._whole or Unpacked(self.path, self.name, self.limits)
            yield from self._whole.rows()


class Unpacked:
    """The rows of a sheet as lines of JSON, `[row number, [text…]]`, in a file of our own.

    Written by a child process with bounded memory and time: a sheet that declares a cell in its
    last row and column would take the server down with it. `most` ends it after so many characters.
    """

    def __init__(self, path: Path, sheet: str, limits: Limits, *, most: int = 0) -> None:
        self.limits = limits
        self.file = tempfile.NamedTemporaryFile(prefix="regulars-rows-")  # noqa: SIM115
        try:
            said = _unpack(path, Path(self.file.name), sheet, limits, most)
        except CannotRead:
            self.close()
            raise
        self.place, self.height, self.is_all = int(said[0]), int(said[1]), said[2] == "all"

    def close(self) -> None:
        self.file.close()

    def rows(self) -> Iterator[Split]:
        with Path(self.file.name).open(encoding="utf-8") as stream:
            for line in stream:
                number, cells = json.loads(line)
                found = Split(number, cells, "\t".join(cells))
                for column, cell in enumerate(cells):
                    if len(cell) > self.limits.field_chars:
                        found.problem = f"A cell holds {len(cell):,} characters."
                        found.column = column
                yield found


def _unpack(path: Path, to: Path, sheet: str, limits: Limits, most: int) -> list[str]:
    """Write the rows; which sheet it was, its height, and `all` or `some` of it."""
    bounds = (limits.sheet_memory_bytes, limits.sheet_seconds, limits.columns, most)
    command = [sys.executable, "-m", __name__, str(path), str(to), sheet, *map(str, bounds)]
    try:
        done = subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, timeout=limits.sheet_seconds * 2, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise CannotRead("Reading the workbook took too long. Save the sheet as CSV.") from error
    if done.returncode == 0:
        return done.stdout.split()
    if done.returncode == _REFUSED:
        raise CannotRead(done.stderr.strip())
    raise CannotRead(
        "The workbook needs more memory than an import may use: often a stray cell far below or "
        "to the right of the table. Delete the empty rows and columns, or save the sheet as CSV."
    )


_REFUSED = 3
Cell = (
    int
    | float
    | str
    | bool
    | datetime.time
    | datetime.date
    | datetime.datetime
    | datetime.timedelta
)


def text_of_cell(value: Cell) -> str:
    """A cell as a person would type it: dates in ISO form, whole numbers without a fraction."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)


def _child(
    path: str, to: str, sheet: str, memory: int, seconds: int, columns: int, most: int
) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    import python_calamine as calamine  # the limits must hold while it loads

    try:
        with calamine.CalamineWorkbook.from_path(path) as book:
            found = _sheet(book, sheet)
            if found is None:
                named = f"no sheet called “{sheet}”" if sheet else "no sheet with cells in it"
                sys.stderr.write(f"The workbook has {named}.")
                return _REFUSED
            sys.stdout.write(f"{book.sheet_names.index(found.name)} ")
            return _write(found, to, columns, most)
    except calamine.CalamineError:
        sys.stderr.write(_DAMAGED)
        return _REFUSED


def _sheet(book: Any, wanted: str) -> Any:
    if wanted:
        return book.get_sheet_by_name(wanted) if wanted in book.sheet_names else None
    for meta in book.sheets_metadata:
        if str(meta.visible).endswith(".Visible") and str(meta.typ).endswith(".WorkSheet"):
            sheet = book.get_sheet_by_name(meta.name)
            if sheet.height:
                return sheet
    return None


def _write(sheet: Any, to: str, columns: int, most: int) -> int:
    if sheet.width > columns:
        sys.stderr.write(f"The sheet has {sheet.width:,} columns; at most {columns:,} are read.")
        return _REFUSED
    written = 0
    with open(to, "w", encoding="utf-8", errors="replace") as stream:
        for number, row in enumerate(sheet.iter_rows(), start=1):
            cells = [text_of_cell(cell) for cell in row]
            if any(cells):
                written += stream.write(json.dumps([number, cells], ensure_ascii=False) + "\n")
            if most and written > most:
                break
        else:
            number = 0
    sys.stdout.write(f"{sheet.total_height} {'some' if number else 'all'}")
    return 0


if __name__ == "__main__":
    _path, _to, _named, *_bounds = sys.argv[1:]
    sys.exit(_child(_path, _to, _named, *map(int, _bounds)))
