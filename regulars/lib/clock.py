"""The one clock: aware UTC time, so that tests can freeze it in one place."""

from datetime import UTC, datetime


def now() -> datetime:
    """Aware, in UTC."""
    return datetime.now(UTC)
