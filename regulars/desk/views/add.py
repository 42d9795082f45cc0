"""Adding a customer: one page, and while it is filled in, who is here already."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from regulars.customers import actions, facts
from regulars.customers.cards import Card
from regulars.customers.known import known_by
from regulars.customers.models import Customer, Group
from regulars.desk import judged
from regulars.desk.forms import AddForm
from regulars.lib.errors import Invalid
from regulars.staff.functions import Level
from regulars.staff.models import User
from regulars.staff.permission import require, signed_in
from regulars.staff.queries import colleagues
from regulars.timeline import actions as timeline
from regulars.ui.page import page, see_other, wants_region

from .customer.form import blame, posted


@require("customers", Level.EDIT)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """The form; sent with an email or phone that is known, it asks once before it adds."""
    user = signed_in(request)
    form = AddForm(posted(request), by=user, people=_owners(user), initial=_start(user))
    if request.method == "POST":
        if form.is_valid():
            cards = _here_already(user, form)
            if not _unseen(cards, form):
                who = _added(form, by=user)
                if who is not None:
                    messages.success(request, f"{who.name} is added.")
                    return see_other(request, who.get_absolute_url())
            return _drawn(request, form, cards, status=422)
        return _drawn(request, form, _here_already(user, form), status=422)
    return _drawn(request, form, [], status=200)


@require("customers", Level.EDIT)
@require_POST
def here_already(request: HttpRequest) -> HttpResponse:
    """The region `known`: visible customers with this email or phone."""
    if not wants_region(request):
        return see_other(request, reverse("desk:add"))
    cards = known_by(
        signed_in(request),
        email=str(request.POST.get("email", ""))[:254],
        phone=str(request.POST.get("phone", ""))[:60],
        region=_region(signed_in(request)),
    )
    return page(request, "desk/add.html", {"known": cards, "seen": _seen(cards)}, block="known")


def _owners(user: User) -> QuerySet[User]:
    """Whose the customer may become."""
    people = colleagues(user)
    return people if user.may("ownership", Level.EDIT) else people.filter(pk=user.pk)


def _start(user: User) -> dict[str, object]:
    """Assigned to me, in my store and the usual group, read the way my country writes numbers."""
    return {
        "owner": user.pk,
        "store": user.store_id,
        "group": Group.objects.filter(is_default=True).values_list("pk", flat=True).first(),
        "country": _region(user),
    }


def _region(user: User) -> str:
    return user.store.country if user.store else "US"


def _here_already(user: User, form: AddForm) -> list[Card]:
    return known_by(
        user,
        email=str(form.data.get("email", ""))[:254],
        phone=str(form.data.get("phone", ""))[:60],
        region=_region(user),
    )


def _seen(cards: list[Card]) -> str:
    return " ".join(str(card.customer.public_id) for card in cards)


def _unseen(cards: list[Card], form: AddForm) -> bool:
    """Whether somebody would be pointed out whom the page had not shown yet."""
    return not set(_seen(cards).split()) <= set(form.cleaned_data["seen"].split())


def _added(form: AddForm, *, by: User) -> Customer | None:
    """The new customer with the note, or None with the form saying what is wrong."""
    given = form.cleaned_data
    try:
        read = facts.clean(form.facts(), region=_region(by))
        with transaction.atomic():
            rows = {key: given[key] for key in ("owner", "store", "group", "category")}
            who = actions.add(read, by=by, **rows)
            if given["note"].strip():
                timeline.record(who, "note.added", by=by, data={"text": given["note"].strip()})
    except Invalid as no:
        blame(form, no)
        return None
    return who


def _drawn(request: HttpRequest, form: AddForm, known: list[Card], *, status: int) -> HttpResponse:
    context = {
        "form": form,
        "known": known,
        "seen": _seen(known),
        "judged": judged.typed(form.data),
        "asks": bool(known) and status == 422 and not form.errors,
    }
    return page(request, "desk/add.html", context, block="adding", status=status)
