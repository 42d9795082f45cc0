"""What a file is, by its content alone: its name and what the sender says count for nothing."""

from __future__ import annotations

import re
import zipfile
from typing import IO

import puremagic

HEAD = 8_192
OCTETS = "application/octet-stream"
_OFFICE = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
# What a browser would run, or read as something to run, when it is found anywhere near the start.
_MARKUP = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|script|iframe|object|embed|style|title|a\s|b>|table|img|"
    rb"form|meta|link|base|math|div|p>|br)",
    re.IGNORECASE,
)
_SVG = re.compile(rb"<(?:\w+:)?svg[\s>/]", re.IGNORECASE)
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"#!")
PROGRAM = "application/x-executable"
_EXACT = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"{\\rtf", "application/rtf"),
)
_CONTROL = bytes(set(range(32)) - {9, 10, 12, 13, 27})
_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]{1,90}")


def content_type(stream: IO[bytes]) -> str:
    """The media type of what the stream holds; leaves it at its start."""
    stream.seek(0)
    head = stream.read(HEAD)
    stream.seek(0)
    found = _by_signature(head) or _by_archive(stream, head) or _by_text(head) or _guessed(stream)
    stream.seek(0)
    return found or OCTETS


def _by_signature(head: bytes) -> str:
    if head.startswith(_PROGRAMS):
        return PROGRAM
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for magic, kind in _EXACT if head.startswith(magic)), "")


def _by_archive(stream: IO[bytes], head: bytes) -> str:
    """A zip is what its entries say; only their names are read."""
    if not head.startswith(b"PK\x03\x04"):
        return ""
    try:
        with zipfile.ZipFile(stream) as archive:
            names = archive.namelist()[:2_000]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return "application/zip"
    if "[Content_Types].xml" in names:
        for folder, kind in _OFFICE.items():
            if any(name.startswith(folder) for name in names):
                return kind
    return "application/zip"


def _by_text(head: bytes) -> str:
    text = head.removeprefix(b"\xef\xbb\xbf")
    if text[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = text.decode("utf-16", "replace").encode()
    elif not _is_text(text):
        return ""
    if _SVG.search(text):
        return "image/svg+xml"
    if _MARKUP.search(text):
        return "text/html"
    if text.lstrip().startswith(b"<?xml"):
        return "application/xml"
    return "text/plain"


def _is_text(head: bytes) -> bool:
    if b"\0" in head or len(head.translate(None, _CONTROL)) < len(head):
        return False
    try:
        head.decode()
    except UnicodeDecodeError as error:
        # Cut in the middle of a letter, or an old code page: text all the same.
        return error.start > len(head) - 4 or _is_western(head)
    return True


def _is_western(head: bytes) -> bool:
    high = sum(byte > 127 for byte in head)
    return high < len(head) * 0.3


def _guessed(stream: IO[bytes]) -> str:
    """What the catalogue of signatures thinks of other binary content."""
    try:
        found = puremagic.magic_stream(stream)
    except (puremagic.PureError, ValueError, OSError, IndexError, KeyError, TypeError):
        return ""
    best = found[0].mime_type.lower() if found else ""
    sure = bool(found) and found[0].confidence >= 0.4
    return best if sure and _TYPE.fullmatch(best) else ""


# How it is spoken of, and what may be handed to a browser by its own name.

_KINDS = (
    ("image/svg+xml", "Drawing", "photo"),
    ("image/", "Picture", "photo"),
    ("video/", "Film", "movie"),
    ("audio/", "Sound", "music"),
    ("application/pdf", "PDF", "file-text"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml", "Document", "file-text"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml", "Spreadsheet", "file-text"),
    ("application/vnd.openxmlformats-officedocument.presentationml", "Presentation", "file-text"),
    ("application/rtf", "Document", "file-text"),
    ("text/html", "Web page", "world"),
    ("text/", "Text", "file-text"),
    ("application/zip", "Archive", "file-zip"),
    (PROGRAM, "Program", "alert-triangle"),
)
_HARMLESS = {
    *("image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "text/plain"),
    *("application/zip", "application/rtf", *_OFFICE.values()),
}


def kind(of: str) -> tuple[str, str]:
    """A word and an icon for a media type."""
    return next(
        ((word, icon) for start, word, icon in _KINDS if of.startswith(start)), ("File", "file")
    )


def served(of: str) -> str:
    """As what it is handed out: what a browser might run is only octets."""
    return of if of in _HARMLESS or of.startswith(("audio/", "video/")) else OCTETS
