"""Registers the imports room."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "regulars.imports"
    label = "imports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import wiring  # noqa: F401
