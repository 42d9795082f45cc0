"""One customer: their page, what is done to them in one press, and the forms behind it."""

from .alike import alike
from .deeds import archive, known_tags, log, resolve, restore, tags
from .editing import erase, identity, owner
from .facts import fact
from .filing import file, files, preview, remove_file, rename_file
from .noting import mentionable, note, pin, retract, unpin
from .page import customer
from .past import act, history
from .reaching import bring_back, contact, contact_gone, location, location_gone
from .undoing import undo

__all__ = [
    "act",
    "alike",
    "archive",
    "bring_back",
    "contact",
    "contact_gone",
    "customer",
    "erase",
    "fact",
    "file",
    "files",
    "history",
    "identity",
    "known_tags",
    "location",
    "location_gone",
    "log",
    "mentionable",
    "note",
    "owner",
    "pin",
    "preview",
    "remove_file",
    "rename_file",
    "resolve",
    "restore",
    "retract",
    "tags",
    "undo",
    "unpin",
]
