"""What somebody agreed to: beside a new email in short, and as evidence in full."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone

from regulars.customers import consents
from regulars.customers.actions.consents import moment_of
from regulars.customers.models import Basis, Consent, Method
from regulars.lib import emails

ANSWERS = [
    (Consent.EXPRESS, "Yes, expressly"),
    (Consent.IMPLIED, "Implied by their business with us"),
    (Consent.NONE, "No"),
    (Consent.WITHDRAWN, "They took it back"),
]
BASES = [("", "Choose…"), *Basis.choices]
NOT_SAID = (Method.UNSAID, Method.API, Method.IMPORT, Method.MERGE)
HOW = [(m.value, m.label) for m in Method if m not in NOT_SAID]


def day_field(label: str, **more: Any) -> forms.DateField:
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, **more)


class EmailConsent(forms.Form):
    """The part about consent of a form with an email; nothing is chosen beforehand."""

    email_name = "address"

    consent = forms.ChoiceField(
        label="They agreed to email", required=False, choices=[("", "Choose…"), *ANSWERS]
    )
    consent_basis = forms.ChoiceField(label="What it rests on", required=False, choices=BASES)
    consent_note = forms.CharField(label="In words", max_length=100, required=False)
    consent_on = day_field("On which day")
    consent_how = forms.ChoiceField(
        label="How they said it", required=False, choices=[("", "Not known"), *HOW]
    )

    @property
    def asks(self) -> bool:
        """Whether consent belongs on the form: not for an email whose word is kept already."""
        if not self.initial.get(self.email_name):
            return True
        if not self.is_bound:
            return False
        typed = str(self.data.get(self.add_prefix(self.email_name)) or "")
        known = str(self.initial[self.email_name])
        return bool(typed.strip()) and emails.normal(typed) != emails.normal(known)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not found.get(self.email_name) or not self.asks:
            return found | {"consent": "", "consent_basis": "", "consent_how": ""}
        kind, on = found.get("consent", ""), found.get("consent_on")
        if not kind and "consent" not in self.errors:
            self.add_error("consent", "Choose what they agreed to.")
        lacks = consents.missing(
            kind, basis=found.get("consent_basis", ""), basis_note=found.get("consent_note", ""),
            basis_on=on,
        )  # fmt: skip
        names = {"basis": "consent_basis", "basis_note": "consent_note", "basis_on": "consent_on"}
        for key, sentence in lacks.items():
            if names[key] not in self.errors:
                self.add_error(names[key], f"{sentence}.")
        self._not_ahead(on)
        return found

    def _not_ahead(self, on: date | None) -> None:
        if on and on > timezone.localdate():
            self.add_error("consent_on", "This lies in the future.")

    def said(self) -> dict[str, Any]:
        """As a contact's email has it in the API."""
        given = self.cleaned_data
        basis = given.get("consent_basis", "")
        on = given.get("consent_on")
        at: datetime | None = moment_of(on) if on and given.get("consent") else None
        return {
            "consent": given.get("consent", ""),
            "consent_basis": given.get("consent_note", "") if basis == Basis.OTHER else basis,
            "consent_at": at,
            "consent_how": given.get("consent_how", ""),
        }


class ConsentForm(forms.Form):
    """One piece of evidence about an email, or about calls or texts to a phone."""

    channel = forms.ChoiceField(
        label="About",
        choices=[("call", "Calls"), ("text", "Texts")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether it is about calls or texts."},
    )
    kind = forms.ChoiceField(
        label="What they said",
        choices=ANSWERS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what they agreed to."},
    )
    basis = forms.ChoiceField(label="What it rests on", required=False, choices=BASES)
    basis_note = forms.CharField(label="In words", max_length=100, required=False)
    on = day_field("On which day", help_text="Left empty: today. Implied consent needs its day.")
    method = forms.ChoiceField(
        label="How they said it",
        choices=[("", "Choose…"), *HOW],
        error_messages={"required": "Say how, so that it can be shown."},
    )
    place = forms.CharField(
        label="Where", max_length=500, required=False,
        help_text="The address of the web page, or the place.",
    )  # fmt: skip
    wording = forms.CharField(
        label="Wording", max_length=2_000, required=False,
        widget=forms.Textarea({"rows": 3}), help_text="The text they were shown, or what was said.",
    )  # fmt: skip

    def __init__(self, *args: Any, is_phone: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_phone:
            del self.fields["channel"]

    def given(self) -> dict[str, Any]:
        """As `actions.record_consent` takes it."""
        said = dict(self.cleaned_data)
        on: date | None = said.pop("on")
        said["basis_on"] = on
        said["happened_at"] = moment_of(on) if on else None
        return said
