"""Every verb of matching; the only place of this room that writes."""

from .deciding import Decided, decide, postpone, reconsider
from .keeping import keep_missing

__all__ = ["Decided", "decide", "keep_missing", "postpone", "reconsider"]
