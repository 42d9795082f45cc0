"""Signing in: how the sign-in library is told our rules."""
