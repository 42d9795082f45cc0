"""Registers the exports room."""

from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "regulars.exports"
    label = "exports"

    def ready(self) -> None:
        from . import wiring  # noqa: F401
