"""Looking at the rows that the preview left out: the worker reads the whole file beforehand."""

from __future__ import annotations

import logging
from typing import Any

from django.db import transaction

from regulars.imports import preview
from regulars.imports.models import Import, State
from regulars.imports.reading.limits import CannotRead
from regulars.imports.reading.table import open_table
from regulars.lib import clock

from . import deciding

log = logging.getLogger("regulars.imports")

KEPT_EVERY = 4
"""So many batches are looked at between two writings of what was found."""


def check(job: Import, *, version: int) -> bool:
    """Judge every row with the mapping of this version, and keep what is found as it goes.

    Ends when the mapping changes, the import starts or is forgotten; then False. A check that was
    killed is begun anew.
    """
    found = preview.Found()
    try:
        how = preview.options_of(job).how
        with open_table(deciding.path_of(job), how=how, limits=preview.limits()) as table:
            planner = preview.planner_of(job)
            for at, batch in enumerate(preview.batches(table.records())):
                if not _current(job, version).exists():
                    return False
                found.add(planner.plan(batch), table.header)
                if at % KEPT_EVERY == 0 and found.checked > job.reading["checked"]:
                    so_far = {"rows": max(found.checked, job.expected)}
                    if not _keep(job, version, found.to_json() | so_far):
                        return False
            done = {"rows": found.checked, "empty": table.empty_rows}
    except CannotRead as error:
        return leave_unchecked(job, trouble=str(error), version=version)
    except FileNotFoundError:
        return False
    every = found.to_json() | done | {"counted": True, "complete": True}
    log.info("import checked import=%s rows=%s", job.pk, found.checked)
    return _keep(job, version, every)


def leave_unchecked(job: Import, *, trouble: str, version: int) -> bool:
    """Leave it at what was found so far, and say why."""
    return _keep(job, version, {"complete": True, "trouble": trouble})


def _current(job: Import, version: int) -> Any:
    return Import.objects.filter(pk=job.pk, state=State.UPLOADED, version=version)


def _keep(job: Import, version: int, found: dict[str, Any]) -> bool:
    """Whether it was kept: a newer mapping, a start or an erasure makes it worth nothing."""
    with transaction.atomic():
        kept = _current(job, version).select_for_update().first()
        if kept is None:
            return False
        kept.reading = {**kept.reading, **found}
        kept.expected = kept.reading["rows"]
        kept.moved_at = clock.now()
        kept.save(update_fields=["reading", "expected", "moved_at"])
    return True
