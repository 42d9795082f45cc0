"""Receipts of work that other rooms carry out themselves, such as an import."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import F
from django.db.models.functions import Now

from regulars.bulk.models import Line, Outcome, Receipt, State
from regulars.lib import clock
from regulars.lib.copying import add_rows
from regulars.lib.errors import NotAllowed
from regulars.staff import permission
from regulars.staff.functions import Level

if TYPE_CHECKING:
    from regulars.staff.models import User


class Busy(Exception):
    """It is running, or over; the text is a sentence for people."""


def require(receipt: Receipt, by: User) -> None:
    """Whoever may do such a thing may also stop it and take it back. Raises `NotAllowed`."""
    if receipt.what is not None:
        receipt.what.require(by)
    else:
        permission.check(by, "customers", Level.EDIT)
        permission.check(by, "imports", Level.EDIT)


def may_undo(receipt: Receipt, *, by: User) -> bool:
    try:
        require(receipt, by)
    except NotAllowed:
        return False
    return receipt.may_be_undone or receipt.may_be_undone_further


def begin(kind: str, *, label: str, about: str = "", total: int = 0, by: User | None) -> Receipt:
    """A receipt for work that begins now; write inside `because(receipt=receipt.pk)`."""
    now = clock.now()
    return Receipt.objects.create(
        deed=kind,
        label=label[:200],
        about=about,
        state=State.RUNNING,
        total=total,
        by=by,
        started_at=now,
        moved_at=None,  # whoever carries it out goes on with it
    )


def wrote(
    receipt: Receipt,
    *,
    added: Iterable[int] = (),
    changed: Iterable[int] = (),
    act: str = "",
    by: User | None,
) -> None:
    """These customers were added or changed, in the transaction that is open.

    `act` is the act of writing (`history.context.act`) when events came with it from elsewhere.
    """
    new = dict.fromkeys(added)
    others = [pk for pk in dict.fromkeys(changed) if pk not in new]
    lines = [Line(receipt=receipt, customer_id=pk, outcome=Outcome.ADDED) for pk in new]
    lines += [Line(receipt=receipt, customer_id=pk, outcome=Outcome.CHANGED) for pk in others]
    # Who was added just now has no line yet.
    known = receipt.lines.filter(customer__in=others, whom=None)
    there = set(known.values_list("customer_id", flat=True))
    # Written once more: what came between was not somebody else's.
    if there:
        known.update(at=Now())
    fresh = [line for line in lines if line.customer_id not in there]
    add_rows(Line, fresh)
    count = len(fresh)
    if act:
        receipt.acts = [*receipt.acts, act]
        receipt.save(update_fields=["acts"])
    Receipt.objects.filter(pk=receipt.pk).update(
        done=F("done") + count, changed=F("changed") + count
    )


def unlink(receipt: Receipt, *, by: User | None) -> None:
    """The page it is about goes; the receipt stays, with its undo."""
    Receipt.objects.filter(pk=receipt.pk).update(about="")


def finish(receipt: Receipt, state: State, *, failure: str = "", by: User | None) -> None:
    """The work is over; what it did can be taken back from now on."""
    Receipt.objects.filter(pk=receipt.pk, state=State.RUNNING).update(
        state=state, failure=failure, finished_at=clock.now(), total=F("done")
    )
