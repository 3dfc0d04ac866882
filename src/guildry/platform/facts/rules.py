"""How long a failing delivery is tried again, and what is remembered of the others."""

from datetime import timedelta

MOST_ATTEMPTS = 10
KEEP_RECEIPTS = timedelta(days=14)


def pause_before(attempt: int) -> timedelta:
    """Return how long to wait before trying a delivery again: 1 s, doubling, at most an hour."""
    return timedelta(seconds=min(3600, 2 ** (attempt - 1)))
