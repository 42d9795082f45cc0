"""The tables of the customer record."""

from .contacts import Consent, Contact, Email, Location, LocationKind, Phone, Status
from .customer import Customer, CustomerType, ExternalId, Group, Source, Tag, Tagging, Tombstone
from .search import SearchTerm

__all__ = [
    "Consent",
    "Contact",
    "Customer",
    "CustomerType",
    "Email",
    "ExternalId",
    "Group",
    "Location",
    "LocationKind",
    "Phone",
    "SearchTerm",
    "Source",
    "Status",
    "Tag",
    "Tagging",
    "Tombstone",
]
