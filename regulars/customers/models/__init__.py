"""The tables of the customer record."""

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
    Source,
    Tag,
    Tagging,
    Tombstone,
)
from .fields import CustomField, CustomValue, FieldKind
from .history import History, Kept, histories, keepings, kept
from .search import SearchTerm

__all__ = [
    "Category",
    "CheckLevel",
    "Colour",
    "Consent",
    "Contact",
    "CustomField",
    "CustomValue",
    "Customer",
    "CustomerType",
    "Email",
    "ExternalId",
    "FieldKind",
    "Group",
    "History",
    "Household",
    "Kept",
    "Location",
    "LocationKind",
    "Phone",
    "SearchTerm",
    "Source",
    "Status",
    "Tag",
    "Tagging",
    "Tombstone",
    "histories",
    "keepings",
    "kept",
]
