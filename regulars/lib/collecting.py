"""The collector of garbage, held back while very many objects are made and kept."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_ORDINARY = gc.get_threshold()


@contextmanager
def seldom() -> Iterator[None]:
    """Look for garbage after 100,000 new objects, not after 700: a fifth of an import's time."""
    gc.set_threshold(100_000, *_ORDINARY[1:])
    try:
        yield
    finally:
        gc.set_threshold(*_ORDINARY)
