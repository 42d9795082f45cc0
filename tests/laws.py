"""How many examples a law takes that needs its own number: each touches the database."""

from typing import Any

from hypothesis import HealthCheck, Phase, settings

FEW = 3  # a law is proved with all packs; without them it only must be able to run
ONCE = "once"
HOUSE = "house"


def profiles(*, once: bool) -> None:
    """Said before any test is imported: what the others take, and whether all take a few."""
    # A busy machine is no finding.
    settings.register_profile(HOUSE, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.register_profile(ONCE, settings.get_profile(HOUSE), max_examples=FEW)
    settings.load_profile(ONCE if once else HOUSE)


def takes(examples: int, **more: Any) -> settings:
    """`@takes(15)` stands above `@given`; what it finds in the database is the test's own."""
    few = settings.get_current_profile_name() == ONCE
    suppressed = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    more = {"suppress_health_check": suppressed, **more}
    return settings(max_examples=min(examples, FEW) if few else examples, **more)


def takes_unshrunk(examples: int) -> settings:
    """For laws whose examples are dear, and small from the beginning."""
    return takes(examples, phases=[Phase.generate])
