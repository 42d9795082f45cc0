"""What the worker does for this room: forgetting what nobody asks for any more."""

from procrastinate.contrib.django import app

from regulars.lib import clock

from . import replays


@app.periodic(cron="17 * * * *")
@app.task(name="wire.purge_keys", queueing_lock="wire.purge_keys", pass_context=False)
def purge_keys(timestamp: int) -> None:
    replays.purge(now=clock.now())
