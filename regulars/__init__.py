"""Regulars: the open-source customer hub for people who sell."""
