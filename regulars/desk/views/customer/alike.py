"""While a form about a customer is filled in: whom they would be more like."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from regulars.customers.editing import parse
from regulars.desk import alike as likenesses
from regulars.lib import numbers
from regulars.staff.functions import Level
from regulars.staff.permission import require, signed_in
from regulars.ui.page import page, see_other, wants_region

from .page import only


@require("customers", Level.EDIT)
@require_POST
def alike(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The region `alike`: visible customers whom this one would resemble; nothing is kept.

    `contact` names the contact whose form it is; `fact` the one fact that is typed, as `value`.
    """
    user = signed_in(request)
    who = only(user, public_id)
    if not wants_region(request):
        return see_other(request, who.get_absolute_url())
    pk, at = numbers.whole(request.GET.get("contact", "")), parse(request.GET.get("fact", ""))
    contact, typed = who.contacts.filter(pk=pk).first() if pk else None, request.POST.dict()
    if at is not None:
        typed, contact = likenesses.as_form(who, at, str(typed.get("value", "")))
    found = likenesses.typing(who, typed, user, contact=contact)
    return page(request, "desk/alike.html", {"customer": who, "found": found}, block="alike")
