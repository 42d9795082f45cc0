"""Households and referrals: who lives together, and who sent whom."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from regulars.customers import actions, family, homes, households
from regulars.customers.models import Customer, Household, HouseholdChange
from regulars.desk.forms import HouseholdForm, ReferralForm
from regulars.lib.errors import Invalid, Stale, in_words
from regulars.staff.functions import Level
from regulars.staff.models import User
from regulars.staff.permission import require, signed_in
from regulars.ui import toasts
from regulars.ui.wording import listed

from .customer.form import blame, editor, posted
from .customer.page import done, only
from .others import others


def _other(user: User, request: HttpRequest) -> Customer:
    """The customer that was pressed; a foreign one is missing like one that never was."""
    try:
        return only(user, UUID(str(request.POST.get("other", ""))[:40]))
    except ValueError:
        raise Http404("No such customer") from None


# Households.


@require("customers", Level.EDIT)
@require_http_methods(["GET", "POST"])
def household(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Call it otherwise, say what they are in it, and look for somebody who belongs to it."""
    user = signed_in(request)
    who = only(user, public_id)
    home = who.household
    initial = {"name": home.name if home else "", "relation": who.relation}
    form = HouseholdForm(posted(request), initial=initial)
    if request.method == "POST" and home is None:
        form.add_error(None, "They live with nobody yet: add somebody first.")
    elif request.method == "POST" and home is not None and form.is_valid():
        try:
            actions.rename(home, form.cleaned_data["name"], by=user)
            actions.relate(who, form.cleaned_data["relation"], by=user)
        except Invalid as no:
            blame(form, no)
        else:
            messages.success(request, "The household is saved.")
            return done(request, who)
    here = family.family_of(user, who)
    usual = households.called("", [who.last_name, *sorted(row.last_name for row in here.members)])
    form.fields["name"].widget.attrs["placeholder"] = usual
    known = {row.pk for row in here.members}
    near = others(request, who).without(lambda row: row.is_company or row.pk in known)
    past = [
        (one, homes.moved(one), "" if one.undone_at else _way_back(who, one))
        for one in homes.of_customer(user, who)
    ]
    found = {"home": home, "here": here, "past": past, **near}
    return editor(request, "desk/household.html", who, form, **found)


def _done(
    request: HttpRequest, who: Customer, text: str, change: HouseholdChange | None
) -> HttpResponse:
    """Say it, with its undo, and draw the customer anew."""
    undo = "" if change is None else _way_back(who, change)
    toasts.say(request, text, undo=undo)
    return done(request, who)


def _way_back(who: Customer, change: HouseholdChange) -> str:
    return reverse("desk:undo_household", args=[who.public_id, change.public_id])


def _not_done(request: HttpRequest, who: Customer, no: Invalid | Stale) -> HttpResponse:
    toasts.warn(request, f"{in_words(no).rstrip('.')}. Nothing was changed.")
    return done(request, who)


