"""Changing many customers at once: a dry run first, a receipt after, and one undo."""
