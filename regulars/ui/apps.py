"""Registers the ui room."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "regulars.ui"
    label = "ui"
