"""The timeline's commands."""
