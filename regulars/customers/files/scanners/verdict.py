"""What a scanner answers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    """`found` is what the scanner calls it, "" for a clean file; `by` the scanner that looked."""

    found: str = ""
    by: str = ""

    @property
    def clean(self) -> bool:
        return not self.found


class CannotScan(Exception):
    """The scanner did not answer: nobody knows whether the file is clean."""
