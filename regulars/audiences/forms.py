"""What the pages of audiences and views read."""

from __future__ import annotations

from django import forms

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


class ViewForm(forms.Form):
    name = forms.CharField(max_length=60)
    shared = forms.ChoiceField(label="For", choices=Shared.choices, required=False)
    pinned = forms.BooleanField(
        label="A tab of the list",
        required=False,
        help_text="Otherwise it stands among the views, a click further away.",
    )
