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
    Source,
    Tag,
    Tagging,
    Tombstone,
)
from .fields import CustomField, CustomValue, FieldKind
from .history import History, Kept, histories, keepings, kept
from .search import SearchTerm
from .sources import SourceName

__all__ = [
    "Basis",
    "Category",
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
    "Group",
    "History",
    "Household",
    "Kept",
    "Location",
    "LocationKind",
    "Method",
    "Phone",
    "SearchTerm",
    "Source",
    "SourceName",
    "Status",
    "Tag",
    "Tagging",
    "Tombstone",
    "histories",
    "keepings",
    "kept",
]
