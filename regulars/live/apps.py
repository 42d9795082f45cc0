"""Registers the live room."""

from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "regulars.live"
    label = "live"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import wiring  # noqa: F401
