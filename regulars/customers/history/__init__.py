"""The record as it ever was: who wrote what, when, how and why."""
