"""The evidence of consent as it is written: what is known, what is new, what stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from regulars.customers import consents
from regulars.customers.history.context import reason
from regulars.customers.models import (
    Basis,
    Consent,
    ConsentChannel,
    ConsentRecord,
    Customer,
    Email,
    Method,
    Phone,
)
from regulars.lib import clock
from regulars.lib.copying import add_rows
from regulars.lib.errors import Invalid

from .rows import rewrite

if TYPE_CHECKING:
    from regulars.staff.models import User

AHEAD = timedelta(minutes=5)
FUTURE = "This lies in the future"
Key = tuple[int, str, str]  # customer, channel, normal address


@dataclass(frozen=True)
class Word:
    """What somebody said about one address; without `happened_at`, just now."""

    kind: str
    basis: str = ""
    basis_note: str = ""
    basis_on: date | None = None
    wording: str = ""
    method: str = ""
    place: str = ""
    ip: str | None = None
    happened_at: datetime | None = None

    @property
    def short_basis(self) -> str:
        return self.basis_note if self.basis in ("", Basis.OTHER) else self.basis


def in_passing(kind: str, basis: str, at: datetime | None, method: str = "") -> Word:
    """A word as a list of addresses says it: `purchase` is a basis, other text is one in words."""
    text = basis.strip()
    known = text in Basis.values and text != Basis.OTHER
    return Word(
        kind,
        basis=text if known else Basis.OTHER if text else "",
        basis_note="" if known else text[:100],
        basis_on=at.date() if at else None,
        method=method,
        happened_at=at,
    )


class Ledger:
    """The evidence of some customers, and what is about to be added to it.

    First everything is said, then rows are written with what stands, then `write` keeps what is
    new; `settle` brings other rows of the same address along.
    """

    def __init__(self, known: Iterable[ConsentRecord] = (), *, by: User | None) -> None:
        self.by = by
        self.new: list[ConsentRecord] = []
        self._told: dict[Key, list[ConsentRecord]] = {}
        for record in known:
            self._keep(record)

    @classmethod
    def of(cls, customer: Customer, *, by: User | None) -> Ledger:
        return cls(ConsentRecord.objects.filter(customer=customer).order_by("pk"), by=by)

    def _keep(self, record: ConsentRecord) -> None:
        key = (record.customer_id, record.channel, record.address)
        self._told.setdefault(key, []).append(record)

    def add(self, key: Key, word: Word) -> ConsentRecord:
        """One more piece of evidence. Raises `Invalid` for what has not happened yet."""
        now = clock.now()
        at = word.happened_at or now
        if at > now + AHEAD:
            raise Invalid({"consent_at": FUTURE})
        customer, channel, address = key
        record = ConsentRecord(
            customer_id=customer, channel=channel, address=address, kind=word.kind,
            wording=word.wording, method=word.method or _method(), place=word.place, ip=word.ip,
            happened_at=at, recorded_at=now, by=self.by,
        )  # fmt: skip
        if word.kind == Consent.IMPLIED:
            record.basis, record.basis_note = word.basis, word.basis_note
            record.basis_on = word.basis_on
            record.expires_on = consents.ends_on(channel, word.basis, word.basis_on)
        self.new.append(record)
        self._keep(record)
        return record

    def hear(self, key: Key, word: Word, *, at: datetime) -> None:
        """What is said in passing, `at` where it does not say when: evidence only if it is news."""
        if word.kind in ("", Consent.UNKNOWN):
            return
        told = self._told.get(key, [])
        if word.happened_at is None:
            stands = consents.standing(told)
            told = [stands] if stands else []
        else:
            told = [record for record in told if record.happened_at == word.happened_at]
        if not any(_says(record, word) for record in told):
            self.add(key, replace(word, happened_at=word.happened_at or at))

    def opt_out(self, key: Key, wording: str) -> None:
        """Withdrawn as of now, unless something was said about this address here before."""
        if not any(record.pk for record in self._told.get(key, ())):
            self.add(key, Word(Consent.WITHDRAWN, wording=wording, method=Method.OTHER))

    def email(self, customer: int, normal: str) -> dict[str, Any]:
        """The standing columns of an email address."""
        key = (customer, ConsentChannel.EMAIL.value, normal)
        stands = consents.standing(self._told.get(key, ()))
        return {
            **_columns(stands, "consent"),
            "consent_basis": stands.short_basis if stands else "",
        }

    def phone(self, customer: int, digits: str) -> dict[str, Any]:
        """The standing columns of a phone number."""
        found: dict[str, Any] = {}
        for channel in (ConsentChannel.CALL, ConsentChannel.TEXT):
            told = self._told.get((customer, channel.value, digits), ())
            found |= _columns(consents.standing(told), f"{channel.value}_consent")
        return found

    def write(self) -> bool:
        """Keep what is new; whether anything is."""
        add_rows(ConsentRecord, self.new)
        return bool(self.new)

    def settle(self) -> None:
        """Every row of an address that something new was said about says what stands."""
        for customer, channel, address in {(r.customer_id, r.channel, r.address) for r in self.new}:
            if channel == ConsentChannel.EMAIL:
                for email in Email.objects.filter(customer=customer, normal=address):
                    rewrite(email, self.email(customer, address))
            else:
                for phone in Phone.objects.filter(customer=customer, digits=address):
                    rewrite(phone, self.phone(customer, address))


def _columns(stands: ConsentRecord | None, prefix: str) -> dict[str, Any]:
    return {
        prefix: stands.kind if stands else Consent.UNKNOWN.value,
        f"{prefix}_at": stands.happened_at if stands else None,
        f"{prefix}_until": consents.last_day(stands.expires_on) if stands else None,
    }


def _method() -> str:
    """How the whole transaction is made, where that is a way of saying something."""
    how = reason("how")
    return how if how in (Method.API, Method.IMPORT) else ""


def _says(record: ConsentRecord, word: Word) -> bool:
    """A basis that is not said again is the one that was said."""
    same = not word.short_basis or record.short_basis == word.short_basis
    return record.kind == word.kind and same
