"""Tells Django this room exists."""

from django.apps import AppConfig


class CriteriaConfig(AppConfig):
    name = "regulars.criteria"
