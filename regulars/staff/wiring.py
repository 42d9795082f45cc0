"""What the staff room plugs into others."""

from .functions import Function, functions

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
