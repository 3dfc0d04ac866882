"""Background and scheduled work, leased so that a killed worker loses nothing."""
