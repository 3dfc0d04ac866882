"""Whole-product pages: home, sign-in surroundings, settings shell and error pages."""
