"""What the customers room plugs into others."""
