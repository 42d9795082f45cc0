"""Who the customer is: adding one, changing one, and erasing one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from regulars.customers.models import Category, CustomerType, Group, Source
from regulars.staff.forms import CountryField
from regulars.staff.models import Sees, Store, User

from .consent import EmailConsent


def offer(form: forms.Form, name: str, rows: QuerySet[Any]) -> None:
    """Put `rows` before the person, asked once."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 (for the type checker)
    field.queryset = rows


class IdentityForm(forms.Form):
    """Who a customer is; `version` is that of the page it was read from.

    `by` may put the customer into their own store, or leave it in `store`, where it is.
    """

    first_name = forms.CharField(label="First name", max_length=100, required=False)
    last_name = forms.CharField(label="Last name", max_length=100, required=False)
    company = forms.CharField(label="Company", max_length=200, required=False)
    type = forms.ChoiceField(label="Type", choices=CustomerType.choices)
    group = forms.ModelChoiceField(
        Group.objects.none(), label="Group", required=False, empty_label="No group"
    )
    category = forms.ModelChoiceField(
        Category.objects.none(), label="Category", required=False, empty_label="No category"
    )
    source = forms.ChoiceField(
        label="Source", required=False, choices=[("", "Not known"), *Source.choices]
    )
    source_other = forms.CharField(label="Which other source", max_length=100, required=False)
    store = forms.ModelChoiceField(
        Store.objects.none(), label="Store", required=False, empty_label="No store"
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    def __init__(self, *args: Any, by: User, store: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "group", Group.objects.all())
        offer(self, "category", Category.objects.all())
        stores = Store.objects.all()
        if by.role.sees != Sees.ALL:
            stores = stores.filter(pk__in=[pk for pk in (by.store_id, store) if pk])
        offer(self, "store", stores)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        given = ("first_name", "last_name", "company")
        if not any(found.get(key) for key in given) and not any(
            key in self.errors for key in given
        ):
            self.add_error("first_name", "A customer needs a name: a person's or a company's.")
        if found.get("source") == Source.OTHER and not found.get("source_other"):
            self.add_error("source_other", "Say which other source.")
        return found


PLACE = ("line1", "line2", "city", "state", "postal_code", "country")


class AddForm(EmailConsent, IdentityForm):
    """A new customer: only a name is required, and what an email says about consent."""

    email_name = "email"

    email = forms.CharField(label="Email", max_length=254, required=False)
    phone = forms.CharField(label="Phone", max_length=60, required=False)
    line1 = forms.CharField(label="Street", max_length=200, required=False)
    line2 = forms.CharField(label="Apartment, suite", max_length=200, required=False)
    city = forms.CharField(label="City", max_length=100, required=False)
    state = forms.CharField(label="State or province", max_length=100, required=False)
    postal_code = forms.CharField(label="ZIP or postal code", max_length=20, required=False)
    country = CountryField(required=False)
    tags = forms.CharField(
        label="Tags", max_length=600, required=False, help_text="With commas between them."
    )
    note = forms.CharField(
        label="Note", max_length=8_000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    owner = forms.ModelChoiceField(
        User.objects.none(), label="Assigned to", required=False, empty_label="Nobody yet"
    )
    seen = forms.CharField(required=False, max_length=400, widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "owner", people)
        for name in ("first_name", "last_name", "company", "email", "phone", *PLACE):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.fields["email"].widget.attrs["inputmode"] = "email"
        self.fields["phone"].widget.attrs["inputmode"] = "tel"

    @property
    def has_address(self) -> bool:
        """Whether the folded part holds something: then it stands open."""
        return (
            self.is_bound and any(self.data.get(name) for name in PLACE if name != "country")
        ) or any(name in self.errors for name in PLACE)

    def facts(self) -> dict[str, Any]:
        """Nested as the API has it, for `customers.facts.clean`; without what is wrong already."""
        given = {name: self.cleaned_data.get(name, "") for name in self.fields}
        names = ("first_name", "last_name", "company", "type", "source", "source_other", "phone")
        raw: dict[str, Any] = {key: given[key] for key in names}
        raw["tags"] = [tag for tag in given["tags"].split(",") if tag.strip()]
        place = {key: given[key] for key in PLACE}
        if any(value for key, value in place.items() if key != "country"):
            raw["locations"] = [place]
        if given["email"]:
            raw["contacts"] = [
                {
                    "first_name": given["first_name"],
                    "last_name": given["last_name"],
                    "emails": [{"address": given["email"], **self.said()}],
                    "primary": True,
                }
            ]
        return raw


class EraseForm(forms.Form):
    confirm = forms.CharField(
        label="The customer’s name",
        error_messages={"required": "Type the customer’s name; nothing was erased."},
    )
