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
from regulars.lib.errors import Invalid
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


@pytest.mark.django_db(transaction=True)
def test_two_who_make_their_audience_of_the_others_make_no_circle(ada: User) -> None:
    for round in range(3):
        names = [f"One {round}", f"Two {round}"]
        made = [audiences.make_audience(name=n, criteria="nobody", by=ada) for n in names]
        refused: list[str] = []
        together = Together(2)

        def change(one: Audience, other: str, refused: list[str] = refused) -> None:
            try:
                audiences.change_audience(one, criteria=f'in:"{other}"', by=ada)
            except Invalid as no:
                refused.append(no.errors["criteria"])

        threads = [
            together.thread(lambda one=one, other=other: change(one, other))  # type: ignore[misc]
            for one, other in zip(made, reversed(names), strict=True)
        ]
        for thread in threads:
            thread.join(60)
        assert not together.problems
        assert len(refused) == 1
        assert "cannot be made of itself" in refused[0]


@pytest.mark.django_db(transaction=True)
def test_what_somebody_just_made_an_audience_of_is_not_deleted(ada: User) -> None:
    for round in range(3):
        one = audiences.make_audience(name=f"One {round}", criteria="nobody", by=ada)
        refused: list[str] = []
        together = Together(2)

        def make(said: str, refused: list[str] = refused) -> None:
            try:
                audiences.make_audience(name=f"Of {said}", criteria=f'in:"{said}"', by=ada)
            except Invalid as no:
                refused.extend(no.errors)

        def delete(one: Audience, refused: list[str] = refused) -> None:
            try:
                audiences.delete_audience(one, by=ada)
            except Invalid as no:
                refused.extend(no.errors)

        threads = [
            together.thread(lambda name=one.name: make(name)),  # type: ignore[misc]
            together.thread(lambda one=one: delete(one)),  # type: ignore[misc]
        ]
        for thread in threads:
            thread.join(60)
        assert not together.problems
        assert len(refused) == 1
