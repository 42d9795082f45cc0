"""What the desk room plugs into others."""
