"""The socket for what can be done to many customers at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Q, Value
from django.db.models.expressions import Combinable

from regulars.lib.registry import Registry
from regulars.staff import permission
from regulars.staff.functions import Level
from regulars.staff.models import User

from .selection import Selection

Values = Mapping[str, Any]
"""What a deed was told to do, as its form cleaned it: plain JSON."""


@dataclass(frozen=True)
class Skip:
    """Customers that a deed passes over, and why: “Has the tag already”."""

    reason: str
    who: Q


def nobody(values: Values) -> Sequence[Skip]:
    return ()


def no_form(user: User) -> type[forms.Form]:
    """For a deed that needs to be told nothing."""
    return forms.Form


def unsaid(values: Values) -> str:
    return ""


def undone(ids: Sequence[int], values: Values, by: User) -> Collection[int]:
    return ()


def nothing(values: Values) -> Combinable:
    return Value("")


@dataclass(frozen=True)
class Deed:
    """Something that can be done to many customers at once.

    `label` is the button (“Reassign”), `function` the right it needs (at `level`) beside customers
    (at `customers`: View will do for what is no change of the record).
    `form(user)` is the class of a form that reads what it needs; its cleaned data is kept, so it
    is plain JSON. `says(values)` is the whole deed in words (“Reassign to Ana Ferreira”).
    `skips(values)` says whom it passes over and why. `before(values)` is an expression on the
    customer, text by which the dry run groups them; `after(values)` what each of them has then.
    `apply(ids, values, by)` does it to up to 1,000 customers in the transaction that is open, with
    a fixed number of statements and one event each, and answers the ids it really changed; done
    twice it changes nothing. Rows of models that are kept are taken back from their history; a deed
    that writes others sets `undo` to False. `archived` says for which list it is: those in use,
    those put away, or (None) both.
    A deed with a `page` does nothing here: it leads to the address that `page(selection)` says,
    such as a file to fetch; it is no action of the API. Such a deed may be about `least` to `most`
    ticked ones only, such as a merge; without a `most` it takes all that match too.
    """

    key: str
    label: str
    icon: str
    form: Callable[[User], type[forms.Form]] = no_form
    says: Callable[[Values], str] = unsaid
    apply: Callable[[Sequence[int], Values, User], Collection[int]] = undone
    function: str = "customers"
    skips: Callable[[Values], Sequence[Skip]] = nobody
    before: Callable[[Values], Combinable] = nothing
    after: Callable[[Values], str] = lambda values: ""
    archived: bool | None = False
    undo: bool = True
    order: int = 50
    level: Level = Level.EDIT
    customers: Level = Level.EDIT
    page: Callable[[Selection], str] | None = None
    least: int = 1
    most: int | None = None

    def fits(self, user: User, *, archived: bool) -> bool:
        """Whether to offer it to this colleague on the list of those in use, or put away."""
        may = user.may("customers", self.customers) and user.may(self.function, self.level)
        return may and self.archived in (None, archived)

    def require(self, user: User) -> None:
        """Raises `NotAllowed`."""
        permission.check(user, "customers", self.customers)
        permission.check(user, self.function, self.level)


deeds: Registry[Deed] = Registry("deeds")


def unknown(key: str) -> str:
    """What to say of a deed that cannot be done here, because there is none or it has a page."""
    known = ", ".join(sorted(deed.key for deed in deeds if not deed.page))
    return f"There is no action “{key[:40]}”; there are {known}"


def offered(user: User, *, archived: bool) -> list[Deed]:
    """The deeds this colleague may do, in the order of the bar."""
    fitting = [deed for deed in deeds if deed.fits(user, archived=archived)]
    return sorted(fitting, key=lambda deed: deed.order)