@require("customers", Level.EDIT)
@require_POST
def confirm(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = signed_in(request)
    who, other = only(user, public_id), _other(user, request)
    try:
        change = actions.confirm(who, other, by=user)
    except (Invalid, Stale) as no:
        return _not_done(request, who, no)
    return _done(request, who, f"{other.name} and {who.name} are one household.", change)


@require("customers", Level.EDIT)
@require_POST
def refuse(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """No family; of somebody who lives elsewhere nobody of theirs is."""
    user = signed_in(request)
    who, other = only(user, public_id), _other(user, request)
    try:
        change = actions.refuse(who, other, by=user)
    except (Invalid, Stale) as no:
        return _not_done(request, who, no)
    return _done(request, who, f"{other.name} will not be proposed again.", change)


@require("customers", Level.EDIT)
@require_POST
def leave(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take this customer, or the `other` member, out of the household."""
    user = signed_in(request)
    who = only(user, public_id)
    going = _other(user, request) if request.POST.get("other") else who
    if going.household_id is None or going.household_id != who.household_id:
        raise Http404("No such member")
    try:
        change = actions.leave(going, by=user)
    except (Invalid, Stale) as no:
        return _not_done(request, who, no)
    return _done(request, who, f"{going.name} is taken out of the household.", change)


@require("customers", Level.EDIT)
@require_POST
def combine(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The household of the `other` one becomes one with this one."""
    user = signed_in(request)
    who, other = only(user, public_id), _other(user, request)
    try:
        change = actions.combine(_home(who), _home(other), by=user)
    except (Invalid, Stale) as no:
        return _not_done(request, who, no)
    return _done(
        request, who, f"The two households of {who.name} and {other.name} are one.", change
    )


@require("customers", Level.EDIT)
@require_POST
def move(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The `other` one alone comes here, out of the household they are in."""
    user = signed_in(request)
    who, other = only(user, public_id), _other(user, request)
    try:
        change = actions.join(other, _home(who), by=user)
    except (Invalid, Stale) as no:
        return _not_done(request, who, no)
    return _done(request, who, f"{other.name} lives in the household of {who.name}.", change)


@require("customers", Level.EDIT)
@require_POST
def split(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Those ticked leave into a household of their own."""
    user = signed_in(request)
    who = only(user, public_id)
    said = {str(one)[:40] for one in request.POST.getlist("member")[:100]}
    here = Customer.objects.visible_to(user).filter(household=who.household_id or 0)
    here = here.order_by("pk")
    leaving = [one for one in here if str(one.public_id) in said]
    if len(leaving) < len(said):
        raise Http404("No such member")
    try:
        change = actions.split(_home(who), leaving, by=user)
    except (Invalid, Stale) as no:
        return _not_done(request, who, no)
    named = listed([one.name for one in leaving])
    own = " into a household of their own" if len(leaving) > 1 else " of the household"
    return _done(request, who, f"{named} went out{own}.", change)


def _home(who: Customer) -> Household:
    """Raises `Invalid` for somebody who lives with nobody."""
    if who.household_id is None:
        raise Invalid({"household": f"{who.name} lives in no household"})
    return Household(pk=who.household_id)


@require("customers", Level.EDIT)
@require_POST
def undo(request: HttpRequest, public_id: UUID, change: UUID) -> HttpResponse:
    """Everybody of it lives where they did; who moved on since is named."""
    user = signed_in(request)
    who = only(user, public_id)
    found = homes.changes_seen(user).filter(public_id=change).first()
    if found is None:
        raise Http404("No such change")
    try:
        stay = actions.undo_household(found, by=user)
    except (Invalid, Stale) as no:
        return _not_done(request, who, no)
    seen = Customer.objects.visible_to(user).filter(pk__in=[one.pk for one in stay])
    named = listed([one.name for one in seen[:5]])
    more = f" {named} moved on since, and stays there." if named else ""
    toasts.say(request, f"Taken back: who lives with whom is as before.{more}")
    return done(request, who)


# Referrals.


@require("customers", Level.EDIT)
@require_http_methods(["GET", "POST"])
def referral(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Who sent them: found by searching, with how we know."""
    user = signed_in(request)
    who = only(user, public_id)
    here = Customer.objects.visible_to(user).filter(pk=who.referred_by_id or 0).first()
    initial = {"referrer": here.public_id if here else "", "source": who.referral_source}
    form = ReferralForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            to = _referrer(user, form.cleaned_data["referrer"])
            actions.refer(who, to, source=form.cleaned_data["source"], by=user)
        except Invalid as no:
            named = {"referred_by": "referrer", "referral_source": "source"}
            blame(form, Invalid({named.get(k, k): text for k, text in no.errors.items()}))
        else:
            messages.success(request, _sent(who, to, form.cleaned_data["source"]))
            return done(request, who)
    chosen = _chosen(user, form, here)
    near = others(request, who).without(lambda row: row == chosen)
    return editor(request, "desk/referral.html", who, form, chosen=chosen, **near)


def _referrer(user: User, public_id: UUID | None) -> Customer | None:
    if public_id is None:
        return None
    found = Customer.objects.visible_to(user).known_as(public_id).first()
    if found is None:
        raise Invalid({"referred_by": "There is no such customer here"})
    return found


def _chosen(user: User, form: ReferralForm, here: Customer | None) -> Customer | None:
    """Whom a refused form had chosen, else who is kept."""
    if not form.is_bound:
        return here
    said = form.cleaned_data.get("referrer")
    return Customer.objects.visible_to(user).filter(public_id=said).first() if said else None


def _sent(who: Customer, referrer: Customer | None, source: str) -> str:
    if referrer is not None:
        return f"{who.name} was referred by {referrer.name}."
    return "The source is kept." if source else "Nobody referred them."
