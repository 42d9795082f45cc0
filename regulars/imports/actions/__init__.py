"""Every verb of an import; the only place of this room that writes."""

from .checking import check, leave_unchecked
from .deciding import Busy, choose, forget, name_columns, upload
from .running import fail, revive, run, start, stop, sweep
from .staff import take_back

__all__ = [
    "Busy",
    "check",
    "choose",
    "fail",
    "forget",
    "leave_unchecked",
    "name_columns",
    "revive",
    "run",
    "start",
    "stop",
    "sweep",
    "take_back",
    "upload",
]
