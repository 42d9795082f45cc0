"""How much a file may ask of us, and the refusal when it asks for more."""

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


class CannotRead(Exception):
    """The whole file is refused; the message is a sentence for the person who sent it."""


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes unless the name says otherwise."""

    file_bytes: int = 50 * MEGABYTE
    field_chars: int = 131_072
    record_chars: int = 4_000_000
    columns: int = 1_000
    unzipped_bytes: int = 200 * MEGABYTE
    zip_ratio: int = 100
    zip_entries: int = 2_000
    sheet_memory_bytes: int = 2048 * MEGABYTE
    sheet_seconds: int = 60


def in_megabytes(size: int) -> str:
    """A size as a person says it: `12.3 MB`."""
    return f"{size / MEGABYTE:,.1f} MB".replace(".0 MB", " MB")
