"""Wholesale: who sells to shops sells by seasons."""
