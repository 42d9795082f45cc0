"""The matching room as a Django app."""

from django.apps import AppConfig


class Matching(AppConfig):
    name = "regulars.matching"

    def ready(self) -> None:
        from . import wiring  # noqa: F401
