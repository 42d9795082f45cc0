"""Benchmarks: work and ratios beside their budgets; never a timed test."""
