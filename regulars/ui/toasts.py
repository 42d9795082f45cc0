"""What is said after a deed, with its Undo: one line that leaves by itself."""

from django.contrib import messages
from django.http import HttpRequest

UNDO = "undo="


def say(request: HttpRequest, text: str, *, undo: str = "") -> None:
    """Say that something was done; `undo` is a url on this site whose POST takes it back."""
    messages.success(request, text, extra_tags=f"{UNDO}{undo}" if undo else "")


def warn(request: HttpRequest, text: str) -> None:
    """Say that something was not done, why, and what to do."""
    messages.error(request, text)


def undo_of(tags: str) -> str:
    """The url that takes a message's deed back, "" when there is none."""
    return next((tag.removeprefix(UNDO) for tag in tags.split() if tag.startswith(UNDO)), "")
