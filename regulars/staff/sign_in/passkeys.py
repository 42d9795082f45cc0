"""What a browser hands over of a passkey: read by the library, doubted by us."""

import json
from collections.abc import Callable
from typing import Any, TypeVar

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn import forms as library
from django import forms
from django.db import DatabaseError

T = TypeVar("T")


class CredentialField(forms.CharField):
    """JSON as the authenticator wrote it; shown again as it came."""

    def __init__(self) -> None:
        super().__init__(max_length=100_000, widget=forms.HiddenInput)

    def clean(self, value: Any) -> dict[str, Any]:
        text = super().clean(value)
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            found = None
        if not found or not isinstance(found, dict):  # nothing would be kept as a key unread
            raise get_adapter().validation_error("incorrect_code")
        return found


def _doubted(read: Callable[[], T]) -> T:
    """The library takes a made-up credential apart with every error Python knows."""
    try:
        return read()
    except (forms.ValidationError, DatabaseError):
        raise
    except Exception as error:
        raise get_adapter().validation_error("incorrect_code") from error


class AuthenticateForm(library.AuthenticateWebAuthnForm):  # type: ignore[misc]
    credential = CredentialField()

    def clean_credential(self) -> Any:
        return _doubted(super().clean_credential)


class LoginForm(library.LoginWebAuthnForm):  # type: ignore[misc]
    credential = CredentialField()

    def clean_credential(self) -> Any:
        return _doubted(super().clean_credential)


class ReauthenticateForm(library.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    credential = CredentialField()

    def clean_credential(self) -> Any:
        return _doubted(super().clean_credential)


class AddForm(library.AddWebAuthnForm):  # type: ignore[misc]
    credential = CredentialField()

    def clean(self) -> Any:
        return _doubted(super().clean)
