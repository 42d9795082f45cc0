"""What the worker does for this room: look at who changed, settle what the clock moves."""

from __future__ import annotations

from procrastinate.contrib.django import app

from . import actions, membership
from .asking import Askings
from .models import Audience


@app.periodic(cron="* * * * * */10")
@app.task(name="audiences.keep_up", queueing_lock="audiences.keep_up")
def keep_up(timestamp: int) -> None:
    """Every ten seconds; nothing but one look when nobody changed."""
    membership.keep_up()


@app.task(name="audiences.gather", lock="audiences.gather")
def gather(audience_id: int) -> None:
    """The people of an audience that was made or changed, when they were too many to wait for."""
    audience = Audience.objects.filter(pk=audience_id).first()
    if audience is not None:
        membership.settle(audience)


@app.periodic(cron="*/15 * * * *")
@app.task(name="audiences.settle", queueing_lock="audiences.settle")
def settle_what_moves(timestamp: int) -> None:
    """What the clock moves, and what was left in the middle."""
    for audience in membership.ordered(Askings()):
        if audience.moves_with_time or audience.settled_at is None:
            membership.settle(audience)


@app.periodic(cron="50 2 * * *")
@app.task(name="audiences.settle_all", queueing_lock="audiences.settle_all")
def settle_all(timestamp: int) -> None:
    """What nothing told of changes without touching a customer; and the day has its size."""
    for audience in membership.ordered(Askings()):
        membership.settle(audience)
    actions.note_sizes()
