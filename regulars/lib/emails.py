"""Email addresses: one normal form to compare by, the typed one to write to."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

MAX_LENGTH = 254


def clean(typed: str) -> str:
    """Trimmed, `mailto:` and angle brackets dropped; raises ValueError when it is no address."""
    text = typed.strip().removeprefix("mailto:").strip("<> \t\r\n")
    try:
        validate_email(text)
    except ValidationError:
        raise ValueError(f"“{typed[:80]}” is not an email address") from None
    if len(text) > MAX_LENGTH:
        raise ValueError("An email address has at most 254 characters")
    return text


def normal(address: str) -> str:
    """Lower case throughout: no mailbox in use today distinguishes case."""
    return address.strip().lower()
