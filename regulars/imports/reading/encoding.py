"""Which letters the bytes stand for: the file's encoding, and lines that break it."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from regulars.imports.reading.limits import CannotRead

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp1252", "cp1250", "iso8859-15", "utf-32")
"""What a person may choose; the first four are also guessed."""

KEEP_BYTES = "regulars.keep-bytes"
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MULTIBYTE = re.compile(rb"[\xc2-\xf4][\x80-\xbf]+")
_BROKEN = re.compile("[\ud800-\udfff]")
_BROKEN_RUN = re.compile("[\udc00-\udcff]+")
_NON_ASCII = re.compile("[^\x00-\x7f\udc00-\udcff]")
_HIGH = re.compile(rb"[\x80-\xff]")
_SAMPLE = 16_384
_PIECE = 1 << 20
_SETTLE = 20_000  # lines with such letters
_TYPOGRAPHY = set("‘’“”–—…€«»°ªº")


def _keep_bytes(error: UnicodeError) -> tuple[str, int]:
    """Each undecodable byte becomes one lone surrogate, so that only its own record suffers."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return "".join(chr(0xDC00 + byte) for byte in bad), error.end


codecs.register_error(KEEP_BYTES, _keep_bytes)


def encoding_of(path: Path) -> str:
    """A Python codec name. Without a byte order mark: UTF-8 when most of its lines are."""
    with path.open("rb") as stream:
        head = stream.read(_SAMPLE)
    for bom, name in _BOMS:
        if head.startswith(bom):
            return name
    wide = _wide(head)
    if wide:
        return wide
    return "utf-8" if _mostly_utf8(path) else "cp1252"


def _wide(head: bytes) -> str | None:
    pairs = len(head) // 2
    if pairs < 4:
        return None
    even, odd = head[0 : pairs * 2 : 2].count(0), head[1 : pairs * 2 : 2].count(0)
    if odd > pairs * 0.4 and even < pairs * 0.1:
        return "utf-16-le"
    if even > pairs * 0.4 and odd < pairs * 0.1:
        return "utf-16-be"
    return None


def _mostly_utf8(path: Path) -> bool:
    """Whether all of it is UTF-8, or at least most of the first lines that settle it."""
    decode = codecs.getincrementaldecoder("utf-8")().decode
    with path.open("rb") as stream:
        try:
            while piece := stream.read(_PIECE):
                decode(piece)
            decode(b"", True)
        except UnicodeDecodeError:
            return _more_good_lines(path)
    return True


def _more_good_lines(path: Path) -> bool:
    good = bad = 0
    with path.open("rb") as stream:
        while (piece := stream.read(_PIECE)) and good + bad < _SETTLE:
            piece += stream.readline(_PIECE)
            for line in () if piece.isascii() else _telling(piece):
                if _is_utf8(line):
                    good += bool(_MULTIBYTE.search(line))
                else:
                    bad += 1
                if good + bad >= _SETTLE:
                    break
    return good >= bad


def _telling(piece: bytes) -> Iterator[bytes]:
    """The lines with letters outside ASCII; of a very long one, a part."""
    end = 0
    while found := _HIGH.search(piece, end):
        start = piece.rfind(b"\n", end, found.start()) + 1 or end
        end = piece.find(b"\n", found.start()) + 1 or len(piece)
        yield piece[start:end]


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError as error:
        # A line cut at the read size may end or begin inside a letter; not the file's fault.
        return len(line) >= _PIECE and (error.start > len(line) - 4 or error.start < 4)
    return True


def is_broken(text: str) -> bool:
    """Whether some bytes of this text could not be decoded."""
    return bool(_BROKEN.search(text))


def mended(text: str) -> str | None:
    """The text with its stray bytes read as Windows-1252, when that gives plain letters.

    None when it stays doubtful: the record also holds real letters outside ASCII, or the bytes
    would give signs nobody types.
    """
    if _NON_ASCII.search(text):
        return None
    for run in _BROKEN_RUN.findall(text):
        raw = bytes(ord(letter) - 0xDC00 for letter in run)
        try:
            letters = raw.decode("cp1252")
        except UnicodeDecodeError:
            return None
        if not all(one.isalpha() or one in _TYPOGRAPHY for one in letters):
            return None
    return _BROKEN_RUN.sub(
        lambda found: bytes(ord(one) - 0xDC00 for one in found.group()).decode("cp1252"), text
    )


def printable(text: str) -> str:
    """The text as it can be stored and shown: undecodable bytes as `\\xNN`, NUL as `\\x00`."""
    if "\x00" not in text and not is_broken(text):
        return text
    shown = [
        f"\\x{ord(letter) & 0xFF:02x}"
        if letter == "\x00" or "\ud800" <= letter <= "\udfff"
        else letter
        for letter in text
    ]
    return "".join(shown)


def chosen(name: str) -> str:
    """The codec name a person chose instead of the file's own, when it is one we offer.

    Raises CannotRead otherwise, and for UTF-32, which is nothing without its own first bytes.
    """
    if name not in ENCODINGS:
        choices = ", ".join(ENCODINGS)
        raise CannotRead(f"“{name}” is not an encoding we read. Choose one of {choices}.")
    if name == "utf-32":
        raise CannotRead("The file is not written in UTF-32. Choose other letters.")
    return name
