"""Undo, from the toast: what one has just logged, resolved or handed over."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from regulars.customers import actions
from regulars.customers.models import Customer
from regulars.customers.queries import HANDED_OVER, own_event
from regulars.lib.errors import Invalid, NotAllowed
from regulars.staff.functions import Level
from regulars.staff.models import User
from regulars.staff.permission import require, signed_in
from regulars.timeline import actions as timeline
from regulars.timeline.models import Reading
from regulars.ui import toasts

from .page import handed_over

if TYPE_CHECKING:
    from collections.abc import Mapping

    from regulars.timeline.models import Event

RESOLVED = "customer.resolved"
SAID: Mapping[str, str] = {
    "call.made": "The call is no longer logged.",
    "text.sent": "The text is no longer logged.",
    "email.sent": "The email is no longer logged.",
    "note.added": "The note is taken back; a mark says so.",
    RESOLVED: "",
}


def way_back(event: Event, who: Customer, *, read_at: datetime | None = None) -> str:
    """The address that undoes this event; `read_at` is up to when it had been read before."""
    url = reverse("desk:undo", args=[who.public_id, event.pk])
    if event.kind != RESOLVED:
        return url
    return f"{url}?{urlencode({'read': read_at.isoformat() if read_at else ''})}"


def read_at(who: Customer, user: User) -> datetime | None:
    """Up to when this colleague has read the customer."""
    rows = Reading.objects.filter(customer=who, user=user)
    return rows.values_list("read_at", flat=True).first()


@require("customers", Level.EDIT)
@require_POST
def undo(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    """Take back what one did a moment ago."""
    user = signed_in(request)
    event = own_event(user, public_id, pk)
    if event is None:
        raise Http404("No such event")
    who = event.customer
    try:
        if event.kind == HANDED_OVER and not user.may("ownership", Level.EDIT):
            raise NotAllowed("You may not do that.")
        who = actions.undo(event, by=user)
    except NotAllowed as no:
        toasts.warn(request, str(no))
    except Invalid as no:
        toasts.warn(request, ". ".join(no.errors.values()) + ".")
    else:
        if event.kind == RESOLVED and "read" in request.GET:
            timeline.mark_unread(who, since=_moment(request.GET["read"]), by=user)
        messages.success(request, _said(event, who))
    return handed_over(request, who)


def _moment(said: str) -> datetime | None:
    try:
        return datetime.fromisoformat(said) if said else None
    except ValueError:
        raise Http404("No such moment") from None


def _said(event: Event, who: Customer) -> str:
    if event.kind == HANDED_OVER:
        return (
            f"{who.name} is {who.owner.name}’s again."
            if who.owner
            else f"{who.name} has no owner again."
        )
    waits = f"{who.name} waits again." if event.answers and who.waiting_since else ""
    return " ".join(filter(None, [SAID.get(event.kind, ""), waits])) or "It is as it was before."
