"""Registers the audiences room."""

from django.apps import AppConfig


class AudiencesConfig(AppConfig):
    name = "regulars.audiences"
    label = "audiences"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import wiring  # noqa: F401
