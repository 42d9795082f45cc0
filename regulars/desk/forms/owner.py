"""Handing a customer over: to whom, and why."""

from __future__ import annotations

from typing import Any

from django import forms

from regulars.customers.models import Customer
from regulars.staff.models import User


class OwnerForm(forms.Form):
    """`owner` empty means nobody; without one, nothing was chosen."""

    owner = forms.ModelChoiceField(
        User.objects.none(), label="To", required=False, empty_label="Nobody: leave it unassigned"
    )
    reason = forms.CharField(
        label="Why",
        max_length=500,
        required=False,
        help_text="Kept in the history, with your name and the time.",
    )

    def __init__(self, *args: Any, of: Customer, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of = of
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)  # noqa: S101 (for the type checker)
        owner.queryset = User.objects.filter(pk__in=[person.pk for person in people])
        owner.choices = [("", owner.empty_label or ""), *((p.pk, p.name) for p in people)]

    def clean_owner(self) -> User | None:
        """Who has them now is no choice: nothing would change."""
        to: User | None = self.cleaned_data["owner"]
        if "owner" not in self.data:
            raise forms.ValidationError("Choose a colleague, or nobody.")
        if to == self.of.owner:
            had = f"{to.name} has them already" if to else "Nobody has them already"
            raise forms.ValidationError(f"{had}: choose somebody else.")
        return to
