"""Public ids: UUIDv7 (RFC 9562 §5.7), so that new rows stand beside each other in the index."""

import os
import time
from uuid import UUID


def uuid7(milliseconds: int | None = None, tail: int | None = None) -> UUID:
    """A new id; with a Unix time and 74 bits of `tail` given, always the same one."""
    if milliseconds is None:
        milliseconds = time.time_ns() // 1_000_000
    if tail is None:
        tail = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds & (2**48 - 1)) << 80 | (tail & (2**80 - 1))
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)
