"""Every verb of matching; the only place of this room that writes."""

from .clustering import Told, decide_all, reconsider_all, unite_all
from .deciding import Decided, ask_now, decide, postpone, postpone_all, reconsider
from .keeping import keep_missing
from .searching import Found, SearchBusy, ask, search_all, search_changed
from .uniting import Accepted, TakenApart, accept, look_again, take_apart, undo_batch, unite

__all__ = [
    "Accepted",
    "Decided",
    "Found",
    "SearchBusy",
    "TakenApart",
    "Told",
    "accept",
    "ask",
    "ask_now",
    "decide",
    "decide_all",
    "keep_missing",
    "look_again",
    "postpone",
    "postpone_all",
    "reconsider",
    "reconsider_all",
    "search_all",
    "search_changed",
    "take_apart",
    "undo_batch",
    "unite",
    "unite_all",
]
