"""A contact with emails and phones, and a place."""

from __future__ import annotations

from typing import Any

from django import forms

from regulars.customers.models import Consent, LocationKind, Status
from regulars.staff.forms import CountryField

from .consent import EmailConsent

MOST = 20


class EmailForm(EmailConsent):
    """One address; an empty one is not kept."""

    address = forms.CharField(label="Email", max_length=254, required=False)
    label = forms.CharField(label="Label", max_length=40, required=False)
    status = forms.ChoiceField(
        label="Status",
        required=False,
        choices=[
            (Status.UNKNOWN, "Not known"),
            (Status.OK, "Works"),
            (Status.BOUNCED, "Bounced"),
            (Status.COMPLAINED, "Reported as spam"),
            (Status.UNSUBSCRIBED, "Unsubscribed"),
        ],
    )

    def facts(self) -> dict[str, Any]:
        """Nested as the API has it, for `customers.facts.read_contact`."""
        if not self.cleaned_data.get("address"):
            return {}
        keys = ("address", "label", "status")
        return {key: self.cleaned_data[key] for key in keys} | self.said()


AGREED = [
    (Consent.UNKNOWN, "Not recorded"),
    (Consent.EXPRESS, "Yes"),
    (Consent.NONE, "No"),
    (Consent.WITHDRAWN, "They took it back"),
]


class PhoneForm(forms.Form):
    """One number; an empty one is not kept."""

    number = forms.CharField(label="Phone", max_length=60, required=False)
    label = forms.CharField(label="Label", max_length=40, required=False)
    call_consent = forms.ChoiceField(label="Calls agreed", required=False, choices=AGREED)
    text_consent = forms.ChoiceField(label="Texts agreed", required=False, choices=AGREED)
    status = forms.ChoiceField(
        label="Status",
        required=False,
        choices=[
            (Status.UNKNOWN, "Not known"),
            (Status.OK, "Works"),
            (Status.BOUNCED, "Out of service"),
            (Status.COMPLAINED, "Complained"),
            (Status.UNSUBSCRIBED, "Answered STOP"),
        ],
    )


EmailForms = forms.formset_factory(EmailForm, extra=1, max_num=MOST, absolute_max=MOST)
PhoneForms = forms.formset_factory(PhoneForm, extra=1, max_num=MOST, absolute_max=MOST)


class ContactForm(forms.Form):
    """Who it is; the addresses stand beside it in forms of their own."""

    first_name = forms.CharField(label="First name", max_length=100, required=False)
    last_name = forms.CharField(label="Last name", max_length=100, required=False)
    title = forms.CharField(label="Job title", max_length=100, required=False)
    role = forms.CharField(label="Role", max_length=60, required=False)
    language = forms.CharField(label="Language", max_length=60, required=False)
    time_zone = forms.CharField(label="Time zone", max_length=60, required=False)
    birthday = forms.CharField(label="Birthday", max_length=40, required=False)
    about = forms.CharField(
        label="Personal", max_length=2_000, required=False, widget=forms.Textarea({"rows": 2})
    )
    primary = forms.BooleanField(label="Primary contact", required=False)


class AddressForm(forms.Form):
    """The fields of an address; the browser's own memory stays out of it."""

    line1 = forms.CharField(label="Street", max_length=200, required=False)
    line2 = forms.CharField(label="Apartment, suite", max_length=200, required=False)
    city = forms.CharField(label="City", max_length=100, required=False)
    state = forms.CharField(label="State or province", max_length=100, required=False)
    postal_code = forms.CharField(label="ZIP or postal code", max_length=20, required=False)
    country = CountryField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("line1", "line2", "city", "state", "postal_code", "country"):
            self.fields[name].widget.attrs["autocomplete"] = "off"


class LocationForm(AddressForm):
    """A place: an address with a kind and a name."""

    kind = forms.ChoiceField(
        label="Kind", required=False, choices=[("", "None"), *LocationKind.choices]
    )
    name = forms.CharField(label="Name", max_length=100, required=False)
    primary = forms.BooleanField(label="Primary location", required=False)
