"""The same words mean the same customers in a list, a count, a bulk deed and the API."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from regulars.audiences import actions as audiences
from regulars.audiences import membership
from regulars.audiences.models import Audience, Member
from regulars.bulk import actions as bulk
from regulars.bulk.selection import Selection
from regulars.criteria import english, sql, text, tree, url
from regulars.criteria.fields import Asking
from regulars.customers import actions, queries
from regulars.customers.custom.queries import definition
from regulars.customers.custom.values import Definition, Value
from regulars.customers.facts import LocationFacts
from regulars.customers.models import Customer, CustomField, Group, Location, Tag
from regulars.lib import clock
from regulars.lib.errors import Invalid
from regulars.staff import actions as staff
from regulars.staff.actions import set_limit
from regulars.staff.models import Sees, User
from regulars.timeline import actions as timeline
from regulars.timeline.models import Event

from .api import Program
from .cast import Happens, MakeCustomer
from .criteria import criteria

pytestmark = [pytest.mark.django_db, pytest.mark.apart]
PEOPLE = 48
# Ada has no team, and nothing rates customers yet.
NOBODY_FITS = ["nobody", "team:mine", "intent >= 3"]


@pytest.fixture
def crowd(make_customer: MakeCustomer, happens: Happens, ana: User, ben: User, ada: User) -> None:
    """Customers who differ in all that the corpus asks for, each in a rhythm of its own."""
    budget, newsletter = (
        definition(actions.add_field(label=label, kind=kind, by=ada))
        for label, kind in (("Budget", "number"), ("Newsletter", "yes_no"))
    )
    owners = [ana, None, ben, ada, ana, ada]
    kinds = ["call.made", "text.sent", "email.received", "form.submitted", "visit.walked_in",
             "call.received", "note.added", "call.made"]  # fmt: skip
    everybody = []
    for n in range(PEOPLE):
        owner = owners[n % len(owners)]
        one = make_customer(
            f"Person {n:02}" if n % 7 else "",
            company="" if n % 7 else f"Anders Works {n}",
            owner=owner,
            store=owner.store if owner else ana.store,
            by=ada,
            created_at=clock.now() - timedelta(days=n * n // 2),
            type=["lead", "prospect", "account"][n % 3],
            source=["internet", "walk_in", "", "phone"][n % 4],
            tags=[tag for tag, every in (("VIP", 3), ("Fleet", 4)) if n % every == 0],
            locations=[{"city": "Troy", "state": "MI", "country": "US"}] if n % 6 == 1 else [],
        )
        everybody.append(one)
        if n % 3:
            worth: dict[Definition, Value] = {budget: Decimal(n * 100), newsletter: n % 2 == 0}
            actions.put_custom(one, worth, by=ada)
        for kind, days in product(kinds[n % 8 : n % 8 + 1 + n % 3], [(n * 7) % 100, n % 40]):
            age = timedelta(days=min(days, n * n // 2), minutes=n)
            by = None if kind.endswith(("received", "submitted", "in")) else owner or ada
            missed = {"missed": True} if kind == "call.made" and n % 5 == 0 else {}
            happens(one, kind, ago=age, by=by, **missed)
    for first, other in ((4, 5), (9, 10)):
        actions.confirm(everybody[first], everybody[other], by=ada)
    actions.refer(everybody[12], everybody[13], by=ada)
    fleet = actions.add_group("Fleet", by=ada)
    actions.regroup_many([one.pk for one in everybody[::9]], to=fleet, by=ada)
    Customer.objects.filter(name="Person 11").update(created_at=datetime(2020, 6, 1, tzinfo=UTC))


def asking_as(user: User) -> Asking:
    # Everybody of the cast goes by their store's time; weeks and days begin there.
    zone = ZoneInfo(user.store.time_zone if user.store else "UTC")
    return Asking(user=user, now=clock.now(), zone=zone)


def meant(user: User, said: str, zone: tzinfo | None = None) -> set[str]:
    """What the condition finds, without the list's own way of finding it."""
    asking = asking_as(user) if zone is None else replace(asking_as(user), zone=zone)
    rows = Customer.objects.filter(archived_at=None).filter(sql.q(text.read(said, asking), asking))
    return {str(pk) for pk in rows.values_list("public_id", flat=True)}


def test_a_criteria_finds_the_same_customers_wherever_it_is_asked(
    crowd: None, api: Callable[[User | None], Program], ada: User, ada_in: Client
) -> None:
    program = api(ada)
    wrong, empty = {}, []
    for said in criteria:
        expected = meant(ada, said)
        asking = asking_as(ada)
        read = text.read(said, asking)
        parts = sql.parted(read, asking)
        page = ada_in.get("/customers/", {"filter": said, "sort": "created"}).content.decode()
        found = {
            "api": {
                row["id"] for row in program.get("/customers", filter=said, limit=200)["items"]
            },
            "json": {
                row["id"]
                for row in program.get("/customers", filter=tree.dumps(read), limit=200)["items"]
            },
            "page": set(re.findall(r'href="/customers/([0-9a-f-]{36})/', page)),
        }
        numbers = {
            "count": queries.count(ada, where=parts).number,
            "bulk": bulk.propose("archive", {}, Selection(all_of_them=True, filter=said), by=ada)[
                2
            ].total
            if expected
            else 0,
        }
        if any(ids != expected for ids in found.values()) or set(numbers.values()) != {
            len(expected)
        }:
            sizes = {name: len(ids) for name, ids in found.items()} | numbers
            wrong[said] = (len(expected), sizes)
        if not expected:
            empty.append(said)
    assert not wrong
    assert len(criteria) >= 80
    assert empty == NOBODY_FITS


