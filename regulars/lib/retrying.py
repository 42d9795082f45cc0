"""Doing it again after two writers waited for each other and the database let one of them go."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection

P = ParamSpec("P")
R = TypeVar("R")
AGAIN = {"40P01", "40001"}  # a deadlock was broken, or what was read has changed
TIMES = 6


def is_passing(error: BaseException) -> bool:
    """Whether the same may well succeed a moment later."""
    return getattr(error.__cause__, "sqlstate", "") in AGAIN


def retried(act: Callable[P, R]) -> Callable[P, R]:
    """For an act that is one transaction; inside an open one it cannot be done again."""

    @wraps(act)
    def again(*args: P.args, **kwargs: P.kwargs) -> R:
        for attempt in range(TIMES):
            outermost = not connection.in_atomic_block
            try:
                return act(*args, **kwargs)
            except OperationalError as error:
                if not outermost or attempt == TIMES - 1 or not is_passing(error):
                    raise
                time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 (only apart)
        raise AssertionError("unreachable")

    return again
