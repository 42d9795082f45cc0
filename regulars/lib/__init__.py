"""Pure helpers, one noun per file; nothing here knows a room."""
