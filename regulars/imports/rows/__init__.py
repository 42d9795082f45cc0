"""What one record says, by the mapping: pure, a draft or the reason why not."""

from regulars.imports.rows.cells import BadRow, Cells
from regulars.imports.rows.customers import CustomerDraft, read_customer
from regulars.imports.rows.events import EventDraft, read_event
from regulars.imports.rows.staff import StaffDraft, read_colleague

__all__ = [
    "BadRow",
    "Cells",
    "CustomerDraft",
    "EventDraft",
    "StaffDraft",
    "read_colleague",
    "read_customer",
    "read_event",
]
