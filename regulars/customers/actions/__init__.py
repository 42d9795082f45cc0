"""Every verb of the customer record; the only place that writes it."""

from regulars.customers.merging.doing import merge
from regulars.customers.merging.undoing import undo as undo_merge

from .bringing_back import bring_back
from .checking import mark_checked
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
from .editing import Conflict, Edited, NoSuchFact, edit
from .erasing import archive, erase, restore
from .files import attach, drop_preview, remove_file, rename_file, sweep_files
from .household_undo import undo_household
from .households import combine, confirm, join, leave, refuse, relate, rename, split
from .indexing import reindex
from .lists import (
    add_category,
    add_group,
    add_source,
    add_tag,
    change_category,
    change_group,
    change_source,
    change_tag,
    choose_default_group,
    delete_tag,
    merge_tags,
    remove_category,
    remove_group,
    remove_source,
)
from .locations import (
    add_location,
    change_location,
    remove_location,
)
from .many import (
    archive_many,
    reassign_many,
    recategorise_many,
    regroup_many,
    restore_many,
    tag_many,
    untag_many,
)
from .note_types import add_note_type, move_note_type, remove_note_type, rename_note_type
from .notes import add_note, edit_note, pin_note, retract_note, row_of, unpin_note
from .ownership import assign, hand_over, reassign, unassign
from .record import NewCustomer, add, add_many, change, tag, untag
from .referrals import refer
from .searching import keep_hot, keep_spelling
from .taking_back import TakenBack, Torn, take_back
from .undoing import undo

__all__ = [
    "Conflict",
    "Edited",
    "NewCustomer",
    "NoSuchFact",
    "TakenBack",
    "Torn",
    "add",
    "add_category",
    "add_contact",
    "add_field",
    "add_group",
    "add_location",
    "add_many",
    "add_note",
    "add_note_type",
    "add_source",
    "add_tag",
    "archive",
    "archive_field",
    "archive_many",
    "assign",
    "attach",
    "bring_back",
    "change",
    "change_category",
    "change_contact",
    "change_field",
    "change_group",
    "change_location",
    "change_source",
    "change_tag",
    "choose_default_group",
    "combine",
    "confirm",
    "delete_tag",
    "drop_preview",
    "edit",
    "edit_note",
    "erase",
    "hand_over",
    "join",
    "keep_hot",
    "keep_spelling",
    "leave",
    "mark_checked",
    "merge",
    "merge_tags",
    "move_field",
    "move_note_type",
    "pin_note",
    "put_custom",
    "reassign",
    "reassign_many",
    "recategorise_many",
    "record_consent",
    "refer",
    "refuse",
    "regroup_many",
    "reindex",
    "relate",
    "remove_category",
    "remove_contact",
    "remove_file",
    "remove_group",
    "remove_location",
    "remove_note_type",
    "remove_source",
    "rename",
    "rename_file",
    "rename_note_type",
    "restore",
    "restore_field",
    "restore_many",
    "retract_note",
    "row_of",
    "split",
    "sweep_files",
    "tag",
    "tag_many",
    "take_back",
    "unassign",
    "undo",
    "undo_household",
    "undo_merge",
    "unpin_note",
    "untag",
    "untag_many",
]
