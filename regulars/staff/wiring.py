"""What the staff room plugs into others."""
