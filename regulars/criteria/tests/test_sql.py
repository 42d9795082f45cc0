"""Every operator's SQL against a plain-Python oracle on random customers."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.criteria import sql, text
from regulars.criteria.language import Criteria, CriteriaError, Fact, Group, Has
from regulars.criteria.when import Ago, Period

from .made_up import (
    FIELDS,
    NOW,
    TAGS,
    ZONE,
    Client,
    Label,
    Suit,
    Tailor,
    asking,
    facts,
    has,
    trees,
)

ROWS = 150
OWNERS = {
    "me": [1],
    "Ana Lopez": [1],
    "Ben O'Brien": [2],
    "Jo and Co": [3, 4],
    "unassigned": [None],
}
TEAMS = {"mine": [1, 2], "North": [1], "North Lake": [3]}


@dataclass
class Person:
    client: Client
    team: int | None
    labels: set[str] = field(default_factory=set)
    suits: list[Suit] = field(default_factory=list)


@pytest.fixture
def shop(db: None) -> Iterator[dict[int, Person]]:
    with connection.schema_editor() as editor:
        for model in (Tailor, Client, Label, Suit):
            editor.create_model(model)
    yield fill(random.Random(7))
    with connection.schema_editor() as editor:
        for model in (Suit, Label, Client, Tailor):
            editor.delete_model(model)


def fill(chance: random.Random) -> dict[int, Person]:
    tailors = [Tailor(pk=pk, team=team) for pk, team in ((1, 1), (2, 2), (3, None), (4, 3))]
    Tailor.objects.bulk_create(tailors)
    people = {pk: person(pk, chance, tailors) for pk in range(1, ROWS + 1)}
    Client.objects.bulk_create(one.client for one in people.values())
    Label.objects.bulk_create(
        Label(client_id=pk, word=word) for pk, one in people.items() for word in sorted(one.labels)
    )
    Suit.objects.bulk_create(suit for one in people.values() for suit in one.suits)
    return people


def person(pk: int, chance: random.Random, tailors: list[Tailor]) -> Person:
    def moment() -> datetime:
        scale = chance.choice([60, 3_600, 86_400, 30 * 86_400])
        return NOW - timedelta(seconds=chance.randint(-scale, 12 * scale))

    def perhaps(value: object) -> object:
        return None if chance.random() < 0.3 else value

    tailor = perhaps(chance.choice(tailors))
    assert tailor is None or isinstance(tailor, Tailor)
    client = Client(
        pk=pk,
        name=chance.choice(["", "Ana", "ANNA Bo", "50% off", "x_y", "xzy", "starts", "Bo an", "a"]),
        kind=chance.choice(["lead", "prospect", "walk_in"]),
        tailor=tailor,
        visits=perhaps(chance.randint(-3, 5)),
        spent=perhaps(Decimal(chance.randint(-500, 500)) / 100),
        created_at=moment(),
        seen_at=perhaps(moment()),
        born_on=perhaps(moment().date()),
        waiting_since=perhaps(moment()),
    )
    labels = set(chance.sample(TAGS, chance.choice([0, 0, 1, 3])))
    suits = [
        Suit(
            client_id=pk,
            colour=chance.choice(["navy", "dark_green", "has"]),
            price=perhaps(Decimal(chance.randint(-500, 500)) / 100),
            ready_on=perhaps(moment().date()),
            is_paid=chance.random() < 0.5,
        )
        for _ in range(chance.choice([0, 0, 1, 2, 3]))
    ]
    return Person(client, None if tailor is None else tailor.team, labels, suits)


def fits(criteria: Criteria, one: Person | Suit) -> bool:
    if isinstance(criteria, Group):
        results = [fits(member, one) for member in criteria.of]
        return {"all": all(results), "any": any(results), "none": not any(results)}[criteria.kind]
    if isinstance(criteria, Has):
        assert isinstance(one, Person)
        fitting = [suit for suit in one.suits if fits(criteria.where, suit)]
        return len(fitting) >= criteria.at_least
    return suit_fits(criteria, one) if isinstance(one, Suit) else fact_fits(criteria, one)


def suit_fits(fact: Fact, suit: Suit) -> bool:
    if fact.field == "paid":
        return suit.is_paid
    held = {"colour": suit.colour, "price": suit.price, "ready": suit.ready_on}[fact.field]
    return held is None if fact.operator == "empty" else value_fits(fact, held)


def fact_fits(fact: Fact, one: Person) -> bool:
    client = one.client
    if fact.value is True:
        return (
            client.waiting_since is not None if fact.field == "waiting" else client.tailor_id == 1
        )
    if fact.field in ("tag", "in"):
        return not one.labels if fact.operator == "empty" else bool(one.labels & set(words(fact)))
    held: object = {
        "owner": client.tailor_id,
        "team": one.team,
        "type": client.kind,
        "name": client.name,
        "intent": client.visits,
        "spent": client.spent,
        "created": client.created_at,
        "last_activity": client.seen_at,
        "born": client.born_on,
    }[fact.field]
    if fact.operator == "empty":
        return held is None or held == ""
    return value_fits(fact, held)


def words(fact: Fact) -> list[str]:
    assert isinstance(fact.value, tuple)
    return [word for word in fact.value if isinstance(word, str)]


def value_fits(fact: Fact, held: object) -> bool:
    if fact.field in ("owner", "team"):
        keys: Any = OWNERS if fact.field == "owner" else TEAMS
        return any(held in keys[word] for word in words(fact))
    if fact.field in ("type", "colour"):
        return held in words(fact)
    if isinstance(held, str):
        low = [word.lower() for word in words(fact)]
        if fact.operator == "=":
            return held.lower() in low
        return any(
            held.lower().startswith(w) if fact.operator == "starts" else w in held.lower()
            for w in low
        )
    if isinstance(held, date):
        return time_fits(fact, held)
    return held is not None and number_fits(fact, Decimal(str(held)))


def number_fits(fact: Fact, held: Decimal) -> bool:
    if isinstance(fact.value, tuple):
        return held in fact.value
    assert isinstance(fact.value, Decimal)
    return compared(fact.operator, held, fact.value, fact.value)


def compared(operator: str, held: Any, low: Any, high: Any) -> bool:
    below, above = held < low, held > high
    results = {"<": below, "<=": not above, ">": above, ">=": not below}
    return bool(results.get(operator, not below and not above))


def time_fits(fact: Fact, held: date) -> bool:
    today = NOW.astimezone(ZONE).date()
    day = held.astimezone(ZONE).date() if isinstance(held, datetime) else held
    if isinstance(fact.value, Ago):
        moment = moment_ago(fact.value)
        days = not isinstance(held, datetime)
        edge: Any = moment.astimezone(ZONE).date() if days else moment
        now: Any = today if days else NOW
        return bool(edge < held <= now if fact.operator == "<" else held < edge)
    if isinstance(fact.value, Period):
        return compared(fact.operator, day, *first_and_last(fact.value, today))
    return compared(fact.operator, day, fact.value, fact.value)


def moment_ago(ago: Ago) -> datetime:
    if ago.unit in ("month", "quarter", "year"):
        here = NOW.astimezone(ZONE)
        months = ago.count * {"month": 1, "quarter": 3, "year": 12}[ago.unit]
        year, month = here.year, here.month
        for _ in range(months):
            year, month = (year, month - 1) if month > 1 else (year - 1, 12)
        return here.replace(year=year, month=month)  # the 18th exists in every month
    return NOW - ago.count * timedelta(**{f"{ago.unit}s": 1})


@cache
def first_and_last(period: Period, today: date) -> tuple[date, date]:
    if period.count:
        months = period.count * {"month": 1, "quarter": 3, "year": 12}.get(period.unit, 0)
        year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
        on = today.replace(year=year, month=month + 1)  # the 18th exists in every month
        return today, on + period.count * timedelta(days={"day": 1, "week": 7}.get(period.unit, 0))
    around = (today + timedelta(days=n) for n in range(-800, 800))
    inside = [day for day in around if same_period(period, day, today)]
    return inside[0], inside[-1]


def same_period(period: Period, day: date, today: date) -> bool:
    step = {"last": -1, "this": 0, "next": 1}[period.which]
    if period.unit == "day":
        return day == today + timedelta(days=step)
    if period.unit == "week":
        return day.isocalendar()[:2] == (today + timedelta(weeks=step)).isocalendar()[:2]
    length = {"month": 1, "quarter": 3, "year": 12}[period.unit]
    numbers = [(d.year * 12 + d.month - 1) // length for d in (day, today)]
    return numbers[0] == numbers[1] + step


def found(criteria: Criteria) -> list[int]:
    return sorted(
        Client.objects.filter(sql.q(criteria, asking(), FIELDS)).values_list("pk", flat=True)
    )


def expected(criteria: Criteria, shop: dict[int, Person]) -> list[int]:
    return [pk for pk, one in shop.items() if fits(criteria, one)]


many = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@many
@given(fact=facts, negated=st.booleans())
def test_every_fact_finds_whom_the_oracle_finds(
    shop: dict[int, Person], fact: Fact, negated: bool
) -> None:
    try:
        text.settle(fact, asking(), FIELDS)
    except CriteriaError:
        return
    criteria: Criteria = Group("none", (fact,)) if negated else fact
    assert found(criteria) == expected(criteria, shop)


@many
@given(having=has, negated=st.booleans())
def test_every_thing_had_finds_whom_the_oracle_finds(
    shop: dict[int, Person], having: Criteria, negated: bool
) -> None:
    try:
        criteria = text.settle(Group("none" if negated else "all", (having,)), asking(), FIELDS)
    except CriteriaError:
        return
    assert found(criteria) == expected(criteria, shop)


@many
@given(tree=trees())
def test_every_tree_finds_whom_the_oracle_finds(shop: dict[int, Person], tree: Criteria) -> None:
    assert found(tree) == expected(tree, shop)


@pytest.mark.parametrize(
    "typed",
    [
        "", "nobody", "not nobody", "waiting", "not waiting", "owner:me", "not owner:me",
        "owner:unassigned", "not owner:unassigned", "owner:me,unassigned", 'owner:"Jo and Co"',
        "team:mine", "not team:mine", "team:empty", "not team:empty", "tag:VIP", "not tag:VIP",
        "tag:VIP,PROBLEM", "tag:VIP and tag:PROBLEM", "not (tag:VIP or tag:PROBLEM)", "tag:empty",
        "not tag:empty", "tag:Unheard", "not tag:Unheard", "created < 7 days ago",
        "created > 90 days ago", "not last_activity < 7 days ago", "last_activity:empty",
        "intent >= 2.5", "intent > 2.5", "intent < 2.5", "intent <= 2.5", "intent = 2.5",
        "intent > 40000", "intent < 40000", "not intent > 40000", "intent = 40000,1",
        "spent > 2.5", "not spent > 2.5", "name:an", 'name contains "%"', "name contains _",
        "not (waiting and not (owner:me and not last_activity < 30 days ago))",
        "has suit", "not has suit", "suit.colour:navy", "not suit.colour:navy",
        "suit.colour != navy", "has suit(colour:navy and price > 0)", "suit.price:empty",
        "suit.colour:navy and suit.price > 0", "has suit(not colour:navy or paid)",
    ],
)  # fmt: skip
def test_typed_criteria_find_whom_the_oracle_finds(shop: dict[int, Person], typed: str) -> None:
    criteria = text.read(typed, asking(), FIELDS)
    assert found(criteria) == expected(criteria, shop)


def test_a_customer_with_three_tags_counts_once(shop: dict[int, Person]) -> None:
    criteria = text.read("not tag:empty", asking(), FIELDS)
    rows = Client.objects.filter(sql.q(criteria, asking(), FIELDS))
    assert rows.count() == len(set(rows.values_list("pk", flat=True)))


def test_a_fact_its_field_cannot_say_is_refused() -> None:
    with pytest.raises(CriteriaError):
        sql.q(Fact("owner", "<", ("me",)), asking(), FIELDS)
    with pytest.raises(CriteriaError):
        sql.q(Fact("nosuch", "is", True), asking(), FIELDS)


def test_both_conditions_are_about_the_same_suit(shop: dict[int, Person]) -> None:
    Suit.objects.all().delete()
    Suit.objects.create(client_id=1, colour="navy", price=5)
    Suit.objects.create(client_id=2, colour="navy", price=1)
    Suit.objects.create(client_id=2, colour="has", price=5)
    assert found(text.read("suit.colour:navy and suit.price > 2", asking(), FIELDS)) == [1, 2]
    assert found(text.read("has suit(colour:navy and price > 2)", asking(), FIELDS)) == [1]


def test_a_customer_with_three_suits_counts_once(shop: dict[int, Person]) -> None:
    Suit.objects.bulk_create(Suit(client_id=1, colour="navy") for _ in range(3))
    rows = Client.objects.filter(sql.q(text.read("has suit", asking(), FIELDS), asking(), FIELDS))
    assert rows.count() == len(set(rows.values_list("pk", flat=True)))
