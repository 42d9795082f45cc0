"""What was said and done: the composer above a customer's timeline."""

from __future__ import annotations

from typing import Any

from django import forms

KINDS = {
    "note": "note.added",
    "call": "call.made",
    "text": "text.sent",
    "email": "email.sent",
}
SAID = {
    "note.added": "The note is kept.",
    "call.made": "The call is logged.",
    "text.sent": "The text is logged.",
    "email.sent": "The email is logged.",
}
OUTCOMES = [
    ("reached", "Reached"),
    ("left a message", "Left a message"),
    ("no answer", "No answer"),
    ("wrong number", "Wrong number"),
]
MISSED = {"no answer", "wrong number"}


class LogForm(forms.Form):
    """One entry; only a note needs words, and has its own form for what it is about."""

    kind = forms.ChoiceField(choices=[(key, name) for name, key in KINDS.items()])
    text = forms.CharField(max_length=8_000, required=False, strip=True)
    outcome = forms.ChoiceField(choices=OUTCOMES, required=False)
    subject = forms.CharField(max_length=200, required=False, strip=True)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("kind") == "note.added" and not found.get("text"):
            self.add_error("text", "Write the note first; nothing was kept.")
        unsaid = not found.get("outcome") and "outcome" not in self.errors
        if found.get("kind") == "call.made" and unsaid:
            self.add_error("outcome", "Say how the call went; nothing was kept.")
        return found

    def data_kept(self) -> dict[str, Any]:
        """The event's data: what belongs to its kind and was given."""
        facts = self.cleaned_data
        kept: dict[str, Any] = {"text": facts["text"].replace("\r\n", "\n")}
        if facts["kind"] == "call.made":
            kept["outcome"] = facts["outcome"]
            kept["missed"] = facts["outcome"] in MISSED
        elif facts["kind"] == "email.sent":
            kept["subject"] = facts["subject"]
        return {key: value for key, value in kept.items() if value}
