"""Registers the tailor."""

from django.apps import AppConfig


class TailorConfig(AppConfig):
    name = "tests.tailor"
    label = "tailor"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import wiring  # noqa: F401
