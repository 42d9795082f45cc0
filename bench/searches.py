"""Search as you type: every kind of beginning, from dense to none."""

from __future__ import annotations

from collections.abc import Callable

from regulars.customers import queries
from regulars.customers.models import Phone
from regulars.staff.models import User
from regulars.staff.sign_in.backend import Backend

from . import measure

ROWS, MILLISECONDS = 5_000, 10.0


def run(tell: Callable[..., None]) -> None:
    number = Phone.objects.order_by("pk")[500].typed
    cases = [
        "j", "jo", "smith", "john smith", "smith jo", "gmail", "@gmail", "michael",
        number[-4:], number, f"({number[:3]}) {number[3:6]}-{number[6:]}", "zzyzx",
    ]  # fmt: skip
    # As a request has them: whose customers one sees comes with the person.
    sellers = User.objects.filter(role__key="salesperson").order_by("pk")
    people = {
        "all": Backend().get_user(User.objects.get(email="administrator@bench.example").pk),
        "team": Backend().get_user(sellers[0].pk),
    }
    for name, user in people.items():
        assert user is not None
        for said in cases:
            work = measure.work(lambda user=user, said=said: queries.search(user, said))  # type: ignore[misc]
            case = f"search “{said}”, {name}"
            tell(case, "most rows of one", work.most_rows, ROWS)
            tell(case, "database ms", work.milliseconds, MILLISECONDS)
