"""The tailor's page: every suit of one's customers."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from regulars.staff.permission import require, signed_in
from regulars.ui.page import page

from .models import Suit

MOST = 200


@require_safe
@require("customers")
def suits(request: HttpRequest) -> HttpResponse:
    found = Suit.objects.visible_to(signed_in(request)).select_related("customer")
    return page(request, "tailor/suits.html", {"suits": found.order_by("-pk")[:MOST]})
