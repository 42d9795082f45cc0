"""The test string by which every scanner proves that it works; ours knows nothing else."""

from __future__ import annotations

from typing import IO

from .verdict import Verdict

# In halves, so that no scanner takes this file for one.
SIGNATURE = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
CHUNK = 1024 * 1024


def scan(stream: IO[bytes]) -> Verdict:
    """Anywhere in the file, also across the pieces it is read in."""
    before = b""
    while piece := stream.read(CHUNK):
        if SIGNATURE in before + piece:
            return Verdict("EICAR test file", "eicar")
        before = piece[-len(SIGNATURE) :]
    return Verdict(by="eicar")
