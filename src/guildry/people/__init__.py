"""Members, their organisations and how they know each other."""
