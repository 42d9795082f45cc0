"""Sessions as Django keeps them; a key that is none of ours is never asked for."""

from django.contrib.sessions.backends.db import SessionStore as InDatabase

LONGEST = 40  # what the column holds


class SessionStore(InDatabase):
    """A cookie may hold anything, also what no text column does."""

    def _validate_session_key(self, key: str) -> bool:
        return bool(key) and len(key) <= LONGEST and key.isascii() and key.isalnum()
