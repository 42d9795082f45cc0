"""What the live room plugs into others."""
