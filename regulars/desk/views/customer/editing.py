"""The forms behind the customer's page: who they are, whose, and erasing.

Each is a page of its own; with script the same form stands in a dialog over the customer.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from regulars.customers import actions, facts
from regulars.customers.models import Customer
from regulars.desk.forms import EraseForm, IdentityForm, OwnerForm
from regulars.lib import clock
from regulars.lib.errors import Invalid, Stale
from regulars.staff.functions import Level
from regulars.staff.permission import require, signed_in
from regulars.staff.queries import colleagues
from regulars.ui import toasts, wording
from regulars.ui.page import see_other

from .form import blame, editor, posted
from .page import done, handed_over, only
from .undoing import way_back

IDENTITY = (
    "first_name",
    "last_name",
    "company",
    "type",
    "group",
    "category",
    "source",
    "source_other",
    "store",
)


@require("customers", Level.EDIT)
@require_http_methods(["GET", "POST"])
def identity(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = signed_in(request)
    who = only(user, public_id)
    known = {key: getattr(who, key) for key in IDENTITY}
    form = IdentityForm(
        posted(request),
        by=user,
        store=who.store_id,
        initial={**known, "version": who.version},
    )
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
                category=given["category"],
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
            newest = str(only(user, public_id).version)
            form.data = {**request.POST.dict(), "version": newest}
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
    form = OwnerForm(posted(request), of=who, people=people)
    if request.method == "POST" and form.is_valid():
        to, reason = form.cleaned_data["owner"], form.cleaned_data["reason"]
        try:
            actions.reassign(who, to=to, by=user, reason=reason)
        except Invalid as no:
            blame(form, no)
        else:
            said = f"{who.name} is {to.name}’s now." if to else f"{who.name} has no owner now."
            event = who.events.filter(kind="customer.reassigned").latest("pk")
            toasts.say(request, said, undo=way_back(event, who))
            return handed_over(request, who)
    now = clock.now()
    return editor(
        request,
        "desk/owner.html",
        who,
        form,
        people=[(person, person.is_online(now)) for person in people if person != who.owner],
    )


# For good.


@require("erase", Level.EDIT)
@require_http_methods(["GET", "POST"])
def erase(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Says what will go; the customer's name has to be typed."""
    user = signed_in(request)
    who = only(user, public_id)
    form = EraseForm(posted(request))
    if request.method == "POST" and form.is_valid():
        name = who.name
        try:
            actions.erase(who, confirm=form.cleaned_data["confirm"], by=user)
        except Invalid:
            form.add_error("confirm", f"This is not the name. Type: {name}")
        else:
            messages.success(request, f"{name} is erased, with everything that was kept of them.")
            return see_other(request, reverse("desk:customers"))
    return editor(
        request, "desk/erase.html", who, form, going=_going(who), may_export=user.may("exports")
    )


def _going(who: Customer) -> list[str]:
    """What erasing takes with it, in words."""
    counts = [
        (who.events.count(), "event on the timeline", "events on the timeline"),
        (who.contacts.count(), "contact", ""),
        (who.emails.count(), "email address", "email addresses"),
        (who.phones.count(), "phone number", ""),
        (who.locations.count(), "location", ""),
        (who.taggings.count(), "tag", ""),
        (who.custom_values.count(), "detail", ""),
        (who.attachments.count(), "file", ""),
        (who.tasks.count(), "task", ""),
        (who.consents.count(), "record of consent", "records of consent"),
        (who.external_ids.count(), "id of another system", "ids of other systems"),
    ]
    return [wording.plural(count, one, many) for count, one, many in counts if count]
