"""The list's address: what it asks for, and the address of everything one step away. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from regulars.criteria import english, text, url
from regulars.criteria.fields import Asking, CustomerField
from regulars.criteria.language import (
    EVERYONE,
    Criteria,
    CriteriaError,
    Fact,
    Group,
    also,
    canonical,
    conditions,
)
from regulars.criteria.tokens import compares
from regulars.criteria.when import Ago, Period
from regulars.customers.columns import MOST_KEPT
from regulars.customers.order import ORDERS

DEFAULT_SORT = "recent"
LONGEST_Q = 200
SHOW = "show"


@dataclass(frozen=True)
class Listing:
    """What one address asks for; everything but the page and the panel."""

    criteria: Criteria = EVERYONE
    sort: str = DEFAULT_SORT
    q: str = ""
    archived: bool = False
    display: str = ""  # a view's own, as `columns.written`

    def parameters(self, **more: str) -> list[tuple[str, str]]:
        """(name, value) pairs, defaults left out, so that one list has one address."""
        pairs = url.parameters(self.criteria)
        if self.q:
            pairs.append(("q", self.q))
        if self.sort != DEFAULT_SORT:
            pairs.append(("sort", self.sort))
        if self.archived:
            pairs.append(("archived", "1"))
        if self.display:
            pairs.append((SHOW, self.display))
        return pairs + [(name, value) for name, value in more.items() if value]

    def address(self, **more: str) -> str:
        """The query string, with its question mark when there is one."""
        text = urlencode(self.parameters(**more))
        return f"?{text}" if text else "?"

    def one_filter(self) -> str:
        """The query string with all of the filter in `filter=`, for the builder."""
        said = text.write(self.criteria)
        rest = replace(self, criteria=EVERYONE).parameters()
        pairs = [*([(url.FILTER, said)] if said else []), *rest]
        return f"?{urlencode(pairs)}" if pairs else ""

    @property
    def is_default(self) -> bool:
        return replace(self, display="") == Listing()

    def to(self, criteria: Criteria) -> Listing:
        return replace(self, criteria=canonical(criteria))

    def sorted_by(self, sort: str) -> Listing:
        return replace(self, sort=sort)

    def searching(self, q: str) -> Listing:
        return replace(self, q=q)

    def displayed(self, display: str) -> Listing:
        return replace(self, display=display)

    def without_places(self) -> Listing:
        """Those of it whom the map cannot show."""
        return self.to(also(self.criteria, Group("none", (Fact("located", "is", True),))))

    def in_archive(self, archived: bool) -> Listing:
        return replace(self, archived=archived)


def read(parameters: QueryDict, asking: Asking) -> Listing:
    """The listing an address asks for. Raises `CriteriaError` for a filter it cannot read.

    Words that compare something (`owner:me`) are a filter, typed where one searches.
    """
    shown = replace(without_filter(parameters), criteria=url.read(parameters, asking))
    criteria, q = url.with_search(shown.criteria, shown.q, asking)
    return replace(shown, q=q, criteria=criteria)


@dataclass(frozen=True)
class Meant:
    """What words to search for say when they are a filter; or why they cannot be read as one, and
    as what they were perhaps meant."""

    sentence: str
    listing: Listing | None = None
    mended: str = ""

    @property
    def address(self) -> str:
        return self.listing.address() if self.listing else ""


def meant(q: str, asking: Asking) -> Meant | None:
    """The filter these words are, if they are one; None for words to search for."""
    if not compares(q) and not text.begins(q, asking):
        return None
    try:
        criteria, words = text.read_among(q, asking) if compares(q) else (text.read(q, asking), "")
    except CriteriaError as error:
        if not compares(q):
            return None
        mended = text.mended(q, error, asking)
        return Meant(f"{error.message}." if mended else str(error), mended=mended)
    if criteria == EVERYONE:
        return None
    sentence = english.sentence(criteria, asking) + (f", and “{words}” in them" if words else "")
    return Meant(sentence, Listing(criteria, q=words))


def without_filter(parameters: QueryDict) -> Listing:
    """The rest of the address, for when its filter cannot be read."""
    sort = parameters.get("sort", DEFAULT_SORT)
    return Listing(
        sort=sort if sort in ORDERS else DEFAULT_SORT,
        q=" ".join(parameters.get("q", "").replace("\x00", "").split())[:LONGEST_Q],
        archived=parameters.get("archived") == "1",
        display=parameters.get(SHOW, "").replace("\x00", "")[:MOST_KEPT],
    )


# The tabs: a list as everybody needs it.


@dataclass(frozen=True)
class Preset:
    """A list with a name; `sort` is the order that suits it."""

    key: str
    label: str
    criteria: Criteria = EVERYONE
    sort: str = DEFAULT_SORT
    wide_only: bool = False
    q: str = ""
    archived: bool = False
    display: str = ""

    @property
    def listing(self) -> Listing:
        return Listing(self.criteria, self.sort, self.q, self.archived, self.display)

    def is_shown_by(self, listing: Listing) -> bool:
        same = (listing.q, listing.archived) == (self.q, self.archived)
        return same and listing.criteria == canonical(self.criteria)


def _is(field: str, word: str) -> Fact:
    return Fact(field, "is", (word,))


PRESETS = (
    Preset("all", "All"),
    Preset("waiting", "Waiting", Fact("waiting", "is", True), "waiting"),
    Preset("unread", "Unread", Fact("unread", "is", True)),
    Preset("mine", "Mine", _is("owner", "me")),
    Preset("unassigned", "Unassigned", _is("owner", "unassigned"), wide_only=True),
    Preset("team", "My team", _is("team", "mine"), wide_only=True),
    Preset("new", "New this week", Fact("created", "<", Ago(7, "day")), "created", wide_only=True),
)


# The filter menu: one step from here to a list with one condition more, other or fewer.


def facts_of(criteria: Criteria, field: str) -> list[Fact]:
    return [f for f in conditions(criteria) if isinstance(f, Fact) and f.field == field]


def chosen(criteria: Criteria, field: str) -> frozenset[str]:
    """The words of a choice field that any customer shown may have."""
    words = (f.value for f in facts_of(criteria, field) if f.operator == "is")
    return frozenset(w for value in words if isinstance(value, tuple) for w in value
                     if isinstance(w, str))  # fmt: skip


def with_word(criteria: Criteria, field: str, word: str) -> Criteria:
    """One choice more of a field (any of them will do), or one fewer when it is there."""
    rest = without_field(criteria, field)
    words = chosen(criteria, field)
    kept = tuple(sorted(words - {word} if word in words else words | {word}))
    return also(rest, Fact(field, "is", kept)) if kept else rest


def with_fact(criteria: Criteria, fact: Fact) -> Criteria:
    """This fact instead of what was said about its field, or nothing when it was there already."""
    rest = without_field(criteria, fact.field)
    return rest if fact in conditions(criteria) else also(rest, fact)


def without_field(criteria: Criteria, field: str) -> Criteria:
    kept = [
        part
        for part in conditions(criteria)
        if not (isinstance(part, Fact) and part.field == field)
    ]
    return canonical(Group("all", tuple(kept)))


@dataclass(frozen=True)
class Offer:
    """One line of the filter menu: choosing it leads to `listing`."""

    label: str
    listing: Listing
    chosen: bool = False


@dataclass(frozen=True)
class Menu:
    """What can be asked of one field. `input` names the parameter of a typed value."""

    key: str
    label: str
    offers: Sequence[Offer] = ()
    input: str = ""
    example: str = ""


TIMES: tuple[tuple[str, str, Any], ...] = (
    ("Today", "in", Period("this", "day")),
    ("Last 7 days", "<", Ago(7, "day")),
    ("Last 30 days", "<", Ago(30, "day")),
    ("Last 90 days", "<", Ago(90, "day")),
    ("This month", "in", Period("this", "month")),
    ("More than 30 days ago", ">", Ago(30, "day")),
    ("More than 90 days ago", ">", Ago(90, "day")),
)
MOST_OFFERS = 200


def menus(listing: Listing, fields: Sequence[CustomerField], asking: Asking) -> list[Menu]:
    """The whole filter menu, one entry for each field."""
    return [_menu(listing, field, asking) for field in fields]


def _menu(listing: Listing, field: CustomerField, asking: Asking) -> Menu:
    if field.type == "flag":
        return Menu(field.key, field.label, _flag_offers(listing, field))
    if field.type == "date":
        return Menu(field.key, field.label, _time_offers(listing, field))
    if field.choices is not None:
        return Menu(field.key, field.label, _choice_offers(listing, field, asking))
    example = "4" if field.type == "number" else "begins with"
    return Menu(field.key, field.label, input=field.key, example=example)


def _flag_offers(listing: Listing, field: CustomerField) -> list[Offer]:
    yes = Fact(field.key, "is", True)
    no = Group("none", (yes,))
    parts = conditions(listing.criteria)
    rest = canonical(Group("all", tuple(p for p in parts if p not in (yes, no))))
    label = field.english or field.label
    return [
        Offer(label, listing.to(rest if yes in parts else also(rest, yes)), yes in parts),
        Offer(
            f"Not {label[:1].lower()}{label[1:]}",
            listing.to(rest if no in parts else also(rest, no)),
            no in parts,
        ),
    ]


def _time_offers(listing: Listing, field: CustomerField) -> list[Offer]:
    offers = []
    for label, operator, value in TIMES:
        fact = Fact(field.key, operator, value)
        offers.append(
            Offer(
                label,
                listing.to(with_fact(listing.criteria, fact)),
                fact in conditions(listing.criteria),
            )
        )
    return offers


def _choice_offers(listing: Listing, field: CustomerField, asking: Asking) -> list[Offer]:
    assert field.choices is not None  # noqa: S101 (the caller asked)
    words = chosen(listing.criteria, field.key)
    offers = [
        Offer(
            choice.shown[:1].upper() + choice.shown[1:],
            listing.to(with_word(listing.criteria, field.key, choice.value)),
            choice.value in words,
        )
        for choice in list(asking.choices(field.choices))[:MOST_OFFERS]
    ]
    if "empty" in field.operators:
        nothing = Fact(field.key, "empty")
        offers.append(
            Offer(
                f"No {field.label.lower()}",
                listing.to(with_fact(listing.criteria, nothing)),
                nothing in conditions(listing.criteria),
            )
        )
    return offers


# What is said when a filter cannot be read.


@dataclass(frozen=True)
class Problem:
    """Why, and the typed text cut where it went wrong; `typed` is "" when it was not a text.

    `meant` is the text as it was perhaps meant, `instead` the address that asks for that.
    """

    sentence: str
    before: str = ""
    wrong: str = ""
    after: str = ""
    meant: str = ""
    instead: str = ""

    @property
    def typed(self) -> str:
        return self.before + self.wrong + self.after


def problem(error: CriteriaError, parameters: QueryDict, asking: Asking) -> Problem:
    """The error shown in the text it is about, when it says where."""
    sentence = str(error)
    said = parameters.get(error.parameter or "", "")
    typed = error.parameter in (url.FILTER, "q")
    if not typed or error.at is None or len(said) > 500:
        return Problem(sentence, before=said if typed else "")
    at = max(0, error.at - 1)
    end = at
    while end < len(said) and not said[end].isspace() and said[end] not in "():,":
        end += 1
    end = max(end, at + 1)
    meant = text.mended(said, error, asking)
    plain = error.message
    if error.suggestion is not None and not meant:
        plain += f". Did you mean “{error.suggestion}”?"
    return Problem(
        plain if plain.endswith("?") else f"{plain}.",
        said[:at],
        said[at:end],
        said[end:],
        meant,
        f"?{_with(parameters, error.parameter or '', meant)}" if meant else "",
    )


def _with(parameters: QueryDict, name: str, value: str) -> str:
    changed = parameters.copy()
    changed[name] = value
    return changed.urlencode()
