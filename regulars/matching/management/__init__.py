"""The commands of the matching room."""
