"""The tables of the customer record."""

from .consents import Basis, ConsentChannel, ConsentRecord, Method
from .contacts import (
    CheckLevel,
    Consent,
    Contact,
    Email,
    Location,
    LocationKind,
    Phone,
    Status,
)
from .customer import (
    Category,
    Colour,
    Customer,
    CustomerType,
    ExternalId,
    Group,
    Household,
    NotFamily,
    Source,
    Tag,
    Tagging,
    Tombstone,
)
from .fields import CustomField, CustomValue, FieldKind
from .files import Attachment
from .history import History, Kept, histories, keepings, kept
from .households import HouseholdChange, HouseholdDeed, HouseholdMove
from .merges import (
    ChangeKind,
    FormerExternalId,
    FormerName,
    Merge,
    MergeChange,
    MergedProfile,
)
from .notes import CallStatus, Note, NoteType
from .search import HotFrom, HotTerm, SearchTerm, Spelling
from .sources import SourceName
from .suppression import Suppression

__all__ = [
    "Attachment",
    "Basis",
    "CallStatus",
    "Category",
    "ChangeKind",
    "CheckLevel",
    "Colour",
    "Consent",
    "ConsentChannel",
    "ConsentRecord",
    "Contact",
    "CustomField",
    "CustomValue",
    "Customer",
    "CustomerType",
    "Email",
    "ExternalId",
    "FieldKind",
    "FormerExternalId",
    "FormerName",
    "Group",
    "History",
    "HotFrom",
    "HotTerm",
    "Household",
    "HouseholdChange",
    "HouseholdDeed",
    "HouseholdMove",
    "Kept",
    "Location",
    "LocationKind",
    "Merge",
    "MergeChange",
    "MergedProfile",
    "Method",
    "NotFamily",
    "Note",
    "NoteType",
    "Phone",
    "SearchTerm",
    "Source",
    "SourceName",
    "Spelling",
    "Status",
    "Suppression",
    "Tag",
    "Tagging",
    "Tombstone",
    "histories",
    "keepings",
    "kept",
]
