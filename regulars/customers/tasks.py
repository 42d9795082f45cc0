"""What the worker does for this room: ask the post about an address, sweep what lies around."""

from __future__ import annotations

import logging

from procrastinate import BaseRetryStrategy, JobContext, RetryDecision, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from regulars.staff.models import User

from . import actions
from .address_check import usps
from .address_check.budget import NotLetIn, NotNow
from .history.context import because
from .models import Location

log = logging.getLogger("regulars.usps")

ATTEMPTS = 4


class WhenAllowed(BaseRetryStrategy):
    """Again when the hour has room or USPS is back."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if not isinstance(exception, NotNow):
            return None
        return RetryDecision(retry_in={"seconds": exception.seconds})


@app.task(name="customers.ask_usps", retry=WhenAllowed(), pass_context=True)
def ask_usps(context: JobContext, location_id: int) -> None:
    """A few tries; then what was found offline stays."""
    location = Location.objects.filter(pk=location_id).first()
    if location is None or not usps.is_configured() or not usps.can_be_asked(location.address):
        return
    try:
        with because(how="address_check"):
            actions.mark_checked(location, usps.ask(location.address), by=None)
    except NotLetIn as refused:
        log.warning("%s", refused)
    except NotNow:
        if context.job.attempts < ATTEMPTS - 1:
            raise


@app.task(name="customers.hand_over", retry=RetryStrategy(max_attempts=5, exponential_wait=5))
def hand_over(of: int, to: int | None, by: int, reason: str) -> None:
    """All customers of a colleague; what is done already stays done when it is tried again."""
    people = User.objects.in_bulk([pk for pk in (of, to, by) if pk is not None])
    actions.hand_over(people[of], to=people[to] if to else None, by=people[by], reason=reason)


@app.periodic(cron="40 3 * * *")
@app.task(name="customers.sweep_files", queueing_lock="customers.sweep_files")
def sweep_files(timestamp: int) -> None:
    """Content whose row was never written, or whose deletion failed."""
    actions.sweep_files(by=None)


@app.periodic(cron="10 3 * * *")
@app.task(name="customers.keep_search", queueing_lock="customers.keep_search")
def keep_search(timestamp: int) -> None:
    """The line between those lately active and the others, and the words of names."""
    actions.keep_spelling()
    actions.keep_hot()
