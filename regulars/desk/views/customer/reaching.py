"""People and places: adding, changing and removing a customer's contacts and locations."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from regulars.customers import actions, facts
from regulars.customers.models import (
    Consent,
    Contact,
    Customer,
    Email,
    Location,
    Phone,
    keepings,
)
from regulars.desk import consent, judged
from regulars.desk.forms import ContactForm, EmailForms, LocationForm, PhoneForms
from regulars.lib.errors import Invalid, in_words
from regulars.staff.functions import Level
from regulars.staff.permission import require, signed_in
from regulars.ui import toasts

from .form import blame, editor, posted, say_removed
from .page import done, only

PERSON = ("first_name", "last_name", "title", "role", "language", "time_zone", "birthday", "about")
GONE = "This {} was removed while you were writing. Nothing is lost: save again to add it anew."
PLACE = ("name", "kind", "line1", "line2", "city", "state", "postal_code", "country")


def _contact(who: Customer, pk: int) -> Contact:
    found = who.contacts.filter(pk=pk).first()
    if found is None:
        raise Http404("No such contact")
    return found


def _was_theirs(request: HttpRequest, model: type[Any], who: Customer, pk: int | None) -> bool:
    """Whether what was sent is about a row of this customer that somebody removed meanwhile."""
    (kept,) = (one for one in keepings() if one.model is model)
    past = kept.history._default_manager.filter(customer=who.pk, pgh_obj=pk)
    return request.method == "POST" and past.exists()


@require("customers", Level.EDIT)
@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest, public_id: UUID, pk: int | None = None) -> HttpResponse:
    """Add a contact, or change one; addresses that are left empty are not kept."""
    user = signed_in(request)
    who = only(user, public_id)
    person = who.contacts.filter(pk=pk).first() if pk is not None else None
    gone = person is None and pk is not None
    if gone and not _was_theirs(request, Contact, who, pk):
        raise Http404("No such contact")
    form = ContactForm(posted(request), initial=_initial(person, *PERSON))
    emails = EmailForms(posted(request), prefix="emails", initial=_emails(person))
    phones = PhoneForms(posted(request), prefix="phones", initial=_phones(person))
    wrong = False
    if request.method == "POST":
        wrong = True
        valid = form.is_valid() & emails.is_valid() & phones.is_valid()
        if gone:
            form.add_error(None, GONE.format("contact"))
        elif valid:
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
        else:
            _blame_the_rest(who, form, emails, phones)
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
    keys = ("pk", "address", "label", "status")
    return [
        {
            **{key: getattr(row, key) for key in keys},
            "word": consent.word(row.consent, row.consent_at, row.consent_until),
            "known": row.consent != Consent.UNKNOWN,
        }
        for row in rows
    ]


def _phones(person: Contact | None) -> list[dict[str, Any]]:
    rows: list[Phone] = list(person.phones.all()) if person else []
    keys = ("label", "call_consent", "text_consent", "status")
    return [{"number": row.typed, **{key: getattr(row, key) for key in keys}} for row in rows]


def _read_contact(who: Customer, form: ContactForm, emails: Any, phones: Any) -> facts.ContactFacts:
    """Raises `Invalid` with paths like `emails.0.address`."""
    raw = {
        **form.cleaned_data,
        "emails": [one.facts() for one in emails],
        "phones": [one.cleaned_data for one in phones],
    }
    return facts.read_contact(raw, region=_region(who))


def _blame_the_rest(who: Customer, form: ContactForm, emails: Any, phones: Any) -> None:
    """What else is wrong, so that all of it is said in one answer."""
    try:
        _read_contact(who, form, emails, phones)
    except Invalid as no:
        _blame_reach(form, emails, phones, no)


def _region(who: Customer) -> str:
    """Where a number without a country code is: at the customer's primary place, else ours."""
    place = who.locations.filter(is_primary=True).values_list("country", flat=True).first()
    return place or (who.store.country if who.store else "") or "US"


def _blame_reach(form: ContactForm, emails: Any, phones: Any, no: Invalid) -> None:
    known = {id(one): set(one.errors) for one in (form, *emails, *phones)}
    for path, sentence in no.errors.items():
        many, _, rest = path.partition(".")
        at, _, field = rest.partition(".")
        rows = {"emails": emails, "phones": phones}.get(many)
        if rows is not None and at.isdigit() and int(at) < len(rows):
            one = rows[int(at)]
        else:
            one, field = form, path
        if field not in known[id(one)]:
            one.add_error(field if field in one.fields else None, sentence)


def _called(form: ContactForm) -> str:
    parts = (form.cleaned_data["first_name"], form.cleaned_data["last_name"])
    return " ".join(part for part in parts if part) or "The contact"


@require("customers", Level.EDIT)
@require_POST
def contact_gone(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    user = signed_in(request)
    who = only(user, public_id)
    person = _contact(who, pk)
    name = person.name or "the contact"
    try:
        act = actions.remove_contact(person, by=user)
    except Invalid as no:
        messages.error(request, in_words(no) + ". Nothing was changed.")
    else:
        say_removed(request, who, name, act)
    return done(request, who)


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
    place = who.locations.filter(pk=pk).first() if pk is not None else None
    gone = place is None and pk is not None
    if gone and not _was_theirs(request, Location, who, pk):
        raise Http404("No such location")
    form = LocationForm(posted(request), initial=_initial(place, *PLACE))
    if gone:
        form.add_error(None, GONE.format("location"))
    elif request.method == "POST" and form.is_valid():
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
    checked = judged.typed(form.data)
    if place and not form.is_bound:
        checked = judged.stored([place]).get(place.pk)
    return editor(request, "desk/location.html", who, form, location=place, judged=checked)


@require("customers", Level.EDIT)
@require_POST
def location_gone(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    user = signed_in(request)
    who = only(user, public_id)
    place = _location(who, pk)
    words = place.name or str(place) or "the location"
    say_removed(request, who, words, actions.remove_location(place, by=user))
    return done(request, who)


@require("customers", Level.EDIT)
@require_POST
def bring_back(request: HttpRequest, public_id: UUID, act: UUID) -> HttpResponse:
    """Undo: the contact, address, number or place that this act removed stands there again."""
    user = signed_in(request)
    who = only(user, public_id)
    try:
        rows = actions.bring_back(who, act, by=user)
    except Invalid as no:
        toasts.warn(request, in_words(no) + ".")
    else:
        toasts.say(request, f"{str(rows[0]) or 'The contact'} is back.")
    return done(request, who)
