"""What the imports room plugs into others."""

from regulars.staff.settings_pages import SettingsPage, settings_pages

settings_pages.register(
    SettingsPage(
        "imports",
        "Import",
        "Bring customers, colleagues or their history in from a file.",
        "imports:list",
        group="Company",
        function="imports",
        order=90,
        icon="file-import",
    ),
)
