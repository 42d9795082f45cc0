"""What every whole page may ask of this room: the menu of Settings (a context processor)."""

from typing import Any

from django.http import HttpRequest

from . import settings_pages
from .models import User


def settings_menu(request: HttpRequest) -> dict[str, Any]:
    """`settings_menu()` in a template; costs nothing where it is not called, and never a query."""

    def menu() -> list[Any]:
        user = request.user
        return list(settings_pages.menu(user, request.path)) if isinstance(user, User) else []

    return {"settings_menu": menu}
