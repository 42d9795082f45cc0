"""How it looks and feels: the page frame, building blocks, styles and browser code."""
