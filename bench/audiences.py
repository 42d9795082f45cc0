"""Who is in an audience: gathered anew, settled when nothing moved, and kept up with changes."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from django.db import connection

from regulars.audiences import actions, membership
from regulars.audiences.models import Audience, Changed, Member
from regulars.customers.models import Customer

from . import measure
from .people import people

WHOLE = 10.0  # seconds of the database and of this program for a million customers
ONE = 50.0  # milliseconds for one changed customer and all audiences
SAID = [
    'tag:"Tag 1"',
    'tag:"Tag 2" and type:lead and last_activity < 90 days ago',
    "waiting or created < 30 days ago",
    "no call for 60 days",
]


def run(tell: Callable[..., None]) -> None:
    admin = people()["administrator"]
    millions = Customer.objects.get_queryset().count() / 1_000_000
    Audience.objects.filter(name__startswith="Bench ").delete()
    Changed.objects.all().delete()
    made = []
    for n, said in enumerate(SAID):
        audience = actions.make_audience(name=f"Bench {n}", criteria=said, by=admin)
        made.append(audience)
        gathering = _spent(partial(membership.settle, audience))
        members = Member.objects.filter(audience=audience).count()
        tell(f"audience, {said}", "members", members)
        tell(f"audience, {said}", "gathered anew, CPU s per 100,000 members",
             gathering / max(members, 5_000) * 100_000, WHOLE)  # fmt: skip
        again = _spent(partial(membership.settle, audience))
        tell(f"audience, {said}", "recomputed, CPU s per million", again / millions, WHOLE)
    try:
        newest = Customer.objects.get_queryset().order_by("-pk").values_list("pk", flat=True)
        some = list(newest[: membership.BATCH])
        Changed.objects.bulk_create([Changed(customer=pk) for pk in some])
        spent = _spent(membership.keep_up) * 1000
        tell(f"audiences, {len(some)} changed", "ms for each of them", spent / len(some), ONE)
        Changed.objects.create(customer=some[0])
        tell("audiences, one changed", "ms", _spent(membership.keep_up) * 1000, ONE)
    finally:
        Audience.objects.filter(pk__in=[audience.pk for audience in made]).delete()


def _spent(run: Callable[[], object]) -> float:
    """Processor seconds of this program and of its one database process, without helpers of it."""
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
    before = time.process_time() + measure.worked()
    run()
    return time.process_time() + measure.worked() - before
