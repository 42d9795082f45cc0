"""What the wire room plugs into others."""
