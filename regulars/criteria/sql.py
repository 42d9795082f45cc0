"""The tree as one database condition, and what an index could begin with."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from regulars.criteria.admit import admit
from regulars.criteria.fields import Asking, Fields, customer_fields, find, find_thing
from regulars.criteria.language import (
    Criteria,
    Fact,
    Has,
    Node,
    canonical,
    conditions,
    measure,
)


def q(criteria: Criteria, asking: Asking, fields: Fields = customer_fields) -> Q:
    """The condition on customers: `Customer.objects.visible_to(user).filter(sql.q(…))`.

    Never multiplies rows. Raises CriteriaError for an unknown field, a value it does not know,
    or a tree past its limits.
    """
    return parted(criteria, asking, fields).q


@dataclass(frozen=True)
class Part:
    """One of the conditions that must all hold; `led` as in `CustomerField`."""

    q: Q
    led: QuerySet[Any] | None = None


@dataclass(frozen=True)
class Parts:
    """Conditions that must all hold, apart, so that a list can begin with the best index."""

    all: tuple[Part, ...] = ()

    @property
    def q(self) -> Q:
        return Q(*(part.q for part in self.all))


def parted(criteria: Criteria, asking: Asking, fields: Fields = customer_fields) -> Parts:
    """The same condition as `q`, in parts; raises as `q` does."""
    form = canonical(criteria)
    measure(form)
    known = fields.known_to(asking)
    return Parts(tuple(_part(node, asking, known) for node in conditions(form)))


def _part(node: Node, asking: Asking, fields: Fields) -> Part:
    if not isinstance(node, Fact):
        return Part(_q(node, asking, fields))
    fact = admit(node, asking, fields)
    field = find(fact.field, fields)
    led = field.led and field.led(fact.operator, fact.value, asking)
    return Part(field.q(fact.operator, fact.value, asking), led)


def _q(node: Node, asking: Asking, fields: Fields) -> Q:
    if isinstance(node, Fact):
        fact = admit(node, asking, fields)
        return find(fact.field, fields).q(fact.operator, fact.value, asking)
    if isinstance(node, Has):
        thing = find_thing(node.thing, fields)
        where = _q(node.where, asking, fields.of(thing))
        rows = thing.rows().filter(where, **{thing.customer: OuterRef("pk")})
        return Q(Exists(rows[node.at_least - 1 :] if node.at_least > 1 else rows))
    if not node.of:
        return Q() if node.kind == "all" else Q(pk__in=[])
    # An empty Q means everyone but would vanish beside others, so it says so.
    members = [_q(member, asking, fields) or ~Q(pk__in=[]) for member in node.of]
    if node.kind == "all":
        return Q(*members)
    any_of = Q(*members, _connector=Q.OR)
    return ~any_of if node.kind == "none" else any_of
