"""The process: the embedded database, serving, the worker beside it, and telling what is wrong."""
