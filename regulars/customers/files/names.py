"""What a file is called: a name to show and to save under, never a path."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

LONGEST = 255
UNNAMED = "file"
# Of these a browser or Windows makes something else.
_FORBIDDEN = str.maketrans(dict.fromkeys('<>:"|?*', "_"))
_DEVICES = {"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10))}
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def clean(name: str) -> str:
    """The last part of the path, without what is not seen (controls, marks that turn the text).

    At most 255 characters and 255 bytes, cut before the ending; never empty, never a device.
    """
    name = unicodedata.normalize("NFC", name[: LONGEST * 8]).replace("\\", "/")
    name = name.rstrip("/ ").rpartition("/")[2]
    name = "".join(c for c in name if unicodedata.category(c) not in _HIDDEN)
    name = " ".join(name.translate(_FORBIDDEN).split()).strip(". ")
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 16:
        stem, dot, ending = name, "", ""
    if stem.lower() in _DEVICES or name.lower() in _DEVICES:
        stem = f"_{stem}"
    room = LONGEST - len(f"{dot}{ending}".encode())
    while len(stem.encode()) > room:
        stem = stem[: min(len(stem) - 1, room)]
    return f"{stem.rstrip()}{dot}{ending}" or UNNAMED


def disposition(name: str) -> str:
    """`Content-Disposition` (RFC 6266): always an attachment, in ASCII and in full."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = "".join(c if c not in '"\\%;' else "_" for c in plain).strip(". ") or UNNAMED
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
