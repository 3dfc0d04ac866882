"""Telling members what concerns them, where and when they want it."""
