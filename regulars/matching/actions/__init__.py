"""Every verb of matching; the only place of this room that writes."""

from .deciding import Decided, accept, decide, postpone, reconsider
from .keeping import keep_missing
from .searching import Found, SearchBusy, search_all, search_changed

__all__ = [
    "Decided",
    "Found",
    "SearchBusy",
    "accept",
    "decide",
    "keep_missing",
    "postpone",
    "reconsider",
    "search_all",
    "search_changed",
]
