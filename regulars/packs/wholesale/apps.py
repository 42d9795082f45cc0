"""Registers the wholesale pack."""

from django.apps import AppConfig


class WholesaleConfig(AppConfig):
    name = "regulars.packs.wholesale"
    label = "wholesale"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import wiring  # noqa: F401
