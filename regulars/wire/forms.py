"""What people type into the wire room's pages; reads and checks, never saves."""

from datetime import timedelta

from django import forms


class TokenForm(forms.Form):
    name = forms.CharField(
        label="What is it for?",
        max_length=80,
        help_text="A name you will know it by, such as “Website forms”.",
        error_messages={"required": "Give it a name you will know it by."},
    )
    days = forms.TypedChoiceField(
        label="Works for",
        choices=[("90", "90 days"), ("365", "A year"), ("", "Until I revoke it")],
        coerce=lambda days: timedelta(days=int(days)),
        empty_value=None,
        required=False,
        initial="365",
    )
