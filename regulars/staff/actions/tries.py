"""Tries at a password, counted for all processes at once, before any hash is computed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from regulars.staff.models import SignInTries
from regulars.staff.sign_in import throttle


@transaction.atomic
def try_password(keys: dict[str, throttle.Limit], *, now: datetime) -> timedelta:
    """Count one more try at each key before a password is looked at.

    Zero when it may be looked at; else how long to wait, and nothing is counted.
    """
    stale = now - timedelta(days=1)
    SignInTries.objects.filter(last_at__lt=stale).delete()
    SignInTries.objects.bulk_create(
        [SignInTries(key=key, since=now, last_at=now) for key in sorted(keys)],
        ignore_conflicts=True,
    )
    rows = list(SignInTries.objects.select_for_update().filter(key__in=keys).order_by("key"))
    tallies = {row.key: throttle.Tries(row.count, row.since, row.last_at) for row in rows}
    wait = max(throttle.wait(tallies[key], limit, now) for key, limit in keys.items())
    if wait:
        return wait
    for row in rows:
        tally = throttle.another(tallies[row.key], keys[row.key], now)
        row.count, row.since, row.last_at = tally.count, tally.since, tally.last_at
        row.save(update_fields=["count", "since", "last_at"])
    return timedelta()


@transaction.atomic
def take_back_try(keys: Iterable[str]) -> None:
    """The password was right: that try does not count."""
    for row in SignInTries.objects.select_for_update().filter(key__in=keys).order_by("key"):
        row.count = max(0, row.count - 1)
        row.save(update_fields=["count"])


def forget_tries(keys: Iterable[str]) -> None:
    """The owner proved themselves another way (a new password by email)."""
    SignInTries.objects.filter(key__in=keys).delete()
