"""Which value the one profile gets of those the others have; the same in whatever order they meet.

A profile that was merged before stands for all it was made of (its *leaves*), as long as nobody
changed the value since: so a into b into c says what a and b into c says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

Row = Mapping[str, Any]

MOST = 100  # profiles at once

# The least one may do to whom is what is kept: of two words about one address the stricter one.
STRICTNESS = {"unknown": 0, "express": 1, "implied": 2, "none": 3, "withdrawn": 4}
FURTHEST = ("lead", "prospect", "account")


@dataclass(frozen=True)
class Leaf:
    """One profile as it came: `of` is its public id, `row` the columns of its customer."""

    of: str
    row: Row
    primary: bool = False

    @property
    def met(self) -> tuple[str, int]:
        """Who was heard of last; the elder row where that is the same."""
        return (str(self.row.get("last_activity_at") or ""), -int(self.row.get("id") or 0))


@dataclass(frozen=True)
class Field:
    """Something that is decided as one: its `columns` go together, `filled` says whether it is."""

    key: str
    label: str
    columns: tuple[str, ...]
    choose: Callable[[Field, Sequence[Leaf]], Leaf]
    offered: bool = True

    def value(self, row: Row) -> tuple[Any, ...]:
        return tuple(row.get(column) for column in self.columns)

    def is_filled(self, row: Row) -> bool:
        return row.get(self.columns[0]) not in (None, "")


def _latest_first(leaves: Sequence[Leaf]) -> list[Leaf]:
    """The primary profile, then the others by when they were last heard of."""
    others = sorted((x for x in leaves if not x.primary), key=lambda x: x.met, reverse=True)
    return [*(x for x in leaves if x.primary), *others]


def of_the_primary(field: Field, leaves: Sequence[Leaf]) -> Leaf:
    """The primary's; where it has none, that of whom we heard of last."""
    order = _latest_first(leaves)
    return next((leaf for leaf in order if field.is_filled(leaf.row)), order[0])


def furthest(field: Field, leaves: Sequence[Leaf]) -> Leaf:
    """An account stays one: the furthest anybody got."""
    return max(_latest_first(leaves)[::-1], key=lambda leaf: how_far(leaf.row[field.columns[0]]))


def how_far(said: Any) -> int:
    return FURTHEST.index(said) if said in FURTHEST else -1


def first(field: Field, leaves: Sequence[Leaf]) -> Leaf:
    """What was there first, such as where they came from."""
    filled = [leaf for leaf in leaves if field.is_filled(leaf.row)] or list(leaves)
    return min(filled, key=lambda x: (str(x.row["created_at"]), not x.primary, int(x.row["id"])))


def in_use(field: Field, leaves: Sequence[Leaf]) -> Leaf:
    """In use if any of them is."""
    used = [leaf for leaf in _latest_first(leaves) if not field.is_filled(leaf.row)]
    return used[0] if used else _latest_first(leaves)[0]


NAME = ("name", "first_name", "last_name", "sort_name", "is_company")
FIELDS: tuple[Field, ...] = (
    Field("name", "Name", NAME, of_the_primary),
    Field("company", "Company", ("company",), of_the_primary),
    Field("type", "Type", ("type",), furthest),
    Field("source", "Source", ("source", "source_other"), first),
    Field("owner", "Owner", ("owner_id", "owned_since"), of_the_primary),
    Field("store", "Store", ("store_id",), of_the_primary),
    Field("group", "Group", ("group_id",), of_the_primary),
    Field("category", "Category", ("category_id",), of_the_primary),
    Field("household", "Household", ("household_id", "relation"), of_the_primary),
    Field("referral", "Referred by", ("referred_by_id", "referral_source"), of_the_primary),
    Field("created", "Customer since", ("created_at", "created_by_id"), first, offered=False),
    Field("archived", "Archived", ("archived_at",), in_use, offered=False),
)
BY_KEY: Mapping[str, Field] = {field.key: field for field in FIELDS}


@dataclass(frozen=True)
class Choice:
    """A value as columns, and who says it; `pick` is "" for what only the rule takes."""

    value: tuple[Any, ...]
    of: str
    pick: str
    taken: bool


@dataclass(frozen=True)
class Decision:
    """The value a field gets, as columns, and whose it was; `options` are the differing ones."""

    field: Field
    leaf: Leaf
    picked: bool
    options: tuple[Choice, ...]

    @property
    def columns(self) -> dict[str, Any]:
        return dict(zip(self.field.columns, self.field.value(self.leaf.row), strict=True))

    @property
    def differs(self) -> bool:
        return len(self.options) > 1


def decide(
    profiles: Sequence[Sequence[Leaf]], picks: Mapping[str, str] | None = None
) -> list[Decision]:
    """Of every field the value, of profiles that each stand for one leaf or several.

    The first leaf of a profile is the profile as it is now, the others what it was made of;
    `picks` names the profile whose present value is taken. A value that is not any leaf's was
    written by somebody since: then the profile stands for itself.
    """
    picks = picks or {}
    return [_decided(field, profiles, picks.get(field.key, "")) for field in FIELDS]


def _decided(field: Field, profiles: Sequence[Sequence[Leaf]], pick: str) -> Decision:
    now = [profile[0] for profile in profiles]
    chosen = next((leaf for leaf in now if pick and leaf.of == pick), None)
    standing = [(leaf, profile[0].of) for profile in profiles for leaf in _standing(field, profile)]
    default = field.choose(field, [leaf for leaf, _ in standing])
    of = next(of for leaf, of in standing if leaf is default)
    options = _options(field, now, (default, of), chosen or default)
    return Decision(field, chosen or default, chosen is not None, options)


def _standing(field: Field, profile: Sequence[Leaf]) -> Sequence[Leaf]:
    now, made_of = profile[0], profile[1:]
    return made_of if made_of and _follows(field, now, made_of) else [now]


def _follows(field: Field, now: Leaf, made_of: Sequence[Leaf]) -> bool:
    """Whether the value is what the rule made of the leaves: nobody has changed it since."""
    then = [replace(leaf, primary=leaf.row["id"] == now.row["id"]) for leaf in made_of]
    return field.value(field.choose(field, then).row) == field.value(now.row)


def _options(
    field: Field, now: Sequence[Leaf], by_rule: tuple[Leaf, str], taken: Leaf
) -> tuple[Choice, ...]:
    """Each differing value once, by whoever has it first; what nobody says is no option.

    The rule may take a value that none says any more: one of what a profile was made of.
    """
    default, of = by_rule
    said = [(leaf, leaf.of, leaf.of) for leaf in now] + [(default, of, "")]
    found: dict[tuple[Any, ...], Choice] = {}
    gets = _told(field, taken)
    for leaf, whose, pick in said:
        if field.is_filled(leaf.row):
            told = _told(field, leaf)
            found.setdefault(told, Choice(told, whose, pick, taken=told == gets))
    return tuple(found.values())


def _told(field: Field, leaf: Leaf) -> tuple[Any, ...]:
    """The columns that tell two values apart; the others follow from them."""
    value = field.value(leaf.row)
    return value[:1] if field.key in ("owner", "household") else value


def strictest(said: Sequence[str]) -> str:
    """Of words about one address the one that allows least; what nobody recorded says nothing."""
    return max(said, key=lambda word: STRICTNESS.get(word, 0), default="unknown")
