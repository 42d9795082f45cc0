"""What the wire room plugs into others."""

from regulars.staff.departures import Departure, departures
from regulars.staff.settings_pages import SettingsPage, settings_pages

from . import tokens

departures.register(Departure("tokens", tokens.revoke_all))

settings_pages.register(
    SettingsPage(
        "tokens",
        "API tokens",
        "Let programs work here as you.",
        "wire:tokens",
        function="tokens",
        order=30,
        icon="plug-connected",
    ),
)
