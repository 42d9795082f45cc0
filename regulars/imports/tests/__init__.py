"""What the imports room promises."""
