"""Search as you type: every kind of beginning, from dense to none."""

from __future__ import annotations

from collections.abc import Callable

from regulars.customers import queries
from regulars.customers.models import Phone
from regulars.staff.models import User

from . import measure

ROWS, MILLISECONDS = 5_000, 10.0


def run(tell: Callable[..., None]) -> None:
    number = Phone.objects.order_by("pk")[500].typed
    cases = [
        "j", "jo", "smith", "john smith", "smith jo", "gmail", "@gmail", "michael",
        number[-4:], number, f"({number[:3]}) {number[3:6]}-{number[6:]}", "zzyzx",
    ]  # fmt: skip
    seller = User.objects.filter(role__key="salesperson").order_by("pk").first()
    assert seller is not None
    people = {"all": User.objects.get(email="administrator@bench.example"), "team": seller}
    for name, user in people.items():
        for said in cases:
            work = measure.work(lambda user=user, said=said: queries.search(user, said))  # type: ignore[misc]
            case = f"search “{said}”, {name}"
            tell(case, "most rows of one", work.most_rows, ROWS)
            tell(case, "database ms", work.milliseconds, MILLISECONDS)
