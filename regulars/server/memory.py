"""Python's collector, told that what a process starts with stays."""

import gc

# A page makes tens of thousands of short-lived objects and hardly a cycle. With Python's defaults
# the collector walks everything ever imported several times for each: a third of a page's time.
YOUNG = 50_000


def hurry() -> None:
    """Called as a command begins: a tenth of starting it and a quarter of migrating was this."""
    gc.set_threshold(YOUNG, 20, 50)


def settle() -> None:
    """Called once everything is imported and before the first request."""
    gc.collect()
    gc.freeze()
    hurry()
