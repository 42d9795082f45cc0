"""What the worker does for this room: by night what changed, every week everything."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from . import actions
from .engines import NotHere, engine

log = logging.getLogger("regulars.matching")


@app.periodic(cron="10 2 * * *")
@app.task(name="matching.search_changed", queueing_lock="matching.search_changed")
def search_changed(timestamp: int) -> None:
    """Around the customers written since the last search."""
    _look()


@app.task(name="matching.look", queueing_lock="matching.look")
def look() -> None:
    """The same, for somebody who does not wait for the night."""
    _look()


def _look() -> None:
    try:
        actions.search_changed(by=None)
    except actions.SearchBusy as busy:
        log.info("%s", busy)


@app.periodic(cron="40 1 * * 0")
@app.task(name="matching.search_all", queueing_lock="matching.search_all")
def search_all(timestamp: int) -> None:
    """Everything, with weights learned anew; without the engine's libraries the nights must do."""
    try:
        actions.search_all(engine("duckdb"), by=None)
    except (actions.SearchBusy, NotHere) as no:
        log.info("%s", no)
