"""The forms behind the customer's page: who they are, people, places, owner, erasing.

Each is a page of its own; with script the same form stands in a dialog over the customer.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from regulars.customers import actions, facts
from regulars.customers.models import Contact, Customer, Email, Location, Phone
from regulars.desk.forms import (
    ContactForm,
    EmailForms,
    EraseForm,
    IdentityForm,
    LocationForm,
    OwnerForm,
    PhoneForms,
)
from regulars.lib import clock
from regulars.lib.errors import Invalid, Stale
from regulars.staff.functions import Level
from regulars.staff.permission import require, signed_in
from regulars.staff.queries import colleagues
from regulars.ui.page import page, see_other

from .page import done, only, safe_next

IDENTITY = (
    "first_name",
    "last_name",
    "company",
    "type",
    "group",
    "source",
    "source_other",
    "store",
)
PLACE = ("name", "kind", "line1", "line2", "city", "state", "postal_code", "country")


def editor(
    request: HttpRequest, template: str, who: Customer, form: forms.Form, **known: Any
) -> HttpResponse:
    """The form as a page, or as the dialog's content."""
    wrong = bool(form.errors) or any(known.get(key) for key in ("wrong", "stale"))
    context = {"customer": who, "form": form, "next": str(request.POST.get("next", "")), **known}
    return page(request, template, context, block="editor", status=422 if wrong else 200)


def blame(form: forms.Form, no: Invalid) -> None:
    """What an action or a fact refused, beside the field it is about."""
    for path, sentence in no.errors.items():
        field = path.rpartition(".")[2]
        field = {"address": "email", "number": "phone", "name": "first_name"}.get(field, field)
        form.add_error(field if field in form.fields else None, sentence)


