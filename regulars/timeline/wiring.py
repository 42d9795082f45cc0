"""What the timeline room plugs into others."""
