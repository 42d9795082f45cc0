"""Who may be in the house twice, and why: asked while somebody types, and by night."""
