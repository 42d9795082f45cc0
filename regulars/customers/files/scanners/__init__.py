"""The virus hook: every file is looked at before it is kept; a scanner that fails lets none in.

`FILE_SCANNER` is empty (only the test string is looked for), `clamd://host:3310`,
`clamd:///run/clamd.sock`, or a command that reads the file from its standard input and ends with 0
for a clean one and 1 for a bad one, whose name it may write in its first line.
"""

from __future__ import annotations

from typing import IO, Protocol

from django.conf import settings

from . import clamd, command, eicar
from .verdict import CannotScan, Verdict

__all__ = ["CannotScan", "Scanner", "Verdict", "scan"]


class Scanner(Protocol):
    """Reads the stream from its start and says what it found. Raises `CannotScan`."""

    def __call__(self, stream: IO[bytes]) -> Verdict: ...


def scan(stream: IO[bytes]) -> Verdict:
    """What our own look and the company's scanner say. Raises `CannotScan`."""
    for scanner in _scanners(settings.FILE_SCANNER):
        stream.seek(0)
        verdict = scanner(stream)
        if not verdict.clean:
            return verdict
    stream.seek(0)
    return Verdict(by=_name(settings.FILE_SCANNER))


def _scanners(said: str) -> list[Scanner]:
    found: list[Scanner] = [eicar.scan]
    if said.startswith("clamd://"):
        found.append(clamd.Clamd(said))
    elif said:
        found.append(command.Command(said))
    return found


def _name(said: str) -> str:
    return "clamd" if said.startswith("clamd://") else "command" if said else ""
