"""Registers the timeline room."""

from django.apps import AppConfig


class TimelineConfig(AppConfig):
    name = "regulars.timeline"
    label = "timeline"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import wiring  # noqa: F401
