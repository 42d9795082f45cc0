"""Is this an address? Offline at once; the US Postal Service in the background when configured."""

from .contract import Checked
from .offline import check

__all__ = ["Checked", "check"]
