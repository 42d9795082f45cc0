"""Registers the wire room."""

from django.apps import AppConfig


class WireConfig(AppConfig):
    name = "regulars.wire"
    label = "wire"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import wiring  # noqa: F401
