"""Custom fields: what a company wants to know of its customers beyond what everybody does."""
