"""What the imports room plugs into others."""

from regulars.customers.erasure import Erasure, erasures
from regulars.staff.settings_pages import SettingsPage, settings_pages

from .forgetting import forget

settings_pages.register(
    SettingsPage(
        "imports",
        "Import",
        "Bring customers, colleagues or their history in from a file.",
        "imports:list",
        group="Data",
        function="imports",
        order=90,
        icon="file-import",
    ),
)
erasures.register(Erasure("imports", forget))
