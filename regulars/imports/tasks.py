"""What the worker does for this room: run imports, forget old ones."""

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from . import actions
from .models import Import

ATTEMPTS = 3
UNCHECKED = "Something went wrong while the other rows were checked; they are when the import runs."


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


@app.task(
    name="imports.check",
    retry=RetryStrategy(max_attempts=ATTEMPTS, exponential_wait=10),
    pass_context=True,
)
def check_import(context: JobContext, import_id: int, version: int) -> None:
    """The rows that the preview did not look at; nobody wants the check of an older mapping."""
    job = Import.objects.select_related("by__role", "by__store").filter(pk=import_id).first()
    if job is None or not job.is_open or job.version != version or job.is_checked:
        return
    try:
        actions.check(job, version=version)
    except Exception:
        if context.job.attempts >= ATTEMPTS - 1:
            actions.leave_unchecked(job, trouble=UNCHECKED, version=version)
        raise


@app.periodic(cron="* * * * *")
@app.task(name="imports.revive", queueing_lock="imports.revive")
def revive(timestamp: int) -> None:
    """Whoever worked on it was killed: another one goes on."""
    actions.revive()


@app.periodic(cron="20 4 * * *")
@app.task(name="imports.sweep", queueing_lock="imports.sweep")
def sweep(timestamp: int) -> None:
    actions.sweep()
