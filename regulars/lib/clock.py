"""The one clock: aware UTC time, so that tests can freeze it in one place."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_pretended: ContextVar[datetime | None] = ContextVar("pretended", default=None)


def now() -> datetime:
    """Aware, in UTC."""
    return _pretended.get() or datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """What is done inside is done then, as far as this clock goes: for made-up pasts."""
    before = _pretended.set(moment)
    try:
        yield
    finally:
        _pretended.reset(before)
