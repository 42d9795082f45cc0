"""Consent when two profiles become one: of two words about one address the stricter one stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from regulars.customers import consents
from regulars.customers.actions.ledger import Ledger
from regulars.customers.actions.rows import rewrite
from regulars.customers.models import (
    ChangeKind,
    Consent,
    ConsentChannel,
    ConsentRecord,
    Customer,
    Email,
    MergedProfile,
    Method,
    Phone,
)
from regulars.customers.models.history import histories
from regulars.lib import clock

from .journal import Journal, label
from .rule import strictest

if TYPE_CHECKING:
    from regulars.staff.models import User

Key = tuple[str, str]  # channel, normal address
Address = tuple[bool, str]  # whether it is an email, normal address
WORDING = "Two records became one: of what both said the stricter holds."


def standing(customer: Customer) -> dict[Key, ConsentRecord]:
    """The word that stands about each address."""
    told: dict[Key, list[ConsentRecord]] = {}
    for record in ConsentRecord.objects.filter(customer=customer).order_by("pk"):
        told.setdefault((record.channel, record.address), []).append(record)
    found = {key: consents.standing(records) for key, records in told.items()}
    return {key: record for key, record in found.items() if record is not None}


def keep_strictest(
    journal: Journal,
    into: Customer,
    before: Iterable[dict[Key, ConsentRecord]],
    *,
    by: User | None,
) -> None:
    """Where the later word would allow more than the other profile's, evidence says that it
    does not. `before` is what stood in each profile; the evidence itself has moved already."""
    said: dict[Key, list[ConsentRecord]] = {}
    for each in before:
        for key, record in each.items():
            said.setdefault(key, []).append(record)
    for (channel, address), records in sorted(said.items()):
        if len(records) < 2:
            continue
        wanted = strictest([record.kind for record in records])
        now = max(records, key=lambda r: (r.happened_at, r.kind == Consent.WITHDRAWN, r.pk))
        # Of two that end, the one that ends first.
        source = min(
            (record for record in records if record.kind == wanted),
            key=lambda r: (r.expires_on or date.max, r.pk),
        )
        if (now.kind, now.expires_on) != (wanted, source.expires_on):
            journal.write(
                ConsentRecord(
                    customer=into, channel=channel, address=address, kind=wanted,
                    basis=source.basis, basis_note=source.basis_note, basis_on=source.basis_on,
                    expires_on=source.expires_on, wording=WORDING, method=Method.MERGE,
                    happened_at=max(now.happened_at, source.happened_at),
                    recorded_at=clock.now(), by=by,
                )
            )  # fmt: skip


def restate(customer: Customer) -> None:
    """Every address says what its evidence says."""
    ledger = Ledger.of(customer, by=None)
    for email in Email.objects.filter(customer=customer):
        rewrite(email, ledger.email(customer.pk, email.normal))
    for phone in Phone.objects.filter(customer=customer):
        rewrite(phone, ledger.phone(customer.pk, phone.digits))


def share(stays: Customer, back: Sequence[Customer], *, since: int) -> set[int]:
    """What was said since about an address is said of everybody who has it: the evidence goes
    with the address, and where both have it, to both. What left."""
    left = set()
    rows = ConsentRecord.objects.filter(customer=stays, pk__gt=since).exclude(method=Method.MERGE)
    there = _addresses(stays)
    for record in rows.order_by("pk"):
        at = (record.channel == "email", record.address)
        theirs = [one for one in back if at in _addresses(one)]
        if theirs and at not in there:
            ConsentRecord.objects.filter(pk=record.pk).update(customer=theirs.pop(0))
            left.add(record.pk)
        for one in theirs:
            record.pk, record.customer = None, one
            record.save(force_insert=True)
    return left


def had(profile: MergedProfile) -> set[Address]:
    """The addresses of somebody when they were merged; of a row that history does not know from
    before, the one it has."""
    found: set[Address] = set()
    for model, column in ((Email, "normal"), (Phone, "digits")):
        changes = profile.changes.filter(model=label(model)).exclude(kind=ChangeKind.INSERT)
        ids = {pk for each in changes.values_list("ids", flat=True) for pk in each}
        past = next(of for one, of, _ in histories() if one is model)._default_manager
        rows = past.filter(pgh_obj_id__in=ids, customer=profile.old_id)
        latest = rows.order_by("pgh_obj_id", "-pgh_id").distinct("pgh_obj_id")
        then = dict(latest.values_list("pgh_obj_id", column))
        now = model._base_manager.filter(pk__in=ids - then.keys())
        said = [*then.values(), *now.values_list(column, flat=True)]
        found |= {(model is Email, one) for one in said}
    return found


def keep_saying(
    customer: Customer, said: Mapping[Key, ConsentRecord], before: Collection[Address]
) -> None:
    """An address that came to somebody while they lived in another one leaves with the word that
    stood there, `said`; what was theirs `before` says what it said."""
    came = _addresses(customer) - set(before)
    now = standing(customer) if came else {}
    for key, record in sorted(said.items()):
        if (key[0] == ConsentChannel.EMAIL, key[1]) not in came:
            continue
        known = now.get(key)
        if known is None or (known.kind, known.happened_at) != (record.kind, record.happened_at):
            record.pk, record.customer = None, customer
            record.save(force_insert=True)


def _addresses(customer: Customer) -> set[Address]:
    emails = customer.emails.values_list("normal", flat=True)
    phones = customer.phones.values_list("digits", flat=True)
    return {(True, one) for one in emails} | {(False, one) for one in phones}
