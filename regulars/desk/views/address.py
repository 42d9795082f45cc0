"""Whether it is an address: answered while somebody types, and on a page of its own."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from regulars.desk import judged
from regulars.desk.forms import AddressForm
from regulars.staff.permission import require
from regulars.ui.page import page


@require_safe
@require("customers")
def address(request: HttpRequest) -> HttpResponse:
    """What the offline check says of the fields given; region `address-check`."""
    form = AddressForm(request.GET or None)
    context = {"form": form, "judged": judged.typed(request.GET)}
    return page(request, "desk/address.html", context)
