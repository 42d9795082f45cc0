"""What the pages of audiences and views read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from regulars.staff.forms import PickField, pick
from regulars.staff.models import User

from .models import Shared


class AudienceForm(forms.Form):
    """A filter, or (`by_hand`) people chosen one by one."""

    name = forms.CharField(max_length=100)
    description = forms.CharField(
        max_length=500, required=False, help_text="What it is for, for colleagues."
    )
    criteria = forms.CharField(
        label="Who fits",
        max_length=4_000,
        required=False,
        strip=True,
        help_text="Such as tag:VIP and last_activity > 90 days ago. Nothing is everyone.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    by_hand = forms.BooleanField(
        label="A list chosen by hand",
        required=False,
        help_text="People are put on it one by one, whatever they have in common.",
    )


class OwnerForm(forms.Form):
    """Whose it is to be: one of these people."""

    owner = PickField(label="Owner")

    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pick(self, "owner").offer(people, lambda one: one.name)


class ViewForm(forms.Form):
    name = forms.CharField(max_length=60)
    shared = forms.ChoiceField(label="For", choices=Shared.choices, required=False)
    pinned = forms.BooleanField(
        label="A tab of the list",
        required=False,
        help_text="Otherwise it stands among the views, a click further away.",
    )
