"""A scanner that is a command: the file on its standard input, the answer in how it ends."""

from __future__ import annotations

import shlex
import subprocess
import tempfile
from typing import IO

from .verdict import CannotScan, Verdict

SECONDS = 60
CHUNK = 1024 * 1024


class Command:
    def __init__(self, said: str) -> None:
        self._words = shlex.split(said)

    def __call__(self, stream: IO[bytes]) -> Verdict:
        with tempfile.TemporaryFile() as given:
            while piece := stream.read(CHUNK):
                given.write(piece)
            given.seek(0)
            try:
                done = subprocess.run(  # noqa: S603 (the company's own setting, without a shell)
                    self._words, stdin=given, capture_output=True, timeout=SECONDS, check=False
                )
            except (OSError, subprocess.TimeoutExpired) as error:
                raise CannotScan(str(error)) from error
        said = done.stdout.decode(errors="replace").strip().splitlines()
        if done.returncode == 0:
            return Verdict(by="command")
        if done.returncode == 1:
            return Verdict((said[0] if said else "Something bad")[:200], "command")
        raise CannotScan(f"The scanner ended with {done.returncode}")
