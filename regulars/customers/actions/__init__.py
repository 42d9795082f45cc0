"""Every verb of the customer record; the only place that writes it."""

from .contacts import add_contact, change_contact, remove_contact
from .erasing import archive, erase, restore
from .indexing import reindex
from .locations import add_location, change_location, remove_location
from .ownership import assign, reassign, unassign
from .record import NewCustomer, add, add_many, change, tag, untag

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
