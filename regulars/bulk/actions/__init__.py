"""Every verb of the bulk room: draw up, carry out, stop, take back."""

from .drafting import discard, draft, fill, propose
from .keeping import Busy, begin, finish, may_undo, unlink, wrote
from .running import fail, revive, run, start, stop, sweep
from .undoing import run_undo, take_back, undo

__all__ = [
    "Busy",
    "begin",
    "discard",
    "draft",
    "fail",
    "fill",
    "finish",
    "may_undo",
    "propose",
    "revive",
    "run",
    "run_undo",
    "start",
    "stop",
    "sweep",
    "take_back",
    "undo",
    "unlink",
    "wrote",
]
