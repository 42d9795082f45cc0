"""Search as you type: every kind of beginning, from dense to none."""

from __future__ import annotations

from collections.abc import Callable

from regulars.customers import queries
from regulars.customers.models import Customer, Phone

from . import measure
from .people import people

ROWS, MILLISECONDS = 5_000, 10.0


def cases() -> list[str]:
    """From one letter, which finds a twentieth of all, to what finds nobody."""
    number = Phone.objects.order_by("pk")[500].typed
    ann = Customer.objects.get_queryset().order_by("pk")[500]
    return [
        "j", "jo", "smith", "john smith", "smith jo", "gmail", "@gmail", "michael",
        ann.name, f"{ann.last_name} {ann.first_name[:2]}", f"{ann.first_name}.{ann.last_name}",
        number[-4:], number, f"({number[:3]}) {number[3:6]}-{number[6:]}", "zzyzx",
    ]  # fmt: skip


def run(tell: Callable[..., None]) -> None:
    for name, user in people().items():
        for said in cases():
            work = measure.work(lambda user=user, said=said: queries.search(user, said))  # type: ignore[misc]
            case = f"search “{said}”, {name}"
            tell(case, "most rows of one", work.most_rows, ROWS)
            tell(case, "database ms", work.milliseconds, MILLISECONDS)
