"""What must hold after many have worked at once: nothing lost, nothing twice, nobody torn apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from random import Random

from . import sums
from .busy import Crowd


def problems(found: Crowd) -> list[str]:
    """What does not hold, in words; then everything that is still merged is taken apart."""
    wrong = list(found.wrong)
    wrong += _held(found)
    wrong += _taken_apart(found)
    return wrong + _held(found)


def _held(found: Crowd) -> list[str]:
    """What holds at every moment."""
    return [
        *_lost(found), *_ids(found), *_consents(found), *_standing(), *_ones(), *_homes(),
        *_torn(), *sums.differ(found.worth, sum(found.ordered, Decimal(0))),
        *(f"two edits of one version: {key}" for key, n in found.edits.items() if n > 1),
    ]  # fmt: skip


def _lost(found: Crowd) -> Iterable[str]:
    """Every event that was answered for stands once, with somebody who is there; so does every
    task and every address."""
    from regulars.customers.models import Email
    from regulars.follow_up.models import Task
    from regulars.timeline.models import Event

    rows = Event.objects.filter(origin__startswith="api:at-once-").values_list("origin", flat=True)
    there = Counter(origin.partition("#")[0].removeprefix("api:") for origin in rows)
    for origin in found.origins:
        if there[origin] != 1:
            yield f"event {origin} stands {there[origin]} times"
    for task in set(found.tasks) - set(Task.objects.values_list("pk", flat=True)):
        yield f"task {task} is gone"
    known = Counter(Email.objects.filter(address__in=found.added).values_list("address", flat=True))
    for address in found.added:
        if known[address] != 1:
            yield f"{address} stands {known[address]} times"


def _ids(found: Crowd) -> Iterable[str]:
    """Every id leads to somebody, in one hop; whoever was erased may be gone."""
    from regulars.customers.models import Customer, MergedProfile, Tombstone

    live = {str(one) for one in Customer.objects.get_queryset().values_list("public_id", flat=True)}
    gone = {str(one) for one in Tombstone.objects.values_list("public_id", flat=True)}
    leads: dict[str, list[str]] = {}
    rows = MergedProfile.objects.filter(undone_at=None)
    for old, now in rows.values_list("public_id", "customer__public_id"):
        leads.setdefault(str(old), []).append(str(now))
    for public_id in [*found.lasting, *found.mortal]:
        to = leads.get(public_id, [])
        if len(to) + (public_id in live) + (public_id in gone and public_id in found.mortal) != 1:
            yield f"{public_id} leads to {to}, is live: {public_id in live}"
        if any(one not in live for one in to):
            yield f"{public_id} leads to somebody who is not there"


def _consents(found: Crowd) -> Iterable[str]:
    """A word that was taken back stays taken back, wherever the address is now."""
    from regulars.customers.models import Email

    loose = Email.objects.filter(address__in=found.withdrawn).exclude(consent="withdrawn")
    for one in loose:
        yield f"{one.address} is {one.consent} again"


def _standing() -> Iterable[str]:
    """What follows from the events is what the events say."""
    from regulars.customers.models import Customer
    from regulars.timeline import actions as timeline

    columns = ("pk", "last_activity_at", "last_inbound_at", "waiting_since", "unread_count")
    rows = Customer.objects.get_queryset().order_by("pk")
    before = list(rows.values_list(*columns))
    timeline.rebuild_standing()
    for was, now in zip(before, rows.values_list(*columns), strict=True):
        if was != now:
            yield f"standing of {was[0]}: {was[1:]} and not {now[1:]}"


def _ones() -> Iterable[str]:
    """One owner since when, one primary contact and place; no row of anybody who is gone."""
    from django.db.models import Count, Q

    from regulars.customers.models import Customer, Merge

    rows = Customer.objects.get_queryset()
    for one in rows.filter(Q(owner=None) ^ Q(owned_since=None)):
        yield f"{one.pk} is owned since {one.owned_since} by {one.owner_id}"
    for name in ("contacts", "locations"):
        led = rows.annotate(n=Count(name, filter=Q(**{f"{name}__is_primary": True})), m=Count(name))
        for one in led.filter(m__gt=0).exclude(n=1):
            yield f"{one.pk} has {name} and not one primary"
    for merge in Merge.objects.filter(customer=None):
        yield f"merge {merge.pk} is nobody's"


def _torn() -> Iterable[str]:
    """Nothing hangs on what is somebody else's, as an address on another one's contact."""
    from django.db.models import F

    from regulars.customers.merging.hanging import hung_on
    from regulars.customers.merging.whose import tables

    for one in (one for parent in tables() for one in hung_on(parent)):
        rows = one.model._base_manager.exclude(**{one.name: None})
        for pk in rows.exclude(**{f"{one.name}__customer": F("customer")}).values_list("pk"):
            yield f"{one} {pk} hangs on what is somebody else's"


def _homes() -> Iterable[str]:
    from django.db.models import Count

    from regulars.customers.models import Household

    for home in Household.objects.annotate(n=Count("members")).filter(n__gt=20):
        yield f"household {home.pk} has {home.n} members"


def _taken_apart(found: Crowd) -> Iterable[str]:
    """Every merge that stands is undone, in any order: everybody is there again as one."""
    from regulars.customers import actions
    from regulars.customers.models import Customer, ExternalId, Merge

    merges = list(Merge.objects.filter(profiles__undone_at=None).distinct())
    Random(1).shuffle(merges)
    for merge in merges:
        try:
            actions.undo_merge(merge, by=None)
        except Exception as error:
            yield f"undoing {merge.pk}: {error!r}"
    rows = Customer.objects.get_queryset()
    live = {str(one) for one in rows.values_list("public_id", flat=True)}
    for public_id in found.lasting:
        if public_id not in live:
            yield f"{public_id} did not come back"
    for public_id, name, emails in (
        (str(c.public_id), c.name, {e.address for e in c.emails.all()}) for c in rows
    ):
        if public_id in found.names and found.names[public_id] != name:
            yield f"{public_id} is called {name} and not {found.names[public_id]}"
        if public_id in found.names and f"{public_id}@example.com" not in emails:
            yield f"{public_id} has lost an address: {sorted(emails)}"
    for one in rows.exclude(pk__in=ExternalId.objects.values("customer")):
        if str(one.public_id) in found.names:
            yield f"{one.public_id} has lost the id in another system"
    yield from sums.not_theirs(found.given)
