"""Who is here already: along the keys of what is being typed, scored with the weights of here."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Q

from regulars.customers.facts import CustomerFacts
from regulars.customers.models import Customer
from regulars.lib import countries

from .features import Features, Written, features, from_json
from .judging import Judged, judge
from .keys import CANDIDATES, LOOKED_AT, NAMESAKES, keys
from .learned import current
from .models import Likeness, Verdict
from .relations import Relation

if TYPE_CHECKING:
    from regulars.staff.models import User

MOST = 5

# Whoever shares more keys comes first; a key that leads to a crowd says nothing, here as by night.
MET = """
  SELECT h.customer_id, count(*) OVER (PARTITION BY wanted.key) AS crowd, {most} AS most
  FROM unnest(%s::bigint[]) AS wanted(key)
  CROSS JOIN LATERAL (
    SELECT m.customer_id FROM matching_key m WHERE m.key = wanted.key LIMIT {most} + 1
  ) h
"""
NEAR = f"""
WITH met AS ({MET.format(most=NAMESAKES)} UNION ALL {MET.format(most=LOOKED_AT)}), hits AS (
  SELECT customer_id, count(*) AS n FROM met WHERE crowd <= most
  GROUP BY customer_id ORDER BY n DESC LIMIT {CANDIDATES}
)
SELECT l.customer_id, l.data::text FROM hits JOIN matching_likeness l USING (customer_id)
"""  # noqa: S608 (made of constants)


@dataclass(frozen=True)
class Candidate:
    """Somebody who is here already, and how sure that is."""

    customer: int
    judged: Judged

    @property
    def may_be_one(self) -> bool:
        """The same, or for somebody to look at."""
        return self.judged.said in (Relation.DUPLICATE, Relation.REVIEW)

    @property
    def shares_a_way(self) -> bool:
        """Reached the same way, whoever they are: worth saying before there is a name."""
        a, b = self.judged.a, self.judged.b
        mail = {*a.emails, *a.roles} & {*b.emails, *b.roles}
        return bool(mail or set(a.phones) & set(b.phones))


def of_raw(raw: Mapping[str, Any], region: str = "US") -> Written:
    """A customer about to be written, from plain data shaped as in the API: also half of one."""
    contacts = _rows(raw, "contacts")
    first, last, company = (_text(raw, key) for key in ("first_name", "last_name", "company"))
    primary = next((c for c in contacts if c.get("primary")), contacts[0] if contacts else {})
    if not (first or last or company):
        first, last = _text(primary, "first_name"), _text(primary, "last_name")
    if not (first or last or company):
        last = _text(raw, "name")
    is_company = bool(company) and not (first or last)
    people = [raw, *(contacts if is_company else [primary])]
    places = sorted(_rows(raw, "locations"), key=lambda place: not place.get("primary"))
    return Written(
        first,
        last,
        company,
        is_company,
        [e for one in people for e in _all(one, "email", "emails", "address")],
        [p for one in people for p in _all(one, "phone", "phones", "number")],
        [
            (line1, line2, city, code, countries.find(country) or "")
            for place in places
            for line1, line2, city, code, country in [[_text(place, key) for key in PLACE]]
        ],
        _text(primary, "birthday"),
        region,
    )


def of_facts(facts: CustomerFacts, region: str = "US") -> Written:
    """A customer about to be written, from clean facts."""
    contacts = sorted(facts.contacts, key=lambda one: not one.primary)
    people = contacts if facts.is_company else contacts[:1]
    places = sorted(facts.locations, key=lambda one: not one.primary)
    return Written(
        facts.first_name,
        facts.last_name,
        facts.company,
        facts.is_company,
        [email.address for one in people for email in one.emails],
        [p.number.e164 or p.number.typed for one in people for p in one.phones],
        [(one.line1, one.line2, one.city, one.postal_code, one.country) for one in places],
        contacts[0].birthday if contacts else "",
        region,
    )


def changed(known: Written, raw: Mapping[str, Any]) -> Written:
    """Somebody who is here as they would be with what is given; what they have counts as well."""
    names = {"first_name": known.first, "last_name": known.last, "company": known.company}
    said = of_raw({**({} if raw.get("name") else names), **raw}, known.region)
    return replace(
        said,
        emails=[*said.emails, *known.emails],
        phones=[*said.phones, *known.phones],
        places=[*said.places, *known.places],
        born=said.born or known.born,
    )


PLACE = ("line1", "line2", "city", "postal_code", "country")


def _text(raw: Mapping[str, Any], key: str) -> str:
    value = raw.get(key)
    return value[:300] if isinstance(value, str) else ""


def _rows(raw: Mapping[str, Any], key: str) -> Sequence[Mapping[str, Any]]:
    found = raw.get(key)
    return [row for row in found or () if isinstance(row, dict)][:50]


def _all(raw: Mapping[str, Any], short: str, many: str, key: str) -> list[str]:
    found = [_text(raw, short), *(_text(row, key) for row in _rows(raw, many))]
    return [text for text in found if text]


def near(one: Features) -> list[tuple[int, Features]]:
    """At most 150 customers who share a key with these features, in one statement."""
    wanted = keys(one)
    if not wanted:
        return []
    with connection.cursor() as cursor:
        cursor.execute(NEAR, [[k for k in wanted if k & 1], [k for k in wanted if not k & 1]])
        return [(pk, from_json(json.loads(data))) for pk, data in cursor.fetchall()]


def candidates(one: Features, *, of: int | None = None) -> list[Candidate]:
    """Everybody near enough to be said, the surest first; without anybody's gate.

    Of a record that is here already, neither itself nor whoever something was said about.
    """
    weights, but = current(), _settled(of)
    found = [Candidate(pk, judge(one, other, weights)) for pk, other in near(one) if pk not in but]
    said = [c for c in found if c.judged.said != Relation.NONE or c.shares_a_way]
    return sorted(said, key=lambda c: (-c.judged.weight, c.customer))


def _settled(of: int | None) -> frozenset[int]:
    if of is None:
        return frozenset()
    said = Verdict.objects.filter(Q(customer=of) | Q(other=of)).values_list("customer", "other")
    return frozenset({of}.union(*said))


def seen_by(user: User | None, found: Sequence[Sequence[Candidate]]) -> list[list[Candidate]]:
    """Of each list those whom `user` may see, None everybody; in one statement."""
    if user is None:
        return [list(each) for each in found]
    # Also where nobody was found: how much was asked would tell of somebody one may not see.
    ids = {0}.union(one.customer for each in found for one in each)
    seen = set(Customer.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))
    return [[one for one in each if one.customer in seen] for each in found]


def known_to(
    user: User, written: Written, *, of: int | None = None, most: int = MOST
) -> list[Candidate]:
    """The surest that `user` may see; whoever they may not see is not even counted."""
    (found,) = seen_by(user, [candidates(features(written), of=of)])
    return found[:most]


def kept(customer: int) -> Features:
    """A record as it was written last; where it never was, as if nobody said anything."""
    row = Likeness.objects.filter(pk=customer).values_list("data", flat=True).first()
    return from_json(row) if row else Features()


@dataclass(frozen=True)
class Nearer:
    """Whom a record is `like`, and who else is `reached` the same way; at most five of each."""

    like: Sequence[Candidate]
    reached: Sequence[Candidate]


def nearer(user: User, of: int, *, before: Features, now: Features, typed: Features) -> Nearer:
    """Whom a record resembles more than `before`, and who else is reached as was `typed`.

    As in `known_to`: only whom `user` may see, and about whom nothing was said.
    """
    weights = current()
    like = [
        one
        for one in (candidates(now, of=of) if now != before else [])
        if one.may_be_one and judge(before, one.judged.b, weights).weight < one.judged.weight
    ]
    them = {one.customer for one in like}
    reached = [one for one in candidates(typed, of=of) if one.shares_a_way]
    seen = seen_by(user, [like, [one for one in reached if one.customer not in them]])
    return Nearer(*(found[:MOST] for found in seen))
