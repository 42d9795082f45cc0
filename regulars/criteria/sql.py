"""The tree as one database condition."""

from django.db.models import Exists, OuterRef, Q

from regulars.criteria.admit import admit
from regulars.criteria.fields import Asking, Fields, customer_fields, find, find_thing
from regulars.criteria.language import Criteria, Fact, Has, Node, canonical, measure


def q(criteria: Criteria, asking: Asking, fields: Fields = customer_fields) -> Q:
    """The condition on customers: `Customer.objects.visible_to(user).filter(sql.q(…))`.

    Never multiplies rows. Raises CriteriaError for an unknown field, a value it does not know,
    or a tree past its limits.
    """
    form = canonical(criteria)
    measure(form)
    return _q(form, asking, fields.known_to(asking))


def _q(node: Node, asking: Asking, fields: Fields) -> Q:
    if isinstance(node, Fact):
        fact = admit(node, asking, fields)
        return find(fact.field, fields).q(fact.operator, fact.value, asking)
    if isinstance(node, Has):
        thing = find_thing(node.thing, fields)
        where = _q(node.where, asking, fields.of(thing))
        return Q(Exists(thing.rows().filter(where, **{thing.customer: OuterRef("pk")})))
    if not node.of:
        return Q() if node.kind == "all" else Q(pk__in=[])
    # An empty Q means everyone but would vanish beside others, so it says so.
    members = [_q(member, asking, fields) or ~Q(pk__in=[]) for member in node.of]
    if node.kind == "all":
        return Q(*members)
    any_of = Q(*members, _connector=Q.OR)
    return ~any_of if node.kind == "none" else any_of
