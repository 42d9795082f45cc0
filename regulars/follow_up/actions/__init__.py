"""Every verb of tasks; the only place that writes them."""

from .many import add_many
from .one import add, archive, change, finish, reassign, reopen, restore
from .whose import follow, release

__all__ = [
    "add",
    "add_many",
    "archive",
    "change",
    "finish",
    "follow",
    "reassign",
    "release",
    "reopen",
    "restore",
]