def test_a_role_limited_to_a_criteria_sees_whom_it_finds_and_nobody_else(
    crowd: None, omar: User, ada: User, api: Callable[[User | None], Program]
) -> None:
    role, limited = omar.role, 0
    assert role.sees == Sees.ALL
    for said in criteria:
        try:
            set_limit(role, within=said, by=ada)
        except Invalid:
            continue
        limited += 1
        expected = meant(ada, said, zone=UTC)  # a role has no place: the house's own time
        asking = User.objects.select_related("role", "team", "store").get(pk=omar.pk)
        gate = Customer.objects.visible_to(asking).current().values_list("public_id", flat=True)
        listed = api(asking).get("/customers", limit=200, sort="created")["items"]
        assert {str(pk) for pk in gate} == expected, said
        assert {row["id"] for row in listed} == expected, said
        assert queries.count(asking).number == len(expected), said
    assert limited > 60


def test_a_criteria_survives_every_form_it_is_written_in(crowd: None, ada: User) -> None:
    asking = asking_as(ada)
    for said in criteria:
        read = text.read(said, asking)
        assert text.read(text.write(read), asking) == read, said
        assert tree.loads(tree.dumps(read), asking) == read, said
        again = url.read(dict(_listed(url.parameters(read))), asking)
        assert meant(ada, text.write(again)) == meant(ada, said), said
        assert english.sentence(read, asking), said


def _listed(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def members(audience: Audience) -> set[str]:
    rows = Member.objects.filter(audience=audience).values_list("customer__public_id", flat=True)
    return {str(pk) for pk in rows}


def test_an_audience_of_a_criteria_holds_whom_it_finds_whatever_happens(
    crowd: None, ada: User, ana: User, ben: User, api: Callable[[User | None], Program]
) -> None:
    made: dict[str, Audience] = {}
    for said in criteria:
        try:
            made[said] = audiences.make_audience(name=f"A {len(made)}", criteria=said, by=ada)
        except Invalid:
            continue  # what means something else to each colleague
    assert len(made) > 60
    program = api(ada)
    for said, audience in made.items():
        listed = program.get("/customers", filter=f'in:"{audience.name}"', limit=200)["items"]
        assert members(audience) == {row["id"] for row in listed} == meant(ada, said), said
    much_happens(ada, ana, ben)
    membership.keep_up()
    differ = []
    for said, audience in made.items():
        audience.refresh_from_db()
        if members(audience) != meant(ada, audience.criteria or ""):
            differ.append((said, audience.criteria))
    assert differ == []


def much_happens(ada: User, ana: User, ben: User) -> None:
    """To a few each, by every action that can change who fits something of the corpus."""
    some = list(Customer.objects.current().order_by("pk"))
    vip, fleet = Tag.objects.get(name="VIP"), Tag.objects.get(name="Fleet")
    for one in some[:4]:
        actions.tag(one, "Fleet", by=ada)
        timeline.record(one, "call.received", by=None)
        actions.reassign(one, to=ben, by=ada)
    for one in some[4:8]:
        actions.leave(one, by=ada)
        actions.add_location(one, LocationFacts(city="Troy", state="MI", country="US"), by=ada)
        actions.put_custom(one, {definition(f): None for f in CustomField.objects.all()}, by=ada)
        timeline.resolve(one, by=ada)
    actions.untag_many([one.pk for one in some[:20]], vip, by=ada)
    actions.regroup_many([one.pk for one in some[20:]], to=Group.objects.get(name="Fleet"), by=ada)
    actions.refer(some[12], None, by=ada)
    for place in Location.objects.filter(customer__in=some[10:40]):
        actions.remove_location(place, by=ada)
    for note in Event.objects.filter(kind="note.added", customer__in=some[:30]):
        timeline.record(note.customer, "note.added", by=ben)
    actions.archive_many([one.pk for one in some[30:34]], by=ada)
    actions.merge_tags(vip, into=actions.add_tag("Gold", by=ada), by=ada)
    actions.change_tag(fleet, name="Fleets", colour="", by=ada)
    staff.change(ana, team=ben.team, by=ada)


def test_a_salesperson_finds_only_their_part_of_what_fits(
    crowd: None, api: Callable[[User | None], Program], ben: User
) -> None:
    program = api(ben)
    seen = {str(c.public_id) for c in Customer.objects.visible_to(ben)}
    assert 0 < len(seen) < PEOPLE
    for said in criteria:
        rows = program.get("/customers", filter=said, limit=200)["items"]
        assert {row["id"] for row in rows} == meant(ben, said) & seen, said
        count = queries.count(
            ben, where=sql.parted(text.read(said, asking_as(ben)), asking_as(ben))
        )
        assert count.number == len(rows), said


@pytest.mark.parametrize(
    ("spoken", "said"),
    [
        ("more than 2 open tasks", "has at least 3 task(open)"),
        ("overdue tasks >= 2 and waiting", "has at least 2 task(overdue) and waiting"),
        ("task.open > 2", "has at least 3 task(open)"),
        ("no open tasks", "not task.open"),
        ("not called for 60 days", "not call.at < 60 days ago"),
        ("emailed since last week", "email.at >= last week"),
        ("missed calls", "call.missed"),
        ("last activity older than a month", "last_activity > 1 month ago"),
    ],
)
def test_it_is_read_as_it_is_spoken(ana: User, spoken: str, said: str) -> None:
    asking = Asking(ana, clock.now(), ZoneInfo("UTC"))
    assert text.write(text.read(spoken, asking)) == said
