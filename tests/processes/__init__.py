"""Tests that start real processes, kill them, and look at what is left."""
