"""The law of undo: any run of deeds taken back in reverse leaves every row as it was."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from regulars.bulk import actions
from regulars.bulk.models import Receipt
from regulars.bulk.selection import Selection
from regulars.customers.models import Category, Customer, Group, histories
from regulars.staff.models import User
from tests.cast import MakeCustomer
from tests.laws import takes

pytestmark = pytest.mark.django_db

DEEDS = st.sampled_from(
    [
        ("tag", {"tag": "VIP"}),
        ("tag", {"tag": "Fleet"}),
        ("untag", {"tag": "VIP"}),
        ("reassign", {"owner": "nobody"}),
        ("reassign", {"owner": "cleo"}),
        ("reassign", {"owner": "ana"}),
        ("group", {"group": "Business"}),
        ("category", {"category": "Boutique"}),
        ("category", {"category": "none"}),
        ("add_task", {"title": "Call about spring"}),
        ("add_task", {"title": "Call about spring", "assignee": "cleo", "due": "2026-12-01"}),
        ("archive", {}),
        ("restore", {}),
    ]
)
WORK = st.lists(st.tuples(DEEDS, st.sets(st.integers(0, 3), min_size=1)), min_size=1, max_size=5)


def rows() -> dict[str, list[dict[str, Any]]]:
    """Every row of every customer that history keeps, as history keeps it."""
    found = {}
    for model, history, column in histories():
        if column:
            kept = {f.attname for f in history._meta.concrete_fields}
            every = model._base_manager.order_by("pk").values()
            found[model.__name__] = [{k: v for k, v in one.items() if k in kept} for one in every]
    return found


@takes(15)
@given(work=WORK)
def test_any_deeds_taken_back_in_reverse_leave_every_row_as_it_was(
    work: list[tuple[tuple[str, dict[str, str]], set[int]]],
    ada: User,
    ana: User,
    cleo: User,
    make_customer: MakeCustomer,
) -> None:
    with transaction.atomic():
        group, _ = Group.objects.get_or_create(name="Business")
        category, _ = Category.objects.get_or_create(name="Boutique")
        keys = {"cleo": cleo.pk, "ana": ana.pk, "Business": group.pk, "Boutique": category.pk}
        who = [
            make_customer("Bo Li", owner=ana, tags=["VIP"], email="bo@example.com"),
            make_customer("Cy Ross", owner=cleo, phone="248 555 0101"),
            make_customer("Di Moss", tags=["VIP", "Fleet"]),
            make_customer("", company="Li & Sons", owner=ana),
        ]
        before, done = rows(), []
        for (deed, values), places in work:
            chosen = Selection(ids=tuple(str(who[n].public_id) for n in places))
            made = actions.draft(deed, chosen, by=ada)
            told = {key: keys.get(value, value) for key, value in values.items()}
            made = actions.start(actions.fill(made, told, by=ada), by=ada)
            done.append(actions.run(made, by=ada))
        for receipt in reversed(done):
            if receipt.changed:
                assert actions.take_back(receipt, by=ada).conflicts == 0
        assert rows() == before
        assert Receipt.objects.count() == len(work)
        assert Customer.objects.count() == len(who)
        transaction.set_rollback(True)
