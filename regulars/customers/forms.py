"""What people type into the pages of the record's settings; reads, never saves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms

from regulars.staff.forms import PickField, pick
from regulars.staff.models import User

from .custom import values
from .custom.values import Definition, Value
from .models import Colour, FieldKind


class FieldForm(forms.Form):
    """A custom field; its kind is chosen once."""

    label = forms.CharField(label="Name", max_length=60)
    kind = forms.ChoiceField(label="Kind", choices=FieldKind.choices)
    choices = forms.CharField(
        label="Choices",
        required=False,
        max_length=20_000,
        widget=forms.Textarea({"rows": 5}),
        help_text="One on each line; for the kind “Choice”.",
    )
    help = forms.CharField(
        label="Hint", required=False, max_length=200, help_text="Shown where it is filled in."
    )

    def __init__(self, *args: Any, known: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if known:
            del self.fields["kind"]

    def said(self) -> dict[str, Any]:
        """As the actions take it."""
        found = dict(self.cleaned_data)
        found["choices"] = found["choices"].splitlines()
        return found


class TagForm(forms.Form):
    name = forms.CharField(label="Name", max_length=60)
    colour = forms.ChoiceField(label="Colour", choices=Colour.choices, required=False)


class NameForm(forms.Form):
    """A group, a category or a source."""

    name = forms.CharField(label="Name", max_length=100)


class HandOverForm(forms.Form):
    """To whom, and why."""

    to = PickField(
        label="To",
        ask="Choose a colleague, or nobody",
        empty="Nobody: they become unassigned",
        error_messages={"required": "Choose a colleague, or nobody."},
    )
    reason = forms.CharField(label="Why", max_length=500, required=False)

    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pick(self, "to").offer(list(people)[:500], lambda person: person.name)


class CustomForm(forms.Form):
    """What one customer says in every custom field."""

    def __init__(
        self, data: Any, *, definitions: Sequence[Definition], kept: Mapping[str, Value]
    ) -> None:
        super().__init__(data, initial={key: values.typed(kept[key]) for key in kept})
        self.definitions = {one.key: one for one in definitions}
        for one in definitions:
            self.fields[one.key] = _field(one)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        self.read: dict[Definition, Value] = {}
        for key, one in self.definitions.items():
            try:
                self.read[one] = values.read(one, found.get(key))
            except ValueError as problem:
                self.add_error(key, f"{problem}.")
        return found


def _field(one: Definition) -> forms.Field:
    said: dict[str, Any] = {"label": one.label, "required": False, "help_text": one.help}
    if one.kind in ("choice", "yes_no"):
        offered = [(c, c) for c in one.choices] if one.choices else [("yes", "Yes"), ("no", "No")]
        return forms.ChoiceField(choices=[("", "–"), *offered], **said)
    widget = {
        "number": forms.TextInput({"inputmode": "decimal"}),
        "date": forms.TextInput({"placeholder": "2026-11-30"}),
        "link": forms.TextInput({"inputmode": "url"}),
    }.get(one.kind, forms.TextInput())
    return forms.CharField(max_length=2_000, widget=widget, **said)
