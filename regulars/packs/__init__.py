"""The trades: each pack is a room of its own; none knows another."""
