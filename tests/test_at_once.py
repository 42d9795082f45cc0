"""Colleagues at once on few customers who are merged, taken apart and erased meanwhile.

`python -m bench.at_once` does the same with a hundred of them.
"""

from __future__ import annotations

import pytest

from bench import at_once, held
from regulars.staff.models import User


@pytest.mark.django_db(transaction=True)
def test_whatever_they_do_everything_promised_holds(ada: User) -> None:
    people = at_once.crowd(10)
    at_once.run(people, workers=6, operations=16)
    wrong = held.problems(people)
    assert wrong == [], wrong
    assert sum(people.answers.values()) >= 96
    assert any(what == "merge" and status == 201 for what, status in people.answers)
