"""Who leaves hands their customers over, all of them, each with its entry."""

import pytest
from django.test import Client

from regulars.customers import actions, tasks
from regulars.customers.actions import ownership
from regulars.customers.models import Customer
from regulars.lib.errors import Invalid
from regulars.staff.models import User
from regulars.timeline.models import Event
from tests.cast import Happens, MakeCustomer

pytestmark = pytest.mark.django_db


def owned(user: User | None) -> int:
    return Customer.objects.get_queryset().filter(owner=user).count()


def test_all_go_over_in_batches_each_with_one_entry(
    ana: User, cleo: User, mia: User, make_customer: MakeCustomer,
    happens: Happens, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(ownership, "AT_ONCE", 2)
    rows = [make_customer(f"Rita {n}", owner=ana) for n in "ABCDE"]
    happens(rows[0], "message.received", text="Hello?")
    assert actions.hand_over(ana, to=cleo, by=mia, reason="Ana moves on") == 5
    assert (owned(ana), owned(cleo)) == (0, 5)
    events = Event.objects.filter(kind="customer.reassigned")
    assert events.count() == 5
    assert events[0].data["reason"] == "Ana moves on"
    assert (events[0].data["from"], events[0].data["to"]) == (ana.name, cleo.name)
    rows[0].refresh_from_db()
    assert rows[0].unread_count == 1
    assert rows[0].version > 1
    assert actions.hand_over(ana, to=cleo, by=mia) == 0


def test_nobody_may_take_them_all_and_the_same_may_not(
    ana: User, mia: User, dora: User, make_customer: MakeCustomer
) -> None:
    make_customer("Rita Moss", owner=ana)
    for wrong in (ana, dora):
        with pytest.raises(Invalid):
            actions.hand_over(ana, to=wrong, by=mia)
    assert actions.hand_over(ana, to=None, by=mia) == 1
    assert owned(None) == 1


def test_it_is_done_from_the_persons_page(
    ada_in: Client, ana: User, cleo: User, make_customer: MakeCustomer
) -> None:
    make_customer("Rita Moss", owner=ana)
    at = f"/settings/people/{ana.pk}/customers/"
    assert at in ada_in.get(f"/settings/people/{ana.pk}/").text
    assert "1 customer." in ada_in.get(at).text
    assert ada_in.post(at, {"to": "999999"}).status_code == 422
    assert "Choose a colleague, or nobody." in ada_in.post(at, {"to": ""}).text
    assert owned(ana) == 1
    done = ada_in.post(at, {"to": str(cleo.pk), "reason": "On leave"}, follow=True)
    assert "1 customer of" in done.text
    assert owned(cleo) == 1
    assert "owns no customers" in ada_in.get(at).text


def test_nobody_is_chosen_on_purpose(
    ada_in: Client, ana: User, make_customer: MakeCustomer
) -> None:
    moss = make_customer("Rita Moss", owner=ana)
    ada_in.post(f"/settings/people/{ana.pk}/customers/", {"to": "none"})
    moss.refresh_from_db()
    assert moss.owner is None


def test_many_are_handed_over_by_the_worker(
    ada_in: Client, ada: User, ana: User, cleo: User, make_customer: MakeCustomer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("regulars.customers.views.ownership.AT_ONCE", 1)
    for name in ("Rita Moss", "Sam Poe"):
        make_customer(name, owner=ana)
    at = f"/settings/people/{ana.pk}/customers/"
    done = ada_in.post(at, {"to": str(cleo.pk)}, follow=True)
    assert "on their way" in done.text
    tasks.hand_over(of=ana.pk, to=cleo.pk, by=ada.pk, reason="")
    assert owned(cleo) == 2


def test_who_may_not_hand_over_does_not_see_the_page(ana_in: Client, cleo: User) -> None:
    assert ana_in.get(f"/settings/people/{cleo.pk}/customers/").status_code == 403
