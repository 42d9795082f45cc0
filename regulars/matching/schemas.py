"""How pairs look to programs, and what programs may say about them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypedDict

from regulars.customers.schemas.refs import CustomerRef

from .clusters import MOST
from .models import Pair
from .queries import MERGED_AT_ONCE

RelationName = Literal["duplicate", "household", "colleague", "review", "none"]
VerdictName = Literal["same", "different", "family"]


class ReasonRow(TypedDict):
    """What speaks for it (above 0) or against it, in bits."""

    text: str
    weight: float


class PairRow(TypedDict):
    """Two customers; `score` in bits: 0 means one in two, 10 a thousand to one.

    The households are those they live in."""

    a: str
    a_name: str
    b: str
    b_name: str
    score: float
    probability: float
    relation: RelationName
    certain: bool
    a_household: int | None
    b_household: int | None
    reasons: list[ReasonRow]


class PairPage(TypedDict):
    items: list[PairRow]
    next: str | None


class CandidateRow(TypedDict):
    id: str
    name: str
    score: float
    probability: float
    relation: RelationName
    reasons: list[ReasonRow]


class CandidatePage(TypedDict):
    items: list[CandidateRow]
    next: str | None


class TwoIn(BaseModel):
    """In either order."""

    model_config = ConfigDict(extra="forbid")

    a: UUID
    b: UUID


class AcceptIn(BaseModel):
    """Without `dry_run` it is done. `pairs` names those that are meant; without it they are all
    that take no colleague's customer away."""

    model_config = ConfigDict(extra="forbid")

    dry_run: bool = False
    pairs: Annotated[list[TwoIn], Field(min_length=1, max_length=MERGED_AT_ONCE)] | None = None


class TogetherRow(TypedDict):
    """One merge of several; `customer` holds it all."""

    id: str
    customer: CustomerRef
    undone: bool


class AcceptedRow(TypedDict):
    """`pairs` would be merged, `merges` were; `left` were left alone."""

    id: str | None
    pairs: list[PairRow]
    merges: list[TogetherRow]
    left: int
    undone_at: datetime | None


class VerdictIn(BaseModel):
    """Which two, and what they are to each other."""

    model_config = ConfigDict(extra="forbid")

    a: UUID
    b: UUID
    verdict: VerdictName


class VerdictRow(TypedDict):
    a: str
    b: str
    verdict: VerdictName


class SaidRow(TypedDict):
    """A verdict that stands; `score` in bits is what spoke for it then, `said_by` null for one
    that followed from something else."""

    a: str
    a_name: str
    b: str
    b_name: str
    verdict: VerdictName
    score: float | None
    said_at: datetime
    said_by: str | None


class SaidPage(TypedDict):
    items: list[SaidRow]
    next: str | None


class LinkRow(TypedDict):
    """Two of a cluster; `joins` where they hold it together, else they are alike besides."""

    a: str
    b: str
    score: float
    relation: RelationName
    certain: bool
    joins: bool
    reasons: list[ReasonRow]


class KeptOutRow(TypedDict):
    """Somebody who is like one of them and not among them, and why, in words."""

    name: str
    because: str


class ClusterMemberRow(TypedDict):
    id: str
    name: str
    household: int | None


class ClusterRow(TypedDict):
    """Three to nine customers who may be one; `score` is that of the weakest link that joins them,
    in bits."""

    members: list[ClusterMemberRow]
    score: float
    links: list[LinkRow]
    kept_out: list[KeptOutRow]


class ClusterPage(TypedDict):
    items: list[ClusterRow]
    next: str | None


class ClusterVerdictIn(BaseModel):
    """What two to nine customers are to each other; with `out` what that one is to the others.

    `same` merges them into `primary`, else into whom we know best. `later` asks in a month.
    """

    model_config = ConfigDict(extra="forbid")

    members: Annotated[list[UUID], Field(min_length=2, max_length=MOST)]
    verdict: Literal["same", "different", "family", "later"]
    out: UUID | None = None
    primary: UUID | None = None


class ClusterVerdictRow(TypedDict):
    """`id` takes the words back together, `merge` the merge; null where there is none."""

    id: str | None
    verdict: Literal["same", "different", "family", "later"]
    verdicts: list[VerdictRow]
    merge: str | None


def pair_row(pair: Pair) -> PairRow:
    """A pair with both customers."""
    return {
        "a": str(pair.customer.public_id),
        "a_name": pair.customer.name,
        "b": str(pair.other.public_id),
        "b_name": pair.other.name,
        "score": round(pair.score, 3),
        "probability": round(pair.probability, 6),
        "relation": pair.relation,  # type: ignore[typeddict-item]
        "certain": pair.certain,
        "a_household": pair.customer.household_id,
        "b_household": pair.other.household_id,
        "reasons": pair.reasons,
    }
