"""Registers the server room."""

from django.apps import AppConfig


class ServerConfig(AppConfig):
    name = "regulars.server"
    label = "server"
