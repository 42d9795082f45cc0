"""The family around a customer: the household, who may belong to it, and who referred whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import JSONField
from django.db.models.expressions import RawSQL

from .households import (
    CROWD,
    MOST,
    Proposal,
    Shared,
    Someone,
    called,
    near,
    other_homes,
    proposals,
)
from .models import Customer

if TYPE_CHECKING:
    from regulars.staff.models import User

# What is near the customer of the statement around it, as ids: the gate comes after. Along the
# indexes of addresses, digits, household and referrer, and no further than a crowd.
NEAR = f"""(SELECT jsonb_build_object(
  'shared', (
    SELECT jsonb_agg(jsonb_build_array(m.kind, m.key, m.shown, ARRAY(
      SELECT DISTINCT s.customer_id FROM (
        (SELECT l.customer_id FROM customers_location l
         WHERE m.kind = 'address' AND l.normal = m.key AND l.normal <> '' LIMIT {4 * CROWD})
        UNION ALL
        (SELECT p.customer_id FROM customers_phone p
         WHERE m.kind = 'phone' AND p.digits = m.key AND p.e164 <> '' LIMIT {4 * CROWD})
      ) s)))
    FROM (
      SELECT 'address' AS kind, l.normal AS key, min(l.line1) AS shown FROM customers_location l
      WHERE l.customer_id = customers_customer.id AND l.normal <> '' GROUP BY l.normal
      UNION ALL
      SELECT 'phone', p.digits, min(p.typed) FROM customers_phone p
      WHERE p.customer_id = customers_customer.id AND p.e164 <> '' GROUP BY p.digits
      LIMIT 50
    ) m
  ),
  'refused', ARRAY(
    SELECT n.other_id FROM customers_notfamily n WHERE n.customer_id = customers_customer.id
    UNION ALL
    SELECT n.customer_id FROM customers_notfamily n WHERE n.other_id = customers_customer.id
  ),
  'members', ARRAY(SELECT h.id FROM customers_customer h
    WHERE h.household_id = customers_customer.household_id LIMIT {MOST + 1}),
  'household', (SELECT h.name FROM customers_household h
    WHERE h.id = customers_customer.household_id),
  'referred', ARRAY(SELECT r.id FROM customers_customer r
    WHERE r.referred_by_id = customers_customer.id ORDER BY r.id DESC LIMIT {MOST + 1})
))"""  # noqa: S608 (made of constants)


@dataclass(frozen=True)
class Proposed:
    customer: Customer
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class OtherHousehold:
    """Another household that may be this one; `people` of it share what the reasons say."""

    id: int
    name: str
    people: Sequence[Customer]
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Family:
    """Only those the reader may see; `household` is what it is called for them, "" without one."""

    household: str = ""
    members: Sequence[Customer] = ()
    proposed: Sequence[Proposed] = ()
    twice: Sequence[OtherHousehold] = ()
    referrer: Customer | None = None
    referred: Sequence[Customer] = field(default=())


def rows() -> RawSQL:
    """What `family` needs of a customer, to be read with others in one statement."""
    return RawSQL(NEAR, (), output_field=JSONField())  # noqa: S611 (made of constants)


def family(user: User, customer: Customer, found: Mapping[str, Any]) -> Family:
    """The family as this user may see it; `found` is what `rows` read. At most one statement."""
    shared = _shared(found)
    me = Someone(customer.pk, customer.is_company, customer.household_id)
    wanted = {*found["members"], *found["referred"], *(near(me.id, shared))} - {me.id}
    if customer.referred_by_id:
        wanted.add(customer.referred_by_id)
    seen = _seen(user, wanted)
    others = [Someone(row.pk, row.is_company, row.household_id) for row in seen.values()]
    members = [row for row in seen.values() if row.pk in found["members"]]
    home = [customer.last_name, *sorted(row.last_name for row in members)]
    return Family(
        household=called(found["household"] or "", home) if customer.household_id else "",
        members=members,
        proposed=_proposed(proposals(me, others, shared, found["refused"]), seen),
        twice=[
            _household(one.household, [seen[pk] for pk in one.through], one.reasons)
            for one in other_homes(me, others, shared, found["refused"])
        ],
        referrer=seen.get(customer.referred_by_id or 0),
        referred=[row for row in seen.values() if row.pk in found["referred"]][:MOST],
    )


def _shared(found: Mapping[str, Any]) -> list[Shared]:
    return [
        Shared(kind, key, shown, frozenset(ids)) for kind, key, shown, ids in found["shared"] or ()
    ]


def perhaps_the_same(user: User, members: Sequence[Customer]) -> list[OtherHousehold]:
    """Other households that may be the one of these members; two statements for any number."""
    here = Customer.objects.get_queryset().filter(pk__in=[one.pk for one in members])
    found = dict(here.annotate(near=rows()).values_list("pk", "near"))
    around = {one.pk: _shared(found[one.pk]) for one in members if one.pk in found}
    seen = _seen(user, {pk for me, shared in around.items() for pk in near(me, shared)})
    others = [Someone(row.pk, row.is_company, row.household_id) for row in seen.values()]
    through: dict[int, dict[int, tuple[str, ...]]] = {}
    for one in members:
        me = Someone(one.pk, one.is_company, one.household_id)
        refused = found[one.pk]["refused"] if one.pk in found else ()
        for other in other_homes(me, others, around.get(one.pk, ()), refused):
            known = through.setdefault(other.household, {})
            known |= dict.fromkeys(other.through, other.reasons)
    return [
        _household(
            home, [seen[pk] for pk in people], tuple(dict.fromkeys(sum(people.values(), ())))
        )
        for home, people in through.items()
    ][:MOST]


def _seen(user: User, ids: set[int]) -> dict[int, Customer]:
    """Those of them the user may see, the latest activity first."""
    if not ids:
        return {}
    rows = Customer.objects.visible_to(user).current().filter(pk__in=ids)
    rows = rows.select_related("household")
    return {row.pk: row for row in rows.order_by("-last_activity_at", "-pk")}


def _household(pk: int, people: Sequence[Customer], reasons: tuple[str, ...]) -> OtherHousehold:
    name = next((one.household.name for one in people if one.household), "")
    return OtherHousehold(pk, called(name, sorted(p.last_name for p in people)), people, reasons)


def _proposed(found: Sequence[Proposal], seen: Mapping[int, Customer]) -> list[Proposed]:
    return [Proposed(seen[one.customer], one.reasons) for one in found]


def family_of(user: User, customer: Customer) -> Family:
    """The same, for a customer whose row is at hand."""
    here = Customer.objects.get_queryset().filter(pk=customer.pk)
    (found,) = here.annotate(near=rows()).values_list("near", flat=True)
    return family(user, customer, found)
