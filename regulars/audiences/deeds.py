"""To many at once: onto a list chosen by hand, and off it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Case, Exists, OuterRef, Q, Value, When

from regulars.bulk.deeds import Deed, Skip, Values
from regulars.bulk.ordinary import choice, made
from regulars.lib import names
from regulars.lib.errors import Invalid, in_words
from regulars.staff.functions import Level
from regulars.staff.models import User

from . import actions
from .models import Audience, Listed

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

MOST = 500


def _lists() -> list[tuple[str, str]]:
    rows = Audience.objects.filter(criteria=None).order_by("name")
    return [(name, name) for name in rows.values_list("name", flat=True)[:MOST]]


class _ListForm(forms.Form):
    list = forms.CharField(
        label="List",
        max_length=100,
        help_text="One that is there, or a new one.",
        error_messages={"required": "Name the list"},
    )

    def clean_list(self) -> str:
        cleaned = names.clean(self.cleaned_data["list"])
        if not cleaned:
            raise forms.ValidationError("Name the list")
        there = Audience.objects.filter(name__iexact=cleaned).first()
        if there is not None and not there.is_list:
            raise forms.ValidationError("Who is in this audience follows from its criteria")
        return there.name if there else cleaned


def _take_off_form(user: User) -> type[forms.Form]:
    return made(list=choice("List", _lists()))


def _on_it(values: Values) -> Q:
    there = Listed.objects.filter(audience__name__iexact=values["list"], customer=OuterRef("pk"))
    return Q(Exists(there))


def _found(values: Values) -> Audience | None:
    return Audience.objects.filter(name__iexact=values["list"]).first()


def _put(ids: Sequence[int], values: Values, by: User) -> list[int]:
    audience = _found(values) or actions.make_audience(name=values["list"], by=by)
    try:
        return actions.put_on_list(audience, ids, by=by)
    except Invalid as no:
        raise Invalid({"list": in_words(no)}) from None


def _take_off(ids: Sequence[int], values: Values, by: User) -> list[int]:
    audience = _found(values)
    if audience is None or not audience.is_list:
        raise Invalid({"list": "This list is no longer there"})
    return actions.take_off_list(audience, ids, by=by)


def _before(values: Values) -> Combinable:
    return Case(When(_on_it(values), then=Value(values["list"])), default=Value(""))


_RIGHT: dict[str, Any] = {"function": "marketing", "customers": Level.VIEW, "before": _before}

PUT_ON = Deed(
    "put_on_list",
    "Put on a list",
    "list",
    lambda user: _ListForm,
    lambda values: f"Put on the list “{values['list']}”",
    _put,
    skips=lambda values: [Skip("On the list already", _on_it(values))],
    after=lambda values: str(values["list"]),
    order=32,
    **_RIGHT,
)
TAKE_OFF = Deed(
    "take_off_list",
    "Take off a list",
    "list",
    _take_off_form,
    lambda values: f"Take off the list “{values['list']}”",
    _take_off,
    skips=lambda values: [Skip("Not on the list", ~_on_it(values))],
    order=34,
    **_RIGHT,
)
DEEDS = (PUT_ON, TAKE_OFF)
