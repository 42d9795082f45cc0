"""ClamAV's daemon, asked over its socket: the file goes to it in pieces (INSTREAM)."""

from __future__ import annotations

import socket
import struct
from typing import IO
from urllib.parse import urlsplit

from .verdict import CannotScan, Verdict

SECONDS = 60
CHUNK = 64 * 1024


class Clamd:
    def __init__(self, said: str) -> None:
        self._at = urlsplit(said)

    def __call__(self, stream: IO[bytes]) -> Verdict:
        try:
            with self._opened() as door:
                door.sendall(b"zINSTREAM\0")
                while piece := stream.read(CHUNK):
                    door.sendall(struct.pack("!I", len(piece)) + piece)
                door.sendall(struct.pack("!I", 0))
                return _read(self._answer(door))
        except (OSError, ValueError) as error:
            raise CannotScan(str(error)) from error

    def _opened(self) -> socket.socket:
        if self._at.hostname:
            return socket.create_connection((self._at.hostname, self._at.port or 3310), SECONDS)
        door = socket.socket(socket.AF_UNIX)
        door.settimeout(SECONDS)
        door.connect(self._at.path)
        return door

    def _answer(self, door: socket.socket) -> str:
        said = b""
        while b"\0" not in said and len(said) < 4_096:
            piece = door.recv(1_024)
            if not piece:
                break
            said += piece
        return said.partition(b"\0")[0].decode(errors="replace").strip()


def _read(said: str) -> Verdict:
    """`stream: OK` or `stream: Eicar-Test-Signature FOUND`; anything else is no answer."""
    words = said.removeprefix("stream:").strip()
    if words == "OK":
        return Verdict(by="clamd")
    if words.endswith(" FOUND"):
        return Verdict(words.removesuffix(" FOUND")[:200] or "Something bad", "clamd")
    raise CannotScan(said[:200] or "clamd did not answer")
