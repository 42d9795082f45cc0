"""Django's PostgreSQL, which starts the embedded cluster before the first connection."""
