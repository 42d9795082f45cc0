"""Consent: every word leaves its evidence, and the word that stands follows from the evidence."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from regulars.customers import consents
from regulars.customers.history.context import writing
from regulars.customers.models import (
    Basis,
    Consent,
    ConsentChannel,
    ConsentRecord,
    Email,
    Method,
    Phone,
)
from regulars.lib import clock, names
from regulars.lib.errors import Invalid
from regulars.timeline import actions as timeline

from .ledger import AHEAD, FUTURE, Ledger, Word
from .touched import lock_for, touch

if TYPE_CHECKING:
    from regulars.staff.models import User

WAYS = {ConsentChannel.EMAIL: "email", ConsentChannel.CALL: "calls", ConsentChannel.TEXT: "texts"}
GIVEN = (Consent.EXPRESS, Consent.IMPLIED)
NOT_GIVEN = {Consent.NONE: "did not agree to", Consent.WITHDRAWN: "opted out of"}
LIMITS = {"basis_note": 100, "place": 500}


def record_consent(
    address: Email | Phone,
    *,
    by: User | None,
    kind: str,
    channel: str = "",
    basis: str = "",
    basis_note: str = "",
    basis_on: date | None = None,
    wording: str = "",
    method: str = "",
    place: str = "",
    ip: str | None = None,
    happened_at: datetime | None = None,
) -> ConsentRecord:
    """Keep what somebody said about an address, and let the word that now stands take effect.

    `channel` is needed for a phone: call or text. Implied consent happened on the day of its
    basis, so that a later withdrawal goes on standing. Raises `Invalid`.
    """
    channel = ConsentChannel.EMAIL.value if isinstance(address, Email) else channel
    word, errors = _read(
        kind=kind, basis=basis, basis_note=basis_note, basis_on=basis_on, wording=wording,
        method=method, place=place, ip=ip, happened_at=happened_at,
    )  # fmt: skip
    if channel not in ConsentChannel.values or (isinstance(address, Phone) and channel == "email"):
        errors["channel"] = "Say whether it is about calls or texts"
    if errors:
        raise Invalid(errors)
    with writing(by):
        customer = lock_for(address)
        address.refresh_from_db()
        normal = address.normal if isinstance(address, Email) else address.digits
        ledger = Ledger.of(customer, by=by)
        record = ledger.add((customer.pk, channel, normal), word)
        ledger.write()
        ledger.settle()
        touch(customer)
        given = record.kind in GIVEN
        timeline.record(
            customer,
            "consent.given" if given else "consent.withdrawn",
            by=by,
            data=_told(record, str(address)),
        )
    address.refresh_from_db()
    return record


def moment_of(day: date) -> datetime:
    """When it was that day, as far as is known: at noon, and not later than now."""
    noon = datetime.combine(day, time(12), timezone.get_current_timezone())
    return min(noon, clock.now()) if day <= timezone.localdate() else noon


def _read(
    *, kind: str, basis: str, basis_note: str, basis_on: date | None, wording: str, method: str,
    place: str, ip: str | None, happened_at: datetime | None,
) -> tuple[Word, dict[str, str]]:  # fmt: skip
    errors: dict[str, str] = {}
    texts = {"basis_note": names.clean(basis_note), "place": names.clean(place)}
    for key, limit in LIMITS.items():
        if len(texts[key]) > limit:
            errors[key] = f"This is longer than {limit} characters"
    said = names.lines(wording, 2_000)
    if said is None:
        errors["wording"] = "This is longer than 2,000 characters"
    for key, value, choices in (
        ("kind", kind, [k for k in Consent.values if k != Consent.UNKNOWN]),
        ("basis", basis, ["", *Basis.values]),
        ("method", method, [m for m in Method.values if m != Method.MERGE]),
    ):
        if value not in choices:
            errors[key] = "This must be one of " + ", ".join(c for c in choices if c)
    if kind == Consent.IMPLIED:
        errors |= consents.missing(
            kind, basis=basis, basis_note=texts["basis_note"], basis_on=basis_on
        )
        happened_at = moment_of(basis_on) if basis_on else None
        if basis_on and happened_at and happened_at > clock.now() + AHEAD:
            errors["basis_on"] = FUTURE
    elif happened_at is not None and happened_at > clock.now() + AHEAD:
        errors["happened_at"] = FUTURE
    word = Word(
        kind, basis=basis, basis_on=basis_on, wording=said or "", method=method, ip=ip,
        happened_at=happened_at, **texts,
    )  # fmt: skip
    return word, errors


def _told(record: ConsentRecord, address: str) -> dict[str, Any]:
    """The event's data; the evidence itself stands in its own table."""
    data = {
        "way": WAYS[ConsentChannel(record.channel)],
        "address": address,
        "agreed": Consent(record.kind).label.lower() if record.kind in GIVEN else "",
        "answer": NOT_GIVEN.get(Consent(record.kind), ""),
        "basis": record.rests_on.lower() if record.basis != Basis.OTHER else record.rests_on,
    }
    return {key: value for key, value in data.items() if value}
