"""Registers the bulk room."""

from django.apps import AppConfig


class BulkConfig(AppConfig):
    name = "regulars.bulk"
    label = "bulk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import wiring  # noqa: F401
