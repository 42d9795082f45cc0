"""How much one request may bring, and the mark of one that brought more."""

from django.conf import settings

MEGABYTE = 1024 * 1024
TOO_BIG = "regulars.too_big"  # in the environment of a request whose body was thrown away


def biggest() -> int:
    """Bytes: what the largest file takes that anybody may send, and a little for the form."""
    return MEGABYTE * (14 + max(50, settings.IMPORT_MEGABYTES, settings.ATTACHMENT_MEGABYTES))
