"""Argon2id with a cap: a crowd at the door must not take all processors and all memory."""

import os
import threading

from django.contrib.auth.hashers import Argon2PasswordHasher

AT_ONCE = max(2, os.cpu_count() or 2)
PATIENCE_SECONDS = 10


class Busy(Exception):
    """Too many passwords are being checked at this moment."""


_turn = threading.BoundedSemaphore(AT_ONCE)


class CappedArgon2(Argon2PasswordHasher):
    """46 MiB and two passes (OWASP's middle choice); `Busy` after ten seconds in the queue."""

    memory_cost = 47104
    time_cost = 2
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with _Turn():
            return str(super().encode(password, salt))

    def verify(self, password: str, encoded: str) -> bool:
        with _Turn():
            return bool(super().verify(password, encoded))


class _Turn:
    def __enter__(self) -> None:
        if not _turn.acquire(timeout=PATIENCE_SECONDS):
            raise Busy

    def __exit__(self, *error: object) -> None:
        _turn.release()
