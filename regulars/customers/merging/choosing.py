"""What stands to choose before profiles become one: differing fields, what moves, what to heed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, models
from django.db.models import OuterRef, QuerySet, Subquery, TextField
from django.db.models.functions import Cast, JSONObject

from regulars.customers import consents
from regulars.customers.models import (
    ConsentRecord,
    Contact,
    Customer,
    CustomValue,
    Location,
    MergedProfile,
)
from regulars.lib.errors import Invalid
from regulars.staff.permission import check as permitted
from regulars.ui.wording import listed

from . import differing
from .differing import Row
from .profiles import decisions
from .rule import MOST, Decision, how_far, strictest
from .whose import columns, is_given

if TYPE_CHECKING:
    from regulars.staff.models import User

# What nobody would call something that moves: it follows, or is the house's own.
UNTOLD = {"timeline.Reading", "timeline.Mention", "customers.NotFamily", "customers.Merge",
          "customers.MergedProfile", "customers.Customer"}  # fmt: skip
CALLED = {
    "timeline.Event": "entry",
    "customers.Attachment": "file",
    "customers.Tagging": "tag",
    "customers.ExternalId": "id in another system",
    "customers.FormerExternalId": "former id",
    "customers.CustomValue": "detail",
    "customers.ConsentRecord": "record of consent",
    "customers.FormerName": "former name",
    "customers.Location": "place",
    "audiences.Listed": "list",
}
PLURAL = {"entry": "entries", "id in another system": "ids in other systems",
          "record of consent": "records of consent"}  # fmt: skip


@dataclass(frozen=True)
class Preview:
    """What merging would do; `moves` are counts with their words."""

    rows: Sequence[Row]
    moves: Sequence[tuple[int, str]]
    warnings: Sequence[str]


@dataclass(frozen=True)
class _Word:
    """A piece of evidence, as far as a word of consent follows from it."""

    kind: str
    happened_at: datetime


def best_known(everyone: Sequence[Customer]) -> Customer:
    """Who stays when nobody says: an account before a lead, somebody's before nobody's, then whom
    we heard of last."""

    def met(one: Customer) -> tuple[Any, ...]:
        return (how_far(one.type), one.owner_id is not None, one.last_activity_at, -one.pk)

    return max(everyone, key=met)


def check_hand_over(
    user: User, primary: Customer, others: Sequence[Customer], picks: Mapping[str, str | UUID]
) -> None:
    """Whether they may pick the owner they do: another than the rule takes is handing a customer
    over. Raises `NotAllowed`."""
    everyone = [primary, *others]
    pick = str(picks.get("owner", ""))
    picked = next((c for c in everyone if str(c.public_id) == pick), None)
    if (
        picked is not None
        and picked.owner_id != _of("owner", everyone, primary).columns["owner_id"]
    ):
        permitted(user, "ownership")


def _of(key: str, everyone: Sequence[Customer], primary: Customer) -> Decision:
    return next(one for one in decisions(everyone, primary) if one.field.key == key)


def preview(
    user: User,
    primary: Customer,
    others: Sequence[Customer],
    picks: Mapping[str, str] | None = None,
) -> Preview:
    """Of profiles as `chosen` found them; three statements for any number."""
    everyone, picks = [primary, *others], picks or {}
    found = decisions(everyone, primary, picks)
    called = differing.called_by(user, found)
    rows = [differing.row(one, called) for one in found if one.differs and one.field.offered]
    rows += differing.custom(everyone, picks)
    rows += differing.led(everyone, picks, "location", "Main place")
    if all(one.is_company for one in everyone):
        rows += differing.led(everyone, picks, "contact", "Main contact")
    return Preview(rows, moves(others), _warnings(found, everyone, called))


def moves(others: Sequence[Customer]) -> list[tuple[int, str]]:
    """How many rows of each kind go over, the most first; one statement."""
    quote = connection.ops.quote_name
    wanted = [c for c in columns() if is_given(c.model) and c.model._meta.label not in UNTOLD]
    selects = [
        f"SELECT {n}, count(*) FROM {quote(one.model._meta.db_table)} "  # noqa: S608 (our own tables)
        f"WHERE {quote(one.attname)} = ANY(%(others)s)"
        for n, one in enumerate(wanted)
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(selects), {"others": [c.pk for c in others]})
        counts = {wanted[n].model: count for n, count in cursor.fetchall()}
    # A person is their own contact, and goes.
    counts[Contact] -= sum(not one.is_company for one in others)
    most = sorted(counts.items(), key=lambda told: -told[1])
    return [(count, _called(model, count)) for model, count in most if count > 0]


def _called(model: type[models.Model], count: int) -> str:
    one = CALLED.get(model._meta.label) or str(model._meta.verbose_name)
    return one if count == 1 else PLURAL.get(one, f"{one}s")


def _warnings(
    found: Sequence[Decision], everyone: Sequence[Customer], called: Mapping[tuple[str, int], str]
) -> list[str]:
    warnings = []
    owner = next(one for one in found if one.field.key == "owner")
    if owner.differs:
        all_of = [called.get(("owner", option.value[0]), "") for option in owner.options]
        keeps = called.get(("owner", owner.columns["owner_id"]), "")
        lose = sorted({name for name in all_of if name and name != keeps})
        whose = listed([f"{name}’s" for name in lose], "or")
        warnings.append(f"{keeps} becomes the only owner; it is no longer {whose} customer.")
    stricter = _stricter(everyone)
    if stricter:
        warnings.append(
            f"They said different things about {', '.join(stricter)}: the stricter word holds."
        )
    if any(c.is_company for c in everyone) and not all(c.is_company for c in everyone):
        warnings.append("One is a company and another one a person.")
    return warnings


def _stricter(everyone: Sequence[Any]) -> list[str]:
    """The addresses about which one word allows more than another one."""
    said: dict[tuple[str, str], set[str]] = {}
    for one in everyone:
        told: dict[tuple[str, str], list[_Word]] = {}
        for word in one.consent_said:
            key = (word["channel"], word["address"])
            at = datetime.fromisoformat(word["happened_at"])
            told.setdefault(key, []).append(_Word(word["kind"], at))
        for key, words in told.items():
            stands = consents.standing(words)
            if stands is not None:
                said.setdefault(key, set()).add(stands.kind)
    return sorted({key[1] for key, kinds in said.items() if kinds - {strictest(list(kinds))}})


def chosen(user: User, public_ids: Sequence[UUID]) -> list[Customer]:
    """The customers of these ids, or who they are now, with all that `preview` looks at.

    In their order; a foreign one is missing like one that never was. One statement. Raises
    `Invalid` when there are fewer than two, or too many.
    """
    wanted = list(dict.fromkeys(public_ids))[: MOST + 1]
    merged = MergedProfile.objects.filter(public_id__in=wanted, undone_at=None)
    by_id = Customer.objects.get_queryset().filter(public_id__in=wanted).order_by()
    known = by_id.values("pk").union(merged.order_by().values("customer"))
    rows = Customer.objects.visible_to(user).filter(pk__in=known).select_related("owner")
    by_public_id: dict[UUID, Any] = {}
    for row in _whole(rows, merged):
        by_public_id |= dict.fromkeys([row.public_id, *row.once], row)
    found = list(dict.fromkeys(by_public_id[one] for one in wanted if one in by_public_id))
    if len(found) < 2:
        raise Invalid({"ids": "Choose at least two customers"})
    if len(found) > MOST:
        raise Invalid({"ids": f"At most {MOST} at once"})
    return found


def _whole(rows: Any, merged: QuerySet[MergedProfile]) -> Any:
    theirs = {"customer": OuterRef("pk")}
    return rows.annotate(
        once=ArraySubquery(merged.filter(**theirs).values("public_id")),
        custom_said=ArraySubquery(
            CustomValue.objects.filter(**theirs, field__archived_at=None).values(
                json=JSONObject(position="field__position", key="field__key",
                                label="field__label", text="text", day="day",
                                number=Cast("number", TextField()))
            )
        ),
        led_location=_leading(Location, "name", "line1", "line2", "city", "state",
                              "postal_code", "country", "normal"),
        led_contact=_leading(Contact, "first_name", "last_name"),
        consent_said=ArraySubquery(
            ConsentRecord.objects.filter(**theirs).order_by("pk").values(
                json=JSONObject(channel="channel", address="address", kind="kind",
                                happened_at="happened_at")
            )
        ),
    )  # fmt: skip


def _leading(model: type[models.Model], *columns: str) -> Subquery:
    rows = model._base_manager.filter(customer=OuterRef("pk"), is_primary=True)
    return Subquery(rows.values(json=JSONObject(**{one: one for one in columns}))[:1])
