"""Handing a customer over: to whom, and why."""

from __future__ import annotations

from typing import Any

from django import forms

from regulars.staff.models import User


class OwnerForm(forms.Form):
    """`owner` empty means nobody."""

    owner = forms.ModelChoiceField(
        User.objects.none(), label="To", required=False, empty_label="Nobody: leave it unassigned"
    )
    reason = forms.CharField(
        label="Why",
        max_length=500,
        required=False,
        help_text="Kept in the history, with your name and the time.",
    )

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)  # noqa: S101 (for the type checker)
        owner.queryset = User.objects.filter(pk__in=[person.pk for person in people])
        owner.choices = [("", owner.empty_label or ""), *((p.pk, p.name) for p in people)]
