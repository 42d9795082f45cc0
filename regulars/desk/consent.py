"""What each address of a customer agreed to, in words, with how much evidence stands behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef
from django.db.models.expressions import BaseExpression, Combinable
from django.db.models.functions import JSONObject
from django.utils import timezone

from regulars.customers import consents
from regulars.customers.models import Consent, ConsentRecord, Email, Phone
from regulars.lib import phones
from regulars.staff.functions import Level
from regulars.staff.permission import signed_in
from regulars.ui import wording

if TYPE_CHECKING:
    from django.http import HttpRequest

    from regulars.customers.models import Customer

MOST = 40
OPEN = (Consent.EXPRESS, Consent.IMPLIED)
LOOKS = {"email": ("Email", "mail"), "call": ("Calls", "phone"), "text": ("Texts", "message")}


def word(kind: str, at: datetime | None, until: date | None) -> str:
    """“Express, 3 Mar 2025”, “Implied until 27 Feb 2027”, “Implied, ended 28 Feb 2026”."""
    if kind == Consent.UNKNOWN:
        return "Not recorded"
    today = timezone.localdate()
    label = Consent(kind).label if kind != Consent.NONE else "Did not agree"
    if ended := consents.ended(until, today):
        return f"{label}, ended {wording.short_date(ended, today)}"
    if until is not None:
        return f"{label} until {wording.short_date(until, today)}"
    if at is None:
        return label
    return f"{label}, {wording.short_date(timezone.localtime(at).date(), today)}"


@dataclass(frozen=True)
class Line:
    """One address for one channel; `kind` and `pk` name its page."""

    channel: str
    kind: str
    pk: int
    shown: str
    word: str
    said: str
    count: int
    ended: bool

    @property
    def label(self) -> str:
        return LOOKS[self.channel][0]

    @property
    def symbol(self) -> str:
        return LOOKS[self.channel][1]

    @property
    def is_known(self) -> bool:
        return self.said != Consent.UNKNOWN

    @property
    def is_open(self) -> bool:
        return self.said in OPEN and not self.ended


def rows() -> BaseExpression | Combinable:
    """Addresses, numbers and the count of evidence for each, read with the page's one statement."""
    mine = {"customer": OuterRef("pk")}
    primary_first = ("-contact__is_primary", "contact_id", "position", "id")
    dated = ("call_consent", "call_consent_at", "call_consent_until",
             "text_consent", "text_consent_at", "text_consent_until")  # fmt: skip
    mails = ("consent", "consent_at", "consent_until", "address", "normal")
    numbers = ("typed", "e164", "digits", "extension", *dated)
    return JSONObject(
        emails=ArraySubquery(
            Email.objects.filter(**mine).order_by(*primary_first)
            .values(json=JSONObject(id="id", **{c: c for c in mails}))[:MOST]
        ),
        phones=ArraySubquery(
            Phone.objects.filter(**mine).order_by(*primary_first)
            .values(json=JSONObject(id="id", **{c: c for c in numbers}))[:MOST]
        ),
        evidence=ArraySubquery(
            ConsentRecord.objects.filter(**mine).order_by().values("channel", "address")
            .annotate(count=Count("pk"))
            .values(json=JSONObject(channel="channel", address="address", count=F("count")))
        ),
    )  # fmt: skip


def context(request: HttpRequest, customer: Customer, found: Mapping[str, Any]) -> dict[str, Any]:
    """What the panel is drawn with: only what was said, since each address says what is missing."""
    counts = {(e["channel"], e["address"]): e["count"] for e in found["evidence"]}
    lines = [_email(row, counts) for row in found["emails"]]
    for row in found["phones"]:
        lines += [_phone(row, channel, counts) for channel in ("call", "text")]
    may_edit = signed_in(request).may("customers", Level.EDIT)
    said = [line for line in lines if line.is_known or line.count]
    return {"customer": customer, "lines": said, "any": bool(lines), "may_edit": may_edit}


def _email(row: Mapping[str, Any], counts: Mapping[tuple[str, str], int]) -> Line:
    return _line(
        "email", "email", row, row["address"], "consent", counts.get(("email", row["normal"]), 0)
    )


def _phone(row: Mapping[str, Any], channel: str, counts: Mapping[tuple[str, str], int]) -> Line:
    shown = phones.shown(row["e164"], extension=row["extension"]) or row["typed"]
    count = counts.get((channel, row["digits"]), 0)
    return _line(channel, "phone", row, shown, f"{channel}_consent", count)


def _line(
    channel: str, kind: str, row: Mapping[str, Any], shown: str, column: str, count: int
) -> Line:
    at, until = row[f"{column}_at"], row[f"{column}_until"]
    last = date.fromisoformat(until) if until else None
    return Line(
        channel=channel,
        kind=kind,
        pk=row["id"],
        shown=shown,
        word=word(row[column], datetime.fromisoformat(at) if at else None, last),
        said=row[column],
        count=count,
        ended=last is not None and last < timezone.localdate(),
    )
