"""“Something changed” notices, so that a colleague's work appears without a reload."""
