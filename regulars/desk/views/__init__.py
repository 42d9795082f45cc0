"""The pages people live in, one module for each."""
