"""A working day in a real browser, told the way people tell it."""
