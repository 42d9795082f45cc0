"""The library's forms about passwords, in our words."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as library
from django import forms
from django.http import HttpRequest

NEW = {"password1": "New password", "password2": "New password again"}


def _plainly(form: forms.Form, **labels: str) -> None:
    """A label above each field, and nothing in it that vanishes while one types."""
    for name, field in form.fields.items():
        field.label, field.help_text = labels.get(name, field.label), ""
        field.widget.attrs.pop("placeholder", None)


class ChangeForm(library.ChangePasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plainly(self, oldpassword="Password now", **NEW)


class SetForm(library.SetPasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plainly(self, **NEW)


class FromLinkForm(library.ResetPasswordKeyForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plainly(self, **NEW)


class ConfirmForm(library.ReauthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plainly(self)


class AskForm(library.ResetPasswordForm):  # type: ignore[misc]
    """An email nobody has costs the worker a job too: the answer's time tells nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plainly(self)

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        from regulars.staff import tasks

        email: str = super().save(request, **kwargs)
        if not self.users:
            tasks.send_password_link.defer(user_id=0)
        return email
