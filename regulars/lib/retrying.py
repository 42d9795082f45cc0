"""Doing it again after two writers waited for each other and the database let one of them go."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, OperationalError, connection

P = ParamSpec("P")
R = TypeVar("R")
AGAIN = {"40P01", "40001"}  # a deadlock was broken, or what was read has changed
# What was referred to went meanwhile, such as a customer who was merged, or somebody wrote the same
# first: asked for again, both are found where they are now.
OVERTAKEN = {"23503", "23505"}
TIMES = 8


def is_passing(error: BaseException) -> bool:
    """Whether the same may well succeed a moment later."""
    return _sqlstate(error) in AGAIN


def _sqlstate(error: BaseException) -> str:
    return str(getattr(error.__cause__, "sqlstate", ""))


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
                _wait(attempt)
        raise AssertionError("unreachable")

    return again


def again(act: Callable[[], R], *, kept_before: int | None = None) -> R:
    """For a whole request: done again, as long as nothing of it was kept.

    `kept_before` is what `kept` said before it began, where it has failed once already.
    """
    before = kept() if kept_before is None else kept_before
    for attempt in range(TIMES):
        try:
            return act()
        except (OperationalError, IntegrityError) as error:
            if attempt == TIMES - 1 or not may_go_again(error, before):
                raise
            _wait(attempt)
    raise AssertionError("unreachable")


def may_go_again(error: BaseException, kept_before: int) -> bool:
    """Whether what ended in this error left nothing behind, and may well succeed next time."""
    return may_pass(error) and not connection.in_atomic_block and kept() == kept_before


def may_pass(error: BaseException) -> bool:
    """Whether the same, asked for again from its beginning, may well succeed."""
    return is_passing(error) or _sqlstate(error) in OVERTAKEN


def conflict(error: IntegrityError) -> str:
    """What the database would not keep, for the log: the kind and the constraint, no values."""
    rule = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    return f"{type(error.__cause__).__name__} {rule or '-'}"


def kept() -> int:
    """How often this connection has kept something: a transaction, or a statement outside one."""
    return int(getattr(connection, "kept", 0))


def _wait(attempt: int) -> None:
    time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 (only apart)
