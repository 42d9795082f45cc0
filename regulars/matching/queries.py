"""The pairs to decide, as a colleague may see them: both or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models import Value as Constant
from django.db.models.functions import JSONObject

from regulars.customers.merging.queries import merges_seen
from regulars.customers.models import Customer, Merge, MergedProfile, NotFamily
from regulars.lib import clock, cursors

from .models import Batch, Pair, Run, Verdict
from .relations import Relation

if TYPE_CHECKING:
    from regulars.staff.models import User


COUNTED = 101
MERGED_AT_ONCE = 25  # each takes up to a quarter of a second
PROPOSED = 5
HOMES = "households"
TWO_HOMES = Q(
    relation=Relation.HOUSEHOLD,
    customer__household__isnull=False,
    other__household__isnull=False,
)


def visible(user: User) -> QuerySet[Pair]:
    """Undecided pairs of customers in use that `user` may see, the surest first.

    A verdict counts wherever merging has taken it, and who lives together is no question.
    """
    seen = Customer.objects.visible_to(user).current()
    now = clock.now()
    among = {"customer": OuterRef("customer"), "other": OuterRef("other")}
    family = Q(customer__household=F("other__household")) | Q(
        Exists(NotFamily.objects.filter(**among))
    )
    return (
        Pair.objects.filter(customer__in=seen, other__in=seen)
        .exclude(Exists(Verdict.objects.filter(**among)))
        .exclude(family, relation=Relation.HOUSEHOLD)
        .filter(Q(later_until=None) | Q(later_until__lte=now))
        .order_by("-score", "-id")
    )


def certain(user: User) -> QuerySet[Pair]:
    """Those beyond doubt; who lives together was said to be two."""
    together = Q(customer__household=F("other__household"))
    return visible(user).filter(certain=True).exclude(together)


def last_search() -> datetime | None:
    """When everything was looked through last, or what changed."""
    ended = Run.objects.exclude(ended_at=None).order_by("-ended_at")
    return ended.values_list("ended_at", flat=True).first()


@dataclass(frozen=True)
class Page:
    """`next` is the cursor of the page behind this one, None on the last."""

    items: list[Pair]
    next: str | None


def page(
    user: User,
    *,
    least: float | None = None,
    relation: str = "",
    among: Q | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """One page of pairs by falling score. Raises `BadCursor`."""
    found = visible(user).filter(among or Q())
    if least is not None:
        found = found.filter(score__gte=least)
    if relation:
        found = of_kind(found, relation)
    if cursor:
        score, pk = cursors.decode(cursor, str, int)
        try:
            at = float(score)
        except ValueError:
            raise cursors.BadCursor from None
        found = found.filter(score__lte=at).filter(Q(score__lt=at) | Q(pk__lt=pk))
    return _page(found, limit)


def page_from(user: User, pk: int, *, limit: int = 50) -> Page:
    """The page that begins with this pair, of those of its relation; empty where it is none."""
    here = visible(user).filter(pk=pk).order_by()
    score, relation = (Subquery(here.values(column)[:1]) for column in ("score", "relation"))
    two = Exists(here.filter(TWO_HOMES))
    found = visible(user).filter(relation=relation, score__lte=score)
    found = found.filter(Q(TWO_HOMES, two) | Q(~TWO_HOMES, ~two))
    return _page(found.filter(Q(score__lt=score) | Q(pk__lte=pk)), limit)


def of_kind(found: QuerySet[Pair], kind: str) -> QuerySet[Pair]:
    """Of a relation; two who live in two households are a kind of their own."""
    if kind == HOMES:
        return found.filter(TWO_HOMES)
    found = found.filter(relation=kind)
    return found.exclude(TWO_HOMES) if kind == Relation.HOUSEHOLD else found


def kind_of(pair: Pair) -> str:
    """The kind that a pair stands under."""
    housed = pair.customer.household_id and pair.other.household_id
    return HOMES if housed and pair.relation == Relation.HOUSEHOLD else pair.relation


def _page(found: QuerySet[Pair], limit: int) -> Page:
    rows = list(found.select_related("customer", "other")[: limit + 1])
    more = len(rows) > limit
    rows = rows[:limit]
    return Page(rows, cursors.encode(repr(rows[-1].score), rows[-1].pk) if more else None)


# --- Merged together


def batches_seen(user: User) -> QuerySet[Batch]:
    """Merged at once by this colleague; all of them for who sees everybody."""
    rows = Batch.objects.select_related("by", "undone_by").order_by("-pk")
    return rows if user.role.sees_everybody else rows.filter(by=user)


def merges_of(user: User, batch: Batch) -> list[Merge]:
    """Those whose customer the user sees, in their order; two statements."""
    rows = merges_seen(user).filter(batches=batch).select_related("customer")
    now = Customer.objects.visible_to(user).filter(public_id=OuterRef("public_id")).values("name")
    profiles = MergedProfile.objects.annotate(now=Subquery(now)).order_by("pk")
    return list(rows.prefetch_related(Prefetch("profiles", profiles)).order_by("pk")[:COUNTED])


def names_in(merge: Merge) -> list[str]:
    """Of one that `merges_of` found: who went into it, by the name of now who came out again."""
    return [vars(one)["now"] or one.name or "Somebody" for one in merge.profiles.all()]


# --- What was said


def likely(user: User, customer: Customer) -> list[Pair]:
    """The pairs of a customer that may be one, as far as the reader sees both, the surest first:
    at most five; one statement."""
    theirs = Q(customer=customer) | Q(other=customer)
    found = visible(user).filter(theirs, relation__in=(Relation.DUPLICATE, Relation.REVIEW))
    return list(found.select_related("customer__owner", "other__owner")[:PROPOSED])


def between(customers: Sequence[Customer]) -> list[dict[str, Any]]:
    """Of customers the reader sees what was said, and of two what was found, as JSON; one
    statement."""
    among = {"customer__in": customers, "other__in": customers}
    pairs = Pair.objects.filter(**among).order_by() if len(customers) == 2 else Pair.objects.none()
    said = Verdict.objects.filter(**among).order_by()
    found = pairs.values_list(
        JSONObject(kind=Constant("pair"), score="score", reasons="reasons"), flat=True
    )
    more = said.values_list(
        JSONObject(
            kind=Constant("verdict"), says="verdict", at="said_at", by="said_by__name",
            one="customer__name", other="other__name",
        ),
        flat=True,
    )  # fmt: skip
    return list(found.union(more, all=True))


@dataclass(frozen=True)
class Word:
    """What was said of several in one deed: of any two, or of `one` and each of the `others`."""

    one: Customer | None
    others: list[Customer]


@dataclass(frozen=True)
class Decided:
    """A verdict that stands, with all it was said of, or a merge, which is the strongest."""

    at: datetime
    verdict: Verdict | None = None
    word: Word | None = None
    merge: Merge | None = None

    @property
    def place(self) -> tuple[datetime, int, int]:
        """Where it stands among the others: of the same moment verdicts come before merges."""
        row = self.verdict or self.merge
        assert row is not None  # noqa: S101 (narrowing)
        return (self.at, int(self.verdict is not None), row.pk)


@dataclass(frozen=True)
class DecidedPage:
    items: list[Decided]
    next: str | None


def decided(user: User, *, cursor: str | None = None, limit: int = 50) -> DecidedPage:
    """What people said about pairs that `user` sees both of, and merges that stand, the newest
    first; four statements. Raises `BadCursor`."""
    seen = verdicts_seen(user)
    sooner = seen.filter(together=OuterRef("together"), pk__lt=OuterRef("pk"))
    verdicts = seen.exclude(Exists(sooner.order_by()))
    stands = MergedProfile.objects.filter(undone_at=None)
    merges = merges_seen(user).filter(pk__in=stands.values("merge"))
    if cursor:
        at, table, pk = cursors.decode(cursor, datetime, int, int)
        verdicts = verdicts.filter(_before("said_at", at, pk, mine=1, table=table))
        merges = merges.filter(_before("at", at, pk, mine=0, table=table))
    verdicts = verdicts.select_related("customer", "other", "said_by")
    said = list(verdicts.order_by("-said_at", "-pk")[: limit + 1])
    receipt = batches_seen(user).filter(merges=OuterRef("pk")).values("public_id")[:1]
    made = merges.annotate(receipt=Subquery(receipt)).order_by("-at", "-pk")
    made = made.select_related("customer", "by")
    made = made.prefetch_related(Prefetch("profiles", stands))
    words = _words(seen, said)
    found = [Decided(one.said_at, verdict=one, word=words[one.pk]) for one in said]
    found += [Decided(one.at, merge=one) for one in made[: limit + 1]]
    found.sort(key=lambda one: one.place, reverse=True)
    more, found = len(found) > limit, found[:limit]
    return DecidedPage(found, cursors.encode(*found[-1].place) if more else None)


@dataclass(frozen=True)
class VerdictPage:
    items: list[Verdict]
    next: str | None


def verdicts(user: User, *, cursor: str | None = None, limit: int = 50) -> VerdictPage:
    """One page of `verdicts_seen`, the newest first. Raises `BadCursor`."""
    rows = verdicts_seen(user).select_related("customer", "other", "said_by")
    if cursor:
        at, pk = cursors.decode(cursor, datetime, int)
        rows = rows.filter(Q(said_at__lt=at) | Q(said_at=at, pk__lt=pk), said_at__lte=at)
    found = list(rows.order_by("-said_at", "-pk")[: limit + 1])
    more, found = len(found) > limit, found[:limit]
    last = cursors.encode(found[-1].said_at, found[-1].pk) if more else None
    return VerdictPage(found, last)


def verdicts_seen(user: User) -> QuerySet[Verdict]:
    """Of two customers that the user sees both."""
    seen = Customer.objects.visible_to(user)
    return Verdict.objects.filter(customer__in=seen, other__in=seen)


def said_with(user: User, verdict: Verdict) -> QuerySet[Verdict]:
    """What was said in the same deed, as far as the user sees it; itself among it."""
    return verdicts_seen(user).filter(together=verdict.together).order_by("pk")


def _words(seen: QuerySet[Verdict], said: Sequence[Verdict]) -> dict[int, Word]:
    """Of whom each was said, with those said in the same deed; one statement where there are."""
    deeds = {one.together for one in said if one.together}
    with_them: dict[UUID | None, list[Verdict]] = {}
    rows = seen.filter(together__in=deeds).select_related("customer", "other").order_by("pk")
    for row in rows if deeds else ():
        with_them.setdefault(row.together, []).append(row)
    return {one.pk: _word(with_them.get(one.together) or [one]) for one in said}


def _word(rows: Sequence[Verdict]) -> Word:
    pairs = [(row.customer, row.other) for row in rows]
    everybody = list(dict.fromkeys(one for two in pairs for one in two))
    in_all = [one for one in everybody if all(one in two for two in pairs)]
    if len(rows) == 1 or len(in_all) != 1:
        return Word(None, everybody)
    return Word(in_all[0], [one for one in everybody if one != in_all[0]])


def _before(column: str, at: datetime, pk: int, *, mine: int, table: int) -> Q:
    earlier = Q(**{f"{column}__lt": at})
    if mine == table:
        return earlier | Q(**{column: at, "pk__lt": pk})
    return earlier | Q(**{column: at}) if mine < table else earlier
