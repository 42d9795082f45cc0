"""Registers the room of what is due."""

from django.apps import AppConfig


class FollowUpConfig(AppConfig):
    name = "regulars.follow_up"
    label = "follow_up"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import wiring  # noqa: F401
