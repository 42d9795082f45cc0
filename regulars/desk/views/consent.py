"""Consent with its evidence: everything that was said about one address, and one thing more."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from regulars.customers import actions, consents
from regulars.customers.models import Consent, ConsentRecord, Customer, Email, Phone
from regulars.desk import consent as said
from regulars.desk.forms import ConsentForm
from regulars.lib.errors import Invalid
from regulars.staff.functions import Level
from regulars.staff.permission import require, signed_in
from regulars.ui import wording

from .customer.form import blame, editor
from .customer.page import done, only

SHOWN = 100
_FIELDS = {"basis_on": "on", "happened_at": "on"}  # the form asks for one day


@require_http_methods(["GET", "POST"])
def consent(request: HttpRequest, public_id: UUID, kind: str, pk: int) -> HttpResponse:
    """The evidence behind one email or phone; who may edit adds to it."""
    face = record if request.method == "POST" else show
    return face(request, public_id, kind, pk)


@require("customers")
def show(request: HttpRequest, public_id: UUID, kind: str, pk: int) -> HttpResponse:
    who = only(signed_in(request), public_id)
    address = _address(who, kind, pk)
    about = {"channel": request.GET.get("about", "")}
    form = ConsentForm(is_phone=isinstance(address, Phone), initial=about)
    return _drawn(request, who, address, form)


@require("customers", Level.EDIT)
def record(request: HttpRequest, public_id: UUID, kind: str, pk: int) -> HttpResponse:
    user = signed_in(request)
    who = only(user, public_id)
    address = _address(who, kind, pk)
    form = ConsentForm(request.POST, is_phone=isinstance(address, Phone))
    if form.is_valid():
        try:
            kept = actions.record_consent(address, by=user, **form.given())
        except Invalid as no:
            blame(form, Invalid({_FIELDS.get(key, key): text for key, text in no.errors.items()}))
        else:
            messages.success(request, _kept(kept, address))
            return done(request, who)
    return _drawn(request, who, address, form)


def _drawn(
    request: HttpRequest, who: Customer, address: Email | Phone, form: ConsentForm
) -> HttpResponse:
    evidence = _evidence(who, address)
    is_phone = isinstance(address, Phone)
    return editor(
        request,
        "desk/consent.html",
        who,
        form,
        address=address,
        kind="phone" if is_phone else "email",
        is_phone=is_phone,
        may_edit=signed_in(request).may("customers", Level.EDIT),
        today=timezone.localdate(),
        evidence=evidence[:SHOWN],
        more=len(evidence) > SHOWN,
        words=_words(address),
        stands=_stands(evidence),
    )


def _address(who: Customer, kind: str, pk: int) -> Email | Phone:
    found: Email | Phone | None = None
    if kind == "email":
        found = who.emails.filter(pk=pk).first()
    elif kind == "phone":
        found = who.phones.filter(pk=pk).first()
    if found is None:
        raise Http404("No such address")
    return found


def _evidence(who: Customer, address: Email | Phone) -> list[ConsentRecord]:
    """What was said last comes first."""
    rows = ConsentRecord.objects.filter(customer=who).select_related("by")
    if isinstance(address, Email):
        rows = rows.filter(channel="email", address=address.normal)
    else:
        rows = rows.exclude(channel="email").filter(address=address.digits)
    return list(rows.order_by("-happened_at", "-pk")[: SHOWN + 1])


def _stands(evidence: list[ConsentRecord]) -> set[int]:
    """Which pieces are the words that stand, one for each channel."""
    found = set()
    for channel in {record.channel for record in evidence}:
        told = [record for record in reversed(evidence) if record.channel == channel]
        stands = consents.standing(told)
        found |= {stands.pk} if stands else set()
    return found


def _words(address: Email | Phone) -> list[tuple[str, str]]:
    if isinstance(address, Email):
        word = said.word(address.consent, address.consent_at, address.consent_until)
        return [("Email", word)]
    return [
        ("Calls", said.word(
            address.call_consent, address.call_consent_at, address.call_consent_until
        )),
        ("Texts", said.word(
            address.text_consent, address.text_consent_at, address.text_consent_until
        )),
    ]  # fmt: skip


def _kept(kept: ConsentRecord, address: Email | Phone) -> str:
    """What now stands, which may be a word that was said later than the one just recorded."""
    prefix = "" if isinstance(address, Email) else f"{kept.channel}_"
    kind = getattr(address, f"{prefix}consent")
    at = getattr(address, f"{prefix}consent_at")
    if kind == kept.kind and at == kept.happened_at:
        return f"{address}: {Consent(kind).label.lower()} is recorded."
    day = wording.short_date(timezone.localtime(at).date(), timezone.localdate())
    label = Consent(kind).label.lower()
    return f"Kept as evidence. What was said later still stands: {label}, {day}."
