"""A made-up shop with a few fields, so that the language is tested without any other room."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q
from hypothesis import assume
from hypothesis import strategies as st

from regulars.criteria.audiences import audience_field
from regulars.criteria.fields import Asking, Choice, Fields
from regulars.criteria.kinds import (
    choice_field,
    date_field,
    flag_field,
    link_field,
    number_field,
    person_field,
    text_field,
)
from regulars.criteria.language import Criteria, CriteriaError, Fact, Group, Has, Node
from regulars.criteria.text import settle
from regulars.criteria.things import Thing
from regulars.criteria.when import Ago, Period
from regulars.lib.registry import Registry


class Tailor(models.Model):  # noqa: DJ008
    objects: ClassVar[models.Manager["Tailor"]] = models.Manager()
    team = models.IntegerField(null=True)

    class Meta:
        app_label = "made_up"


class Client(models.Model):  # noqa: DJ008
    objects: ClassVar[models.Manager["Client"]] = models.Manager()
    name = models.TextField()
    kind = models.TextField()
    tailor = models.ForeignKey(
        Tailor, null=True, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    visits = models.SmallIntegerField(null=True)
    spent = models.DecimalField(null=True, max_digits=12, decimal_places=2)
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    born_on = models.DateField(null=True)
    waiting_since = models.DateTimeField(null=True)
    tailor_id: int | None

    class Meta:
        app_label = "made_up"


class Label(models.Model):  # noqa: DJ008
    objects: ClassVar[models.Manager["Label"]] = models.Manager()
    client = models.ForeignKey(
        Client, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    word = models.TextField()

    class Meta:
        app_label = "made_up"


class Suit(models.Model):  # noqa: DJ008
    objects: ClassVar[models.Manager["Suit"]] = models.Manager()
    client = models.ForeignKey(
        Client, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    colour = models.TextField()
    price = models.DecimalField(null=True, max_digits=12, decimal_places=2)
    ready_on = models.DateField(null=True)
    is_paid = models.BooleanField(default=False)
    client_id: int

    class Meta:
        app_label = "made_up"


@dataclass(frozen=True)
class User:
    pk: int
    teams: tuple[int, ...]


PEOPLE = {"Ana Lopez": (1,), "Ben O'Brien": (2,), "Jo and Co": (3, 4)}
TAGS = ["VIP", "PROBLEM", "empty", "Recently sold", 'the "best"', "not", "🧵 silk"]
NOW = datetime(2026, 11, 18, 12, 30, tzinfo=UTC)
ZONE = ZoneInfo("America/Los_Angeles")


def asking() -> Asking:
    return Asking(user=User(pk=1, teams=(1, 2)), now=NOW, zone=ZONE)


def people(asking: Asking) -> list[Choice]:
    return [Choice(name, keys=keys) for name, keys in PEOPLE.items()]


def teams(asking: Asking) -> list[Choice]:
    mine = Choice("mine", "my team", keys=asking.user.teams, aliases=("my",))
    return [mine, Choice("North", keys=(1,)), Choice("North Lake", keys=(3,))]


def tags(asking: Asking) -> list[Choice]:
    return [Choice(tag) for tag in TAGS]


AUDIENCES = ["VIP", "Recently sold", "empty"]


def audiences(asking: Asking) -> list[Choice]:
    return [Choice(name) for name in AUDIENCES]


KINDS = [("lead", "Lead"), ("prospect", "Prospect"), ("walk_in", "Walk In")]


def things() -> Registry[Thing]:
    made: Registry[Thing] = Registry("made-up things")
    colours = [("navy", "Navy"), ("dark_green", "Dark green"), ("has", "Has")]
    suit = Thing(
        "suit",
        "Suit",
        Suit.objects.all,
        (
            choice_field("colour", "Colour", "colour", colours, aliases=("color",)),
            number_field("price", "Price", "price", whole=False),
            date_field("ready", "Ready", "ready_on", whole_days=True),
            flag_field("paid", "Paid", Q(is_paid=True)),
        ),
        customer="client",
        moment="ready",
    )
    made.register(suit)
    return made


def fields() -> Fields:
    made = Fields("made-up fields", things())
    made.register(
        flag_field("waiting", "Waiting for an answer", Q(waiting_since__isnull=False)),
        date_field("waiting_since", "Waiting since", "waiting_since"),
        flag_field("mine", "Mine", lambda asking: Q(tailor_id=asking.user.pk)),
        person_field("owner", "Owner", "tailor_id", people, aliases=("tailor",)),
        choice_field("team", "Team", "tailor__team", teams),
        choice_field("type", "Type", "kind", KINDS),
        link_field("tag", "Tag", "word", Label.objects.all, tags, customer="client", open=True),
        audience_field(Label.objects.all, "word", audiences, customer="client"),
        text_field("name", "Name", "name"),
        number_field("intent", "Intent", "visits"),
        number_field("spent", "Spent", "spent", whole=False),
        date_field("created", "Created", "created_at"),
        date_field("last_activity", "Last activity", "seen_at", english="Active"),
        date_field("born", "Birthday", "born_on", whole_days=True),
    )
    return made


FIELDS = fields()

words = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)
agos = st.builds(
    Ago, st.integers(0, 400), st.sampled_from(["minute", "hour", "day", "week", "month", "quarter"])
)
spans = st.sampled_from(["day", "week", "month", "quarter", "year"])
periods = st.builds(Period, st.sampled_from(["last", "this", "next"]), spans) | st.builds(
    Period, st.just("next"), spans, st.integers(1, 12)
)
days = st.dates(datetime(2024, 1, 1).date(), datetime(2027, 12, 31).date())
numbers = st.decimals(-50, 50, places=2) | st.integers(-5, 5).map(Decimal)


def _some(values: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(values, min_size=1, max_size=3).map(tuple)


def _dates(field: str) -> st.SearchStrategy[Fact]:
    compared = st.sampled_from(["<", "<=", ">", ">="])
    return (
        st.builds(Fact, st.just(field), st.sampled_from(["<", ">"]), agos)
        | st.builds(Fact, st.just(field), st.sampled_from(["<", "<=", ">", ">=", "="]), days)
        | st.builds(Fact, st.just(field), compared, periods)
        | st.builds(Fact, st.just(field), st.just("in"), periods)
        | st.just(Fact(field, "empty"))
    )


def _numbers(field: str) -> st.SearchStrategy[Fact]:
    return (
        st.builds(Fact, st.just(field), st.sampled_from(["<", "<=", ">", ">="]), numbers)
        | st.builds(
            Fact, st.just(field), st.just("="), st.lists(numbers, min_size=1, max_size=3).map(tuple)
        )
        | st.just(Fact(field, "empty"))
    )


def _chosen(field: str, values: st.SearchStrategy[str]) -> st.SearchStrategy[Fact]:
    return st.builds(Fact, st.just(field), st.just("is"), _some(values))


facts: st.SearchStrategy[Fact] = st.one_of(
    st.sampled_from([Fact("waiting", "is", True), Fact("mine", "is", True)]),
    _chosen("owner", st.sampled_from(["me", "unassigned", *PEOPLE])),
    _chosen("team", st.sampled_from(["mine", "North", "North Lake"])),
    _chosen("type", st.sampled_from([value for value, _ in KINDS])),
    _chosen("tag", st.sampled_from(TAGS) | words),
    _chosen("in", st.sampled_from(AUDIENCES)),
    st.sampled_from([Fact(field, "empty") for field in ("team", "type", "tag", "name")]),
    st.builds(
        Fact, st.just("name"), st.sampled_from(["starts", "contains", "="]),
        _some(words | st.sampled_from(["a", "An", "50%", "starts", "empty", "before", "x_y"])),
    ),
    _numbers("intent"),
    _numbers("spent"),
    _dates("created"),
    _dates("last_activity"),
    _dates("born"),
)  # fmt: skip

suit_facts: st.SearchStrategy[Fact] = st.one_of(
    _chosen("colour", st.sampled_from(["navy", "dark_green", "has"])),
    st.sampled_from([Fact("paid", "is", True), Fact("colour", "empty")]),
    _numbers("price"),
    _dates("ready"),
)


def _grouped(leaves: st.SearchStrategy[Node], most: int) -> st.SearchStrategy[Node]:
    return st.recursive(
        leaves,
        lambda of: st.builds(
            Group, st.sampled_from(["all", "any", "none"]), st.lists(of, max_size=4).map(tuple)
        ),
        max_leaves=most,
    )


has: st.SearchStrategy[Node] = st.builds(
    Has, st.just("suit"), _grouped(suit_facts, 5), st.just(1) | st.integers(1, 4)
)
nodes = _grouped(facts | has, 12)


@st.composite
def trees(draw: st.DrawFn) -> Criteria:
    """Trees within the limits, in their canonical form."""
    raw = draw(nodes)
    try:
        return settle(raw, asking(), FIELDS)
    except CriteriaError:
        assume(False)
        raise


def members(criteria: Criteria) -> object:
    """The tree without the order of its members, for comparing what has been reordered."""
    if isinstance(criteria, Fact):
        value = criteria.value
        return (
            criteria.field,
            criteria.operator,
            frozenset(value) if isinstance(value, tuple) else value,
        )
    if isinstance(criteria, Has):
        return (criteria.thing, members(criteria.where), criteria.at_least)
    return (criteria.kind, frozenset(members(member) for member in criteria.of))
