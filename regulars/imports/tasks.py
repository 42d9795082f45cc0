"""What the worker does for this room: run imports, forget old ones."""

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from . import actions
from .models import Import

ATTEMPTS = 3


@app.task(
    name="imports.run",
    retry=RetryStrategy(max_attempts=ATTEMPTS, exponential_wait=10),
    pass_context=True,
)
def run_import(context: JobContext, import_id: int) -> None:
    """A run that was killed goes on where it stopped."""
    job = Import.objects.select_related("by__store", "receipt").filter(pk=import_id).first()
    if job is None or not job.is_busy:
        return
    try:
        actions.run(job, by=job.by)
    except Exception:
        if context.job.attempts >= ATTEMPTS - 1:
            actions.fail(job)
        raise


@app.periodic(cron="20 4 * * *")
@app.task(name="imports.sweep", queueing_lock="imports.sweep")
def sweep(timestamp: int) -> None:
    actions.sweep()
