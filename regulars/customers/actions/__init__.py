"""Every verb of the customer record; the only place that writes it."""

from .details import (
    add_contact,
    add_location,
    change_contact,
    change_location,
    remove_contact,
    remove_location,
)
from .erasing import archive, erase, restore
from .ownership import assign, reassign, unassign
from .record import NewCustomer, add, add_many, change, reindex, tag, untag

__all__ = [
    "NewCustomer",
    "add",
    "add_contact",
    "add_location",
    "add_many",
    "archive",
    "assign",
    "change",
    "change_contact",
    "change_location",
    "erase",
    "reassign",
    "reindex",
    "remove_contact",
    "remove_location",
    "restore",
    "tag",
    "unassign",
    "untag",
]
