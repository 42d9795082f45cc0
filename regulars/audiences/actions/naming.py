"""What audiences and views have in common when they are written: a name of their own."""

from __future__ import annotations

from typing import TypeVar

from django.db import IntegrityError, transaction

from regulars.audiences.models import Audience, View
from regulars.lib import names
from regulars.lib.errors import Invalid

Row = TypeVar("Row", Audience, View)


def name_of(name: str, most: int, errors: dict[str, str]) -> str:
    called = names.clean(name)
    if not called:
        errors["name"] = "This needs a name"
    elif len(called) > most:
        errors["name"] = f"This is longer than {most} characters"
    return called


def kept(row: Row) -> Row:
    """Saved, unless another one has the name."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Invalid({"name": f"There is one called “{row.name}” already"}) from None
    return row
