"""What stands beside the words of a note: its type, how the call went, what packs ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms

from regulars.customers.models import CallStatus
from regulars.customers.notes.details import offers

if TYPE_CHECKING:
    from regulars.customers.models import Customer
    from regulars.staff.models import User

DETAIL = "detail-"


class NoteForm(forms.Form):
    """Choices only: `customers.notes.facts` reads and checks what is sent."""

    type = forms.ChoiceField(label="Type", required=False)
    call_status = forms.ChoiceField(label="Call", choices=CallStatus.choices, required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        by: User,
        about: Customer,
        types: Sequence[tuple[int, str]],
        known: Mapping[str, str] | None = None,
    ) -> None:
        """`known` is what a note says that is edited; a new one begins with the defaults."""
        super().__init__(data, prefix=None)
        first = str(types[0][0]) if types else ""
        self.fields["type"].choices = [("", "No type"), *((str(pk), n) for pk, n in types)]  # type: ignore[attr-defined]
        begun = {"type": first}
        for offer in offers(by, about):
            name = f"{DETAIL}{offer.key}"
            empty = ("", f"No {offer.label.lower()}")
            self.fields[name] = forms.ChoiceField(
                label=offer.label, choices=[empty, *offer.choices], required=False
            )
            begun[name] = offer.default
        self.initial = dict(begun if known is None else known)


def said(post: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent, as `facts.read` takes it; what was not sent is not said."""
    plain = {key: str(post[key]) for key in ("text", "type", "call_status") if key in post}
    details = {key.removeprefix(DETAIL): str(post[key]) for key in post if key.startswith(DETAIL)}
    return {**plain, "details": details}
