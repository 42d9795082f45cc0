"""Who is in an audience is who fits it, whatever happens and whoever did it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Q
from hypothesis import given
from hypothesis import strategies as st

from regulars.audiences import actions as audiences
from regulars.audiences import membership, tasks
from regulars.audiences.models import Audience, Changed, Member
from regulars.customers import actions
from regulars.customers.models import Customer, Tag
from regulars.lib import clock
from regulars.lib.errors import Invalid
from regulars.staff import actions as staff
from regulars.staff.models import User
from regulars.timeline import actions as timeline
from tests.cast import MakeCustomer
from tests.laws import takes

pytestmark = pytest.mark.django_db


def people(audience: Audience) -> list[str]:
    rows = Member.objects.filter(audience=audience)
    return sorted(rows.values_list("customer__name", flat=True))


def fitting(audience: Audience) -> list[str]:
    rows = Customer.objects.get_queryset().filter(membership.condition(audience))
    return sorted(rows.values_list("name", flat=True))


def test_whoever_fits_is_in_it_from_the_start_and_as_things_happen(
    ada: User, make_customer: MakeCustomer
) -> None:
    renee = make_customer("Renée Roe", tags=["VIP"])
    make_customer("Sam Poe")
    vips = audiences.make_audience(name="VIPs", criteria="tag:vip", by=ada)
    assert (people(vips), vips.size) == (["Renée Roe"], 1)
    actions.untag(renee, "VIP", by=ada)
    make_customer("New One", tags=["VIP"])
    assert set(Changed.objects.values_list("customer", flat=True)) >= {renee.pk}
    assert membership.keep_up() >= 2
    vips.refresh_from_db()
    assert (people(vips), vips.size) == (["New One"], 1)
    assert not membership.is_behind()


def test_a_tag_that_joins_another_or_goes_moves_its_people(
    ada: User, make_customer: MakeCustomer
) -> None:
    make_customer("Renée Roe", tags=["VIP"])
    make_customer("Sam Poe", tags=["Fleet"])
    fleet = audiences.make_audience(name="Fleet", criteria="tag:Fleet", by=ada)
    bare = audiences.make_audience(name="Bare", criteria="tag:empty", by=ada)
    tags = {tag.name: tag for tag in Tag.objects.all()}
    actions.merge_tags(tags["VIP"], into=tags["Fleet"], by=ada)
    membership.keep_up()
    assert people(fleet) == fitting(fleet) == ["Renée Roe", "Sam Poe"]
    actions.delete_tag(tags["Fleet"], by=ada)
    membership.keep_up()
    assert people(bare) == fitting(bare) == ["Renée Roe", "Sam Poe"]


def test_who_goes_to_another_team_takes_their_customers_along(
    ada: User, ana: User, ben: User, make_customer: MakeCustomer
) -> None:
    make_customer("Renée Roe", owner=ana)
    north = audiences.make_audience(name="North", criteria='team:"North Sales"', by=ada)
    south = audiences.make_audience(name="South", criteria='team:"South Sales"', by=ada)
    assert (people(north), people(south)) == (["Renée Roe"], [])
    staff.change(ana, team=ben.team, by=ada)
    membership.keep_up()
    assert people(north) == fitting(north) == []
    assert people(south) == fitting(south) == ["Renée Roe"]


def test_an_audience_is_made_of_others(ada: User, make_customer: MakeCustomer) -> None:
    renee = make_customer("Renée Roe", tags=["VIP"])
    make_customer("Sam Poe", tags=["VIP"])
    audiences.make_audience(name="VIPs", criteria="tag:VIP", by=ada)
    quiet = audiences.make_audience(name="Quiet VIPs", criteria='in:"vips" not waiting', by=ada)
    assert quiet.criteria == "in:VIPs and not waiting"
    assert len(people(quiet)) == 2
    timeline.record(renee, "message.received", by=None, data={"text": "Hello"})
    actions.untag(Customer.objects.get_queryset().get(name="Sam Poe"), "VIP", by=ada)
    membership.keep_up()
    assert people(quiet) == []
    with pytest.raises(Invalid, match="VIPs → Quiet VIPs → VIPs"):
        audiences.change_audience(
            Audience.objects.get(name="VIPs"), criteria="in:'Quiet VIPs'", by=ada
        )
    with pytest.raises(Invalid, match="made of it"):
        audiences.delete_audience(Audience.objects.get(name="VIPs"), by=ada)


def test_the_clock_moves_people_when_everybody_is_looked_at(
    ada: User, make_customer: MakeCustomer
) -> None:
    make_customer("Renée Roe", created_at=clock.now() - timedelta(days=6))
    new = audiences.make_audience(name="New", criteria="created < 7 days ago", by=ada)
    assert new.moves_with_time
    assert people(new) == ["Renée Roe"]
    with clock.at(clock.now() + timedelta(days=3)):
        membership.settle(new)
    assert people(new) == []


def test_whom_the_clock_moves_is_moved_in_what_is_made_of_it(
    ada: User, make_customer: MakeCustomer
) -> None:
    make_customer("Renée Roe", created_at=clock.now() - timedelta(days=6))
    new = audiences.make_audience(name="New", criteria="created < 7 days ago", by=ada)
    others = audiences.make_audience(name="Others", criteria="not in:New", by=ada)
    assert people(others) == []
    with clock.at(clock.now() + timedelta(days=3)):
        tasks.settle_what_moves(0)
        membership.keep_up()
    assert (people(new), people(others)) == ([], ["Renée Roe"])


def test_too_many_to_wait_for_are_gathered_by_the_worker(
    ada: User, make_customer: MakeCustomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("regulars.audiences.actions.defining.AT_ONCE", 2)
    for n in range(5):
        make_customer(f"Number {n}", tags=["VIP"])
    vips = audiences.make_audience(name="VIPs", criteria="tag:VIP", by=ada)
    assert (vips.size, vips.settled_at) == (2, None)
    tasks.settle_what_moves(0)  # whatever became of its own job
    vips.refresh_from_db()
    assert (vips.size, len(people(vips))) == (5, 5)
    assert vips.settled_at
    changed = audiences.change_audience(vips, criteria="not tag:VIP", by=ada)
    assert changed.settled_at is None
    tasks.gather(vips.pk)
    assert people(vips) == []


def test_who_takes_too_long_to_be_looked_for_is_gathered_by_the_worker(
    ada: User, make_customer: MakeCustomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_customer("Renée Roe", tags=["VIP"])
    slow = "SELECT f.id, pg_sleep(9) IS NULL FROM ({fits}) f WHERE %s > 0 LIMIT %s"
    with monkeypatch.context() as page, connection.cursor() as cursor:
        page.setattr(membership, "MOVING", slow)
        cursor.execute("SET LOCAL statement_timeout = '100ms'")
        vips = audiences.make_audience(name="VIPs", criteria="tag:VIP", by=ada)
        cursor.execute("SET LOCAL statement_timeout = 0")
    assert (people(vips), vips.settled_at) == ([], None)
    tasks.gather(vips.pk)
    assert people(vips) == ["Renée Roe"]


def test_renamed_it_is_still_what_others_are_made_of(
    ada: User, make_customer: MakeCustomer
) -> None:
    make_customer("Renée Roe", tags=["VIP"])
    vips = audiences.make_audience(name="VIPs", criteria="tag:VIP", by=ada)
    quiet = audiences.make_audience(name="Quiet", criteria="in:VIPs and not waiting", by=ada)
    shows = audiences.ViewFacts(criteria="in:vips and owner:me")
    view = audiences.save_view(name="Mine", shows=shows, by=ada)
    audiences.change_audience(vips, name="Best", by=ada)
    for row in (quiet, view):
        row.refresh_from_db()
    assert quiet.criteria == "in:Best and not waiting"
    assert view.criteria == "in:Best and owner:me"
    assert membership.settle(quiet)
    assert people(quiet) == ["Renée Roe"]


def test_what_it_holds_does_not_depend_on_who_made_it(
    ada: User, ana: User, make_customer: MakeCustomer
) -> None:
    make_customer("Renée Roe", tags=["VIP"])
    audiences.make_audience(name="VIPs", criteria="tag:VIP", by=ada)
    made = audiences.make_audience(name="Quiet", criteria="in:VIPs and not waiting", by=ana)
    User.objects.filter(pk=ana.pk).update(is_active=False)
    membership.settle(made)
    made.refresh_from_db()
    assert (made.problem, people(made)) == ("", ["Renée Roe"])


def test_nobody_fits_what_nobody_can_fulfil(ada: User, make_customer: MakeCustomer) -> None:
    make_customer("Renée Roe")
    nobody = audiences.make_audience(name="Nobody", criteria="nobody", by=ada)
    membership.keep_up()
    assert (nobody.size, people(nobody)) == (0, [])


def test_who_was_in_it_on_a_day_is_known(ada: User, make_customer: MakeCustomer) -> None:
    renee = make_customer("Renée Roe", tags=["VIP"])
    vips = audiences.make_audience(name="VIPs", criteria="tag:VIP", by=ada)
    then = clock.now()
    with clock.at(then + timedelta(days=2)):
        actions.untag(renee, "VIP", by=ada)
        membership.keep_up()

    def names(at: timedelta) -> list[str]:
        rows = Customer.objects.get_queryset().filter(membership.as_of(vips, then + at))
        return list(rows.values_list("name", flat=True))

    assert names(timedelta(days=1)) == ["Renée Roe"]
    assert names(timedelta(days=3)) == []


def test_a_list_is_chosen_by_hand(ada: User, make_customer: MakeCustomer) -> None:
    one, two = make_customer("One"), make_customer("Two")
    party = audiences.make_audience(name="Garden party", by=ada)
    assert audiences.put_on_list(party, [one.pk, two.pk, one.pk], by=ada) == [one.pk, two.pk]
    assert audiences.put_on_list(party, [one.pk], by=ada) == []
    assert audiences.take_off_list(party, [one.pk], by=ada) == [one.pk]
    party.refresh_from_db()
    assert (people(party), party.size) == (["Two"], 1)
    with pytest.raises(Invalid, match="no criteria"):
        audiences.change_audience(party, criteria="waiting", by=ada)


def test_what_can_no_longer_be_read_is_said_and_nobody_leaves(
    ada: User, make_customer: MakeCustomer
) -> None:
    make_customer("Renée Roe", tags=["VIP"])
    vips = audiences.make_audience(name="Fleets", criteria='group:"Standard"', by=ada)
    Audience.objects.filter(pk=vips.pk).update(criteria='group:"Gone"')
    membership.settle(vips)
    vips.refresh_from_db()
    assert "Gone" in vips.problem
    assert people(vips) == ["Renée Roe"]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "A", "criteria": "owner:me"}, "criteria"),
        ({"name": "A", "criteria": "moon:full"}, "criteria"),
        ({"name": "A", "criteria": "in:Nobody"}, "criteria"),
        ({"name": "vips"}, "name"),
    ],
)
def test_what_is_no_audience_is_refused_by_field(
    ada: User, said: dict[str, str], field: str
) -> None:
    audiences.make_audience(name="VIPs", by=ada)
    with pytest.raises(Invalid) as no:
        audiences.make_audience(**said, by=ada)
    assert list(no.value.errors) == [field]


DEEDS = ("tag", "untag", "ask", "resolve", "archive", "restore", "own", "unown")
CRITERIA = (
    "tag:VIP", "waiting", "owner:unassigned", "tag:VIP or waiting", "in:A and not waiting",
    "not in:A", "name:one", "tag:empty",
)  # fmt: skip


@takes(12)
@given(
    st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 2), st.booleans()), max_size=8),
    st.sampled_from(CRITERIA),
)
def test_members_are_always_those_who_fit(
    ada: User, make_customer: MakeCustomer, deeds: list[tuple[str, int, bool]], criteria: str
) -> None:
    Audience.objects.all().delete()
    Tag.objects.get_or_create(name="VIP")
    three = [make_customer(name) for name in ("One", "Two", "Three")]
    audiences.make_audience(name="A", criteria="tag:VIP", by=ada)
    audience = audiences.make_audience(name="B", criteria=criteria, by=ada)
    for deed, which, look in deeds:
        _do(deed, Customer.objects.get_queryset().get(pk=three[which].pk), ada)
        if look:
            membership.keep_up()
    membership.keep_up()
    assert people(audience) == fitting(audience)
    audience.refresh_from_db()
    assert audience.size == len(people(audience))


def _do(deed: str, customer: Customer, by: User) -> None:
    if deed == "tag":
        actions.tag(customer, "VIP", by=by)
    elif deed == "untag":
        actions.untag(customer, "VIP", by=by)
    elif deed == "ask":
        timeline.record(customer, "message.received", by=None, data={"text": "?"})
    elif deed == "resolve":
        timeline.resolve(customer, by=by)
    elif deed in ("archive", "restore"):
        getattr(actions, deed)(customer, by=by)
    else:
        actions.reassign(customer, to=by if deed == "own" else None, by=by)


def test_members_are_listed_in_the_order_of_the_list(
    ada: User, make_customer: MakeCustomer
) -> None:
    one = make_customer("One", tags=["VIP"])
    make_customer("Two", tags=["VIP"])
    vips = audiences.make_audience(name="VIPs", criteria="tag:VIP", by=ada)
    timeline.record(one, "message.received", by=None, data={"text": "?"})
    rows = Member.objects.filter(audience=vips).order_by("-last_activity_at")
    assert [row.customer.name for row in rows] == ["One", "Two"]
    activity = Customer.objects.get_queryset().filter(Q(pk=one.pk)).values_list("last_activity_at")
    assert rows[0].last_activity_at == activity.get()[0]
