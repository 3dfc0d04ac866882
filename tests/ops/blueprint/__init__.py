"""Tests of the schema as people read it."""
