"""The demo's seasons, and notes of its wholesale accounts that say which one they are about."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Protocol

from regulars.customers import actions as customers
from regulars.customers.models import Customer
from regulars.customers.notes.facts import read

from . import actions

SEASONS = ("Spring/Summer", "Fall/Winter", "Pre-Fall", "Resort")
ACCOUNTS = 40
SAID = (
    "Buyer likes the **linen** group. Wants a look book before the fair.\n- 3 doors for now\n"
    "- reorders in week 9",
    "Left word at the front desk: the order form is in her mail.",
    "Showroom visit: wrote 36 units, *hold the second delivery* until the dock confirms.",
    "Moved from last season: minimums were too high. Offer the small assortment.",
)


class World(Protocol):
    """What every room's demo is given."""

    @property
    def now(self) -> datetime: ...
    @property
    def rng(self) -> Random: ...


def load(world: World) -> None:
    made = [actions.add_season(name, by=None) for name in SEASONS]
    summer = world.now.month < 7
    sold = actions.sell(made[0 if summer else 1], world.now.year, by=None)
    accounts = Customer.objects.get_queryset().filter(is_company=True, owner__isnull=False)
    for n, account in enumerate(accounts.select_related("owner").order_by("pk")[:ACCOUNTS]):
        if account.owner is None:
            continue
        raw = {
            "text": SAID[n % len(SAID)],
            "type": ("Meeting", "Call", "Visit", "General")[n % 4],
            "call_status": "left_message" if n % 4 == 1 else "",
            "details": {"season": str(sold.season_id), "year": str(sold.year)},
        }
        before = world.now - timedelta(days=1 + n % 60, minutes=world.rng.randrange(500))
        customers.add_note(
            account,
            read(raw, by=account.owner),
            by=account.owner,
            pinned=n % 5 == 0,
            happened_at=max(account.created_at, before),
        )
