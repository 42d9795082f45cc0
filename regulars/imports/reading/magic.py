"""What kind of file the first bytes promise, so that a picture is not read as a table."""

from pathlib import Path

from regulars.imports.reading.limits import CannotRead, Limits, in_megabytes

_NOT_TABLES = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"RIFF", "a sound or picture file"),
    (b"\x1f\x8b", "a compressed file (gzip); unpack it first"),
    (b"BZh", "a compressed file (bzip2); unpack it first"),
    (b"\xfd7zXZ", "a compressed file (xz); unpack it first"),
    (b"7z\xbc\xaf", "a compressed file (7-Zip); unpack it first"),
    (b"Rar!", "a compressed file (RAR); unpack it first"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"SQLite format 3", "a database"),
    (b"PAR1", "a Parquet file; export it as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls) or another Office file; save it as .xlsx"),
    (b"{\\rtf", "a text document (RTF)"),
    (b"BEGIN:VCARD", "an address card (vCard); export it as CSV"),
)
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<table", b"{", b"[{")
_CONTROL = bytes(set(range(32)) - {9, 10, 11, 12, 13, 27, 28, 29, 30, 31})
_WHAT_WE_READ = "Regulars reads CSV and Excel (.xlsx) files."


def is_workbook(path: Path, *, limits: Limits) -> bool:
    """Whether the file is a zip archive, as .xlsx is; False for what may be delimited text.

    Raises CannotRead when the file is too big, empty or clearly no table.
    """
    size = path.stat().st_size
    if size > limits.file_bytes:
        raise CannotRead(
            f"The file is {in_megabytes(size)}; at most {in_megabytes(limits.file_bytes)} can be "
            "imported at once. Split it and import the parts one after the other."
        )
    with path.open("rb") as stream:
        head = stream.read(8_192)
    if not head.strip():
        raise CannotRead("The file is empty. Nothing was imported.")
    if head.startswith(b"PK"):
        return True
    for magic, what in _NOT_TABLES:
        if head.startswith(magic):
            raise CannotRead(f"This is {what}. {_WHAT_WE_READ}")
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_MARKUP):
        raise CannotRead(f"This is a web page, XML or JSON, not a table. {_WHAT_WE_READ}")
    _refuse_binary(head)
    return False


def _refuse_binary(head: bytes) -> None:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return
    nulls = head.count(0)
    control = len(head) - len(head.translate(None, _CONTROL)) - nulls
    halves = max(head[0::2].count(0), head[1::2].count(0))
    wide = nulls > len(head) * 0.2 and halves > nulls * 0.8
    if control > len(head) * 0.05 or (nulls > len(head) * 0.2 and not wide):
        raise CannotRead(f"This file holds no readable text. {_WHAT_WE_READ}")
