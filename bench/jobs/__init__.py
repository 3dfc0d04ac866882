"""How many background jobs a worker gets through, and whether killing it loses any."""
