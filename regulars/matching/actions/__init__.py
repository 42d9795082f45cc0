"""Every verb of matching; the only place of this room that writes."""

from .deciding import Decided, decide, postpone, reconsider
from .keeping import keep_missing
from .searching import Found, SearchBusy, ask, search_all, search_changed
from .uniting import Accepted, TakenApart, accept, look_again, undo_batch, unite

__all__ = [
    "Accepted",
    "Decided",
    "Found",
    "SearchBusy",
    "TakenApart",
    "accept",
    "ask",
    "decide",
    "keep_missing",
    "look_again",
    "postpone",
    "reconsider",
    "search_all",
    "search_changed",
    "undo_batch",
    "unite",
]
