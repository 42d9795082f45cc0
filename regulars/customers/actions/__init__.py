"""Every verb of the customer record; the only place that writes it."""

from .consents import record_consent
from .contacts import add_contact, change_contact, remove_contact
from .custom import (
    add_field,
    archive_field,
    change_field,
    move_field,
    put_custom,
    restore_field,
)
from .erasing import archive, erase, restore
from .indexing import reindex
from .locations import add_location, change_location, remove_location
from .ownership import assign, reassign, unassign
from .record import NewCustomer, add, add_many, change, tag, untag

__all__ = [
    "NewCustomer",
    "add",
    "add_contact",
    "add_field",
    "add_location",
    "add_many",
    "archive",
    "archive_field",
    "assign",
    "change",
    "change_contact",
    "change_field",
    "change_location",
    "erase",
    "move_field",
    "put_custom",
    "reassign",
    "record_consent",
    "reindex",
    "remove_contact",
    "remove_location",
    "restore",
    "restore_field",
    "tag",
    "unassign",
    "untag",
]
