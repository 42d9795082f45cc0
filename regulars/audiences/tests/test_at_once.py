"""Writers and keepers at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from random import Random

import pytest
from django.db import connection

from regulars.audiences import actions as audiences
from regulars.audiences import membership
from regulars.audiences.models import Audience
from regulars.customers import actions
from regulars.customers.models import Customer
from regulars.staff.models import User
from regulars.timeline import actions as timeline
from tests.cast import MakeCustomer

from .test_membership import fitting, people

SAID = {"VIPs": "tag:VIP", "Quiet": "in:VIPs and not waiting", "Rest": "not tag:VIP"}
WRITERS, KEEPERS, DEEDS = 3, 2, 20


def one_deed(luck: Random, crowd: list[Customer], by: User) -> None:
    one = luck.choice(crowd)
    deeds: list[Callable[[], object]] = [
        lambda: actions.tag(one, "VIP", by=by),
        lambda: actions.untag(one, "VIP", by=by),
        lambda: actions.tag_many([c.pk for c in luck.sample(crowd, 5)], "VIP", by=by),
        lambda: timeline.record(one, "message.received", by=None, data={"text": "Hello"}),
        lambda: timeline.record(one, "text.sent", by=by, data={"text": "Hello"}),
    ]
    luck.choice(deeds)()


class Together:
    """Threads that begin at the same moment, and what went wrong in them."""

    def __init__(self, count: int) -> None:
        self.start = threading.Barrier(count)
        self.problems: list[BaseException] = []

    def thread(self, work: Callable[[], None]) -> threading.Thread:
        def guarded() -> None:
            try:
                self.start.wait()
                work()
            except BaseException as problem:
                self.problems.append(problem)
            finally:
                connection.close()

        found = threading.Thread(target=guarded)
        found.start()
        return found


@pytest.mark.django_db(transaction=True)
def test_they_leave_every_audience_as_its_criteria_say(
    ada: User, make_customer: MakeCustomer
) -> None:
    crowd = [make_customer(f"Customer {n}", tags=["VIP"] if n % 2 else []) for n in range(8)]
    made = [audiences.make_audience(name=name, criteria=c, by=ada) for name, c in SAID.items()]
    written = threading.Event()

    def write(seed: int) -> None:
        luck = Random(seed)
        for _ in range(DEEDS):
            one_deed(luck, crowd, ada)

    def keep(audience: Audience) -> None:
        while not written.is_set():
            membership.keep_up()
            membership.settle(audience)

    together = Together(WRITERS + KEEPERS)
    writers = [together.thread(lambda seed=n: write(seed)) for n in range(WRITERS)]  # type: ignore[misc]
    keepers = [together.thread(lambda one=one: keep(one)) for one in made[:KEEPERS]]  # type: ignore[misc]
    for thread in writers:
        thread.join(60)
    written.set()
    for thread in keepers:
        thread.join(60)
    assert not together.problems
    membership.keep_up()
    for audience in made:
        audience.refresh_from_db()
        assert people(audience) == fitting(audience)
        assert audience.size == len(people(audience))
