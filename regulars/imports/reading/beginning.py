"""A workbook cut down to the first rows of its sheets, so that its beginning is read quickly."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

SHEET = 1_500_000
"""How many bytes of a sheet are kept."""
_COPIED = 20_000_000
_PIECE = 1 << 20
_STRINGS = "xl/sharedStrings.xml"
_NEEDED = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels|xl/styles\.xml"
)
_A_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_ROW_ENDS = re.compile(rb"</((?:\w+:)?)row\s*>")
_IS_SHARED = re.compile(rb"""\bt=["']s["']""")
_SHARED = re.compile(rb"""(<(?:\w+:)?c\b[^>]*\bt=["']s["'][^>]*>\s*<(?:\w+:)?v>\s*)(\d+)""")
_SHEET_ID = re.compile(rb"""<(?:\w+:)?sheet\b[^>]*\s\w+:id=["']([^"']+)""")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(rb"""\b(Id|Target)=["']([^"']*)""")
_STRING = re.compile(rb"<((?:\w+:)?)si\b")


class _Strange(Exception):
    """The workbook is written in a way that we cannot cut."""


def cut(path: Path, to: Path) -> list[float] | None:
    """Write the beginning of a workbook that was checked; which share of each sheet is in it, 0–1.

    None when it cannot be cut, and has to be read whole.
    """
    try:
        with zipfile.ZipFile(path) as archive, zipfile.ZipFile(to, "w") as short:
            return _cut(archive, short)
    except (_Strange, zipfile.BadZipFile, NotImplementedError, EOFError, KeyError):
        return None


def _cut(archive: zipfile.ZipFile, short: zipfile.ZipFile) -> list[float]:
    parts = {part.filename: part for part in archive.infolist()}
    needed = [name for name in parts if _NEEDED.fullmatch(name)]
    if sum(parts[name].file_size for name in needed) > _COPIED:
        raise _Strange
    for name in needed:
        short.writestr(name, archive.read(name))
    shares: dict[str, float] = {}
    wanted: dict[int, int] = {}
    for name in (name for name in parts if _A_SHEET.fullmatch(name)):
        with archive.open(name) as stream:
            begin, rest = _beginning(stream)
        shares[name] = len(begin) / parts[name].file_size if rest else 1.0
        short.writestr(name, _renumbered(begin, wanted))
    if wanted:
        with archive.open(_STRINGS) as stream:
            short.writestr(_STRINGS, _strings(stream, wanted))
    return [shares.get(name, 1.0) for name in _in_order(archive)]


def _in_order(archive: zipfile.ZipFile) -> list[str]:
    """The parts of the sheets, as the workbook counts them."""
    places = {}
    for relation in _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels")):
        said = dict(_ATTRIBUTE.findall(relation))
        places[said.get(b"Id")] = said.get(b"Target", b"").decode(errors="replace")
    ids = _SHEET_ID.findall(archive.read("xl/workbook.xml"))
    return [str(PurePosixPath("xl", places.get(one, ""))).lstrip("/") for one in ids]


def _beginning(stream: IO[bytes]) -> tuple[bytes, bool]:
    """The sheet up to the end of a row, closed properly; whether there is more of it."""
    text = stream.read(SHEET + 1)
    if len(text) <= SHEET:
        return text, False
    ends = list(_ROW_ENDS.finditer(text))
    if not ends:
        raise _Strange
    mark = ends[-1][1]
    return text[: ends[-1].end()] + b"</" + mark + b"sheetData></" + mark + b"worksheet>", True


def _renumbered(sheet: bytes, wanted: dict[int, int]) -> bytes:
    """The sheet with the shared texts it uses numbered anew; `wanted` maps the old numbers."""
    found = 0

    def new(cell: re.Match[bytes]) -> bytes:
        nonlocal found
        found += 1
        return b"%b%d" % (cell[1], wanted.setdefault(int(cell[2]), len(wanted)))

    text = _SHARED.sub(new, sheet)
    if found != len(_IS_SHARED.findall(sheet)):
        raise _Strange
    return text


def _strings(stream: IO[bytes], wanted: dict[int, int]) -> bytes:
    """Only the wanted shared texts, in their new order."""
    head = stream.read(_PIECE)
    first = _STRING.search(head)
    if first is None:
        raise _Strange
    mark = first[1]
    start, last = head[: first.start()], max(wanted)
    kept: dict[int, bytes] = {}
    texts = _texts(stream, head[first.start() :], mark)
    for at, text in enumerate(texts):
        if at in wanted:
            kept[wanted[at]] = text
        if at == last:
            break
    if len(kept) < len(wanted):
        raise _Strange
    return start + b"".join(kept[at] for at in range(len(kept))) + b"</" + mark + b"sst>"


def _texts(stream: IO[bytes], begin: bytes, mark: bytes) -> Iterator[bytes]:
    """Every shared text as it is written, one after the other."""
    end, empty = b"</" + mark + b"si>", b"<" + mark + b"si/>"
    rest = begin
    while True:
        *whole, rest = rest.split(end)
        for text in whole:
            while text.startswith(empty):
                yield empty
                text = text[len(empty) :]
            yield text + end
        piece = stream.read(_PIECE)
        if not piece:
            break
        rest += piece
    while rest.startswith(empty):
        yield empty
        rest = rest[len(empty) :]
