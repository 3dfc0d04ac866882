"""The library every floor stands on: no tables, no pages."""
