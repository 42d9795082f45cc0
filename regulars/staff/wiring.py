"""What the staff room plugs into others."""

from .functions import Function, functions
from .settings_pages import SettingsPage, settings_pages

functions.register(
    Function("customers", "Customers", "See customers; with Edit add and change them."),
    Function("ownership", "Ownership", "Assign, reassign and unassign customers."),
    Function("imports", "Imports", "Bring customers in from a file."),
    Function("exports", "Exports", "Take customers out into a file."),
    Function("merge", "Merge", "Join records of the same customer."),
    Function("erase", "Erase", "Delete a customer's data for good."),
    Function("staff", "People", "See colleagues' settings; with Edit add, change, disable them."),
    Function("settings", "Company settings", "Stores, teams, roles and rights."),
    Function("tokens", "API tokens", "Make tokens for programs that act as this person."),
)

settings_pages.register(
    SettingsPage(
        "profile",
        "Profile",
        "Your name, time zone and keys.",
        "staff:profile",
        order=10,
        icon="user",
    ),
    SettingsPage(
        "security",
        "Password and sign-in",
        "Password, authenticator app, passkeys, recovery codes, sessions.",
        "staff:security",
        order=20,
        icon="key",
        also=("/accounts/",),
    ),
    SettingsPage(
        "people",
        "People",
        "Who works here, in which role, team and store.",
        "staff:people",
        group="Company",
        function="staff",
        order=60,
        icon="users",
    ),
    SettingsPage(
        "stores",
        "Stores and teams",
        "Where you do business and who works together.",
        "staff:stores",
        group="Company",
        function="settings",
        order=70,
        icon="building-store",
    ),
    SettingsPage(
        "rights",
        "Roles and rights",
        "What each role sees and may do.",
        "staff:rights",
        group="Company",
        function="settings",
        order=80,
        icon="shield-check",
    ),
)
