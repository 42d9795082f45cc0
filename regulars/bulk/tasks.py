"""What the worker does for this room: carry deeds out and take them back, revive, sweep."""

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from . import actions
from .models import Receipt, State

ATTEMPTS = 3


@app.task(
    name="bulk.carry_out",
    retry=RetryStrategy(max_attempts=ATTEMPTS, exponential_wait=5),
    pass_context=True,
)
def carry_out(context: JobContext, receipt_id: int) -> None:
    """A run that was killed goes on with the batch it was writing."""
    people = ("by__role", "by__store", "undone_by__role", "undone_by__store")
    receipt = Receipt.objects.select_related(*people).filter(pk=receipt_id).first()
    if receipt is None or not receipt.is_busy:
        return
    try:
        if receipt.state == State.UNDOING:
            actions.run_undo(receipt, by=receipt.undone_by)
        else:
            actions.run(receipt, by=receipt.by)
    except Exception:
        if context.job.attempts >= ATTEMPTS - 1:
            actions.fail(receipt, by=None)
        raise


@app.periodic(cron="* * * * *")
@app.task(name="bulk.revive", queueing_lock="bulk.revive")
def revive(timestamp: int) -> None:
    """Whoever worked on it was killed: another one goes on."""
    actions.revive(by=None)


@app.periodic(cron="50 4 * * *")
@app.task(name="bulk.sweep", queueing_lock="bulk.sweep")
def sweep(timestamp: int) -> None:
    actions.sweep(by=None)
