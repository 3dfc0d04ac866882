"""How jobs are claimed, retried and given up, and which slot of a schedule a moment belongs to."""

from datetime import datetime, timedelta

MOST_ATTEMPTS = 8
LEASE = timedelta(seconds=30)
KEEP_DONE = timedelta(days=2)
KEEP_DEAD = timedelta(days=60)


def pause_before(attempt: int) -> timedelta:
    """Return how long a job that failed `attempt` times waits: 2 s, doubling, at most an hour."""
    return timedelta(seconds=min(3600, 2**attempt))


def slot_of(moment: datetime, every: timedelta) -> int:
    """Return the number of the slot a moment falls into, counted from the epoch."""
    return int(moment.timestamp() // every.total_seconds())
