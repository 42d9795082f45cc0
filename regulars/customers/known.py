"""Who is here already with the same email or phone: asked while somebody types."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from regulars.lib import emails, phones

from .cards import Card
from .deck import cards
from .models import Customer, Email, Phone

if TYPE_CHECKING:
    from regulars.staff.models import User

MOST = 5
LOOKED_AT = 50


def known_by(user: User, *, email: str = "", phone: str = "", region: str = "US") -> list[Card]:
    """At most five customers whom `user` may see and who are reached the same way.

    Half a number or half an address finds nobody: both must be whole.
    """
    ids = {*_by_email([email] if "@" in email else []), *_by_phone(phone, region)}
    if not ids:
        return []
    seen = Customer.objects.visible_to(user).filter(pk__in=ids)
    return cards(user, list(seen.order_by("-last_activity_at").values_list("pk", flat=True)[:MOST]))


def _by_email(addresses: Iterable[str]) -> list[int]:
    wanted = [emails.normal(a.replace("\x00", "")) for a in addresses]
    if not wanted:
        return []
    found = Email.objects.filter(normal__in=wanted)
    return list(found.values_list("customer_id", flat=True)[:LOOKED_AT])


def _by_phone(typed: str, region: str) -> list[int]:
    number = phones.read(typed, region)
    if len(number.digits) < 7:
        return []
    found = Phone.objects.filter(digits=number.digits[:40])
    return list(found.values_list("customer_id", flat=True)[:LOOKED_AT])
