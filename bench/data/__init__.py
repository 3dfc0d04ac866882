"""Benchmarks of what happens to data as a whole."""
