"""How programs talk to us: tokens, problems, idempotency, cursors."""