@require("customers", Level.EDIT)
@require_http_methods(["GET", "POST"])
def identity(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = signed_in(request)
    who = only(user, public_id)
    known = {key: getattr(who, key) for key in IDENTITY}
    form = IdentityForm(request.POST or None, initial={**known, "version": who.version})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            read = facts.clean({k: v for k, v in given.items() if isinstance(v, str)})
            actions.change(
                who,
                read,
                by=user,
                fields=IDENTITY,
                group=given["group"],
                store=given["store"],
                version=given["version"],
            )
        except Invalid as no:
            blame(form, no)
        except Stale:
            form.add_error(
                None,
                "Somebody changed this customer while you were writing. Nothing of theirs was "
                "overwritten; check the fields and save again.",
            )
            form.data = form.data.copy()
            form.data["version"] = str(only(user, public_id).version)
        else:
            messages.success(request, f"{read.name} is saved.")
            return done(request, who)
    return editor(request, "desk/edit.html", who, form)


@require("ownership", Level.EDIT)
@require_http_methods(["GET", "POST"])
def owner(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Reassign, assign, unassign: `owner` (a colleague's id, or empty for nobody), `reason`."""
    user = signed_in(request)
    who = only(user, public_id)
    people = list(colleagues(user))
    form = OwnerForm(request.POST or None, people=people, initial={"owner": who.owner_id})
    if request.method == "POST" and form.is_valid():
        to, reason = form.cleaned_data["owner"], form.cleaned_data["reason"]
        try:
            actions.reassign(who, to=to, by=user, reason=reason)
        except Invalid as no:
            blame(form, no)
        else:
            messages.success(
                request,
                f"{who.name} is {to.name}’s now." if to else f"{who.name} has no owner now.",
            )
            return _handed_over(request, who)
    now = clock.now()
    return editor(
        request,
        "desk/owner.html",
        who,
        form,
        people=[(person, person.is_online(now)) for person in people],
    )


def _handed_over(request: HttpRequest, who: Customer) -> HttpResponse:
    """Whoever gave the customer away may no longer see them."""
    if Customer.objects.visible_to(signed_in(request)).filter(pk=who.pk).exists():
        return done(request, who)
    return see_other(request, safe_next(request) or reverse("desk:customers"))


# People.


def _contact(who: Customer, pk: int) -> Contact:
    found = who.contacts.filter(pk=pk).first()
    if found is None:
        raise Http404("No such contact")
    return found


@require("customers", Level.EDIT)
@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest, public_id: UUID, pk: int | None = None) -> HttpResponse:
    """Add a contact, or change one; addresses that are left empty are not kept."""
    user = signed_in(request)
    who = only(user, public_id)
    person = _contact(who, pk) if pk is not None else None
    form = ContactForm(request.POST or None, initial=_initial(person, "first_name", "last_name",
                                                              "title"))  # fmt: skip
    emails = EmailForms(request.POST or None, prefix="emails", initial=_emails(person))
    phones = PhoneForms(request.POST or None, prefix="phones", initial=_phones(person))
    wrong = False
    if request.method == "POST":
        wrong = True
        if form.is_valid() & emails.is_valid() & phones.is_valid():
            try:
                read = _read_contact(who, form, emails, phones)
                if person is None:
                    actions.add_contact(who, read, by=user)
                else:
                    actions.change_contact(person, read, by=user)
            except Invalid as no:
                _blame_reach(form, emails, phones, no)
            else:
                messages.success(request, f"{_called(form)} is saved.")
                return done(request, who)
    return editor(
        request,
        "desk/contact.html",
        who,
        form,
        contact=person,
        emails=emails,
        phones=phones,
        wrong=wrong,
    )


def _initial(row: Contact | Location | None, *keys: str) -> dict[str, Any]:
    if row is None:
        return {}
    return {**{key: getattr(row, key) for key in keys}, "primary": row.is_primary}


def _emails(person: Contact | None) -> list[dict[str, Any]]:
    rows: list[Email] = list(person.emails.all()) if person else []
    keys = ("address", "label", "consent", "consent_basis", "status")
    return [{key: getattr(row, key) for key in keys} for row in rows]


def _phones(person: Contact | None) -> list[dict[str, Any]]:
    rows: list[Phone] = list(person.phones.all()) if person else []
    keys = ("label", "call_consent", "text_consent", "status")
    return [{"number": row.typed, **{key: getattr(row, key) for key in keys}} for row in rows]


def _read_contact(who: Customer, form: ContactForm, emails: Any, phones: Any) -> facts.ContactFacts:
    """Raises `Invalid` with paths like `emails.0.address`."""
    raw = {
        **form.cleaned_data,
        "emails": [one.cleaned_data for one in emails],
        "phones": [one.cleaned_data for one in phones],
    }
    return facts.read_contact(raw, region=_region(who))


def _region(who: Customer) -> str:
    """Where a number without a country code is: at the customer's primary place, else ours."""
    place = who.locations.filter(is_primary=True).values_list("country", flat=True).first()
    return place or (who.store.country if who.store else "") or "US"


def _blame_reach(form: ContactForm, emails: Any, phones: Any, no: Invalid) -> None:
    for path, sentence in no.errors.items():
        many, _, rest = path.partition(".")
        at, _, field = rest.partition(".")
        rows = {"emails": emails, "phones": phones}.get(many)
        if rows is not None and at.isdigit() and int(at) < len(rows):
            one = rows[int(at)]
            one.add_error(field if field in one.fields else None, sentence)
        else:
            form.add_error(path if path in form.fields else None, sentence)


def _called(form: ContactForm) -> str:
    parts = (form.cleaned_data["first_name"], form.cleaned_data["last_name"])
    return " ".join(part for part in parts if part) or "The contact"


@require("customers", Level.EDIT)
@require_POST
def contact_gone(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    user = signed_in(request)
    who = only(user, public_id)
    try:
        actions.remove_contact(_contact(who, pk), by=user)
    except Invalid as no:
        messages.error(request, " ".join(no.errors.values()) + ". Nothing was changed.")
    else:
        messages.success(request, "The contact is removed.")
    return done(request, who)


# Places.


def _location(who: Customer, pk: int) -> Location:
    found = who.locations.filter(pk=pk).first()
    if found is None:
        raise Http404("No such location")
    return found


@require("customers", Level.EDIT)
@require_http_methods(["GET", "POST"])
def location(request: HttpRequest, public_id: UUID, pk: int | None = None) -> HttpResponse:
    user = signed_in(request)
    who = only(user, public_id)
    place = _location(who, pk) if pk is not None else None
    form = LocationForm(request.POST or None, initial=_initial(place, *PLACE))
    if request.method == "POST" and form.is_valid():
        try:
            read = facts.read_location(form.cleaned_data)
            if place is None:
                actions.add_location(who, read, by=user)
            else:
                actions.change_location(place, read, by=user)
        except Invalid as no:
            blame(form, no)
        else:
            messages.success(request, "The location is saved.")
            return done(request, who)
    return editor(request, "desk/location.html", who, form, location=place)


@require("customers", Level.EDIT)
@require_POST
def location_gone(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    user = signed_in(request)
    who = only(user, public_id)
    actions.remove_location(_location(who, pk), by=user)
    messages.success(request, "The location is removed.")
    return done(request, who)


# For good.


@require("erase", Level.EDIT)
@require_http_methods(["GET", "POST"])
def erase(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Says what will go; the customer's name has to be typed."""
    user = signed_in(request)
    who = only(user, public_id)
    form = EraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name = who.name
        try:
            actions.erase(who, confirm=form.cleaned_data["confirm"], by=user)
        except Invalid:
            form.add_error("confirm", f"This is not the name. Type: {name}")
        else:
            messages.success(request, f"{name} is erased, with everything that was kept of them.")
            return see_other(request, reverse("desk:customers"))
    return editor(request, "desk/erase.html", who, form, going=_going(who))


def _going(who: Customer) -> list[tuple[int, str]]:
    """What erasing takes with it: how many, and of what."""
    return [
        (who.events.count(), "event"),
        (who.contacts.count(), "contact"),
        (who.emails.count() + who.phones.count(), "email or phone"),
        (who.locations.count(), "location"),
        (who.taggings.count(), "tag"),
        (who.external_ids.count(), "external id"),
    ]
