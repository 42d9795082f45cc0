"""What people type about customers; reads and checks, never saves."""

from .customer import AddForm, EraseForm, IdentityForm
from .log import LogForm
from .owner import OwnerForm
from .reach import ContactForm, EmailForms, LocationForm, PhoneForms

__all__ = [
    "AddForm",
    "ContactForm",
    "EmailForms",
    "EraseForm",
    "IdentityForm",
    "LocationForm",
    "LogForm",
    "OwnerForm",
    "PhoneForms",
]
