"""What people type about customers; reads and checks, never saves."""

from .consent import ConsentForm
from .customer import AddForm, EraseForm, IdentityForm
from .family import HouseholdForm, ReferralForm
from .log import LogForm
from .owner import OwnerForm
from .reach import AddressForm, ContactForm, EmailForms, LocationForm, PhoneForms

__all__ = [
    "AddForm",
    "AddressForm",
    "ConsentForm",
    "ContactForm",
    "EmailForms",
    "EraseForm",
    "HouseholdForm",
    "IdentityForm",
    "LocationForm",
    "LogForm",
    "OwnerForm",
    "PhoneForms",
    "ReferralForm",
]
