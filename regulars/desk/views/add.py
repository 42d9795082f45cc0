"""Adding a customer: one page, and while it is filled in, who is here already."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from regulars.customers import actions, facts
from regulars.customers.models import Customer, Group
from regulars.desk import judged
from regulars.desk.forms import AddForm
from regulars.desk.forms.customer import PLACE
from regulars.lib.errors import Invalid
from regulars.matching import looking
from regulars.matching.alike import Alike, drawn
from regulars.staff.functions import Level
from regulars.staff.models import User
from regulars.staff.permission import require, signed_in
from regulars.staff.queries import colleagues
from regulars.timeline import actions as timeline
from regulars.ui.page import page, see_other, wants_region

from .customer.form import blame, posted

TYPED = ("first_name", "last_name", "company", "email", "phone", *PLACE)


@require("customers", Level.EDIT)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """The form; where the customer may be here already, it asks once before it adds."""
    user = signed_in(request)
    form = AddForm(posted(request), by=user, people=_owners(user), initial=_start(user))
    if request.method == "POST":
        if form.is_valid():
            known = _here_already(user, form.data)
            if not _unseen(known, form):
                who = _added(form, by=user)
                if who is not None:
                    messages.success(request, f"{who.name} is added.")
                    return see_other(request, who.get_absolute_url())
            return _drawn(request, form, known, status=422)
        _blame_the_rest(form, by=user)
        return _drawn(request, form, _here_already(user, form.data), status=422)
    return _drawn(request, form, [], status=200)


@require("customers", Level.EDIT)
@require_POST
def here_already(request: HttpRequest) -> HttpResponse:
    """The region `known`: visible customers who may be the one that is being typed."""
    if not wants_region(request):
        return see_other(request, reverse("desk:add"))
    known = _here_already(signed_in(request), request.POST)
    context = {"known": known, "seen": _seen(known), "typed": TYPED}
    return page(request, "desk/add.html", context, block="known")


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


def _here_already(user: User, typed: Mapping[str, object]) -> list[Alike]:
    raw = {key: str(typed.get(key, ""))[:254] for key in TYPED}
    raw_place = {"locations": [raw]} if raw["line1"] or raw["postal_code"] else {}
    return drawn(user, looking.known_to(user, looking.of_raw({**raw, **raw_place}, _region(user))))


def _seen(known: list[Alike]) -> str:
    return " ".join(str(one.customer.public_id) for one in known)


def _unseen(known: list[Alike], form: AddForm) -> bool:
    """Whether somebody would be pointed out whom the page had not shown yet."""
    return not set(_seen(known).split()) <= set(form.cleaned_data["seen"].split())


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


def _blame_the_rest(form: AddForm, *, by: User) -> None:
    """What else is wrong, so that all of it is said in one answer."""
    try:
        facts.clean(form.facts(), region=_region(by))
    except Invalid as no:
        if {"first_name", "last_name", "company"} & set(form.errors):
            no.errors.pop("name", None)
        blame(form, no)


def _drawn(request: HttpRequest, form: AddForm, known: list[Alike], *, status: int) -> HttpResponse:
    context = {
        "form": form,
        "known": known,
        "typed": TYPED,
        "seen": _seen(known),
        "judged": judged.typed(form.data),
        "asks": bool(known) and status == 422 and not form.errors,
    }
    return page(request, "desk/add.html", context, block="adding", status=status)
