"""Every verb of matching; the only place of this room that writes."""

from .deciding import Decided, decide, postpone, reconsider
from .keeping import keep_missing
from .searching import Found, SearchBusy, ask, search_all, search_changed
from .uniting import accept, look_again, unite

__all__ = [
    "Decided",
    "Found",
    "SearchBusy",
    "accept",
    "ask",
    "decide",
    "keep_missing",
    "look_again",
    "postpone",
    "reconsider",
    "search_all",
    "search_changed",
    "unite",
]
