"""Every verb of an import; the only place of this room that writes."""

from .deciding import Busy, choose, forget, name_columns, upload
from .running import fail, run, start, stop, sweep

__all__ = [
    "Busy",
    "choose",
    "fail",
    "forget",
    "name_columns",
    "run",
    "start",
    "stop",
    "sweep",
    "upload",
]
