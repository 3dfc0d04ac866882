"""How many sockets there may be, how fast they may talk, and where a browser's socket may come from.

A browser window is one connection, however many namespaces it joins; one that joins none in time is sent away.
"""

from datetime import timedelta
from urllib.parse import urlsplit

TICKET_LIFETIME = timedelta(seconds=45)
TICKET_PREFIX = "glt_"
TICKETS = (20, 1.0)

CONNECTIONS_PER_MEMBER = 20
CONNECTIONS_PER_ADDRESS = 500
CONNECTS_PER_MEMBER = (40, 1.0)
CONNECTS_PER_ADDRESS = (600, 20.0)
NAMESPACES_PER_CONNECTION = 20
JOIN_WITHIN = 10.0

MOST_WAITING = 32
PACKETS_BURST, PACKETS_PER_SECOND = 200, 30.0
LARGEST_PACKET = 64 * 1024
# A reader that lets more than this pile up will not catch up; it comes back and resumes.
LARGEST_BACKLOG = 1024 * 1024

# Further behind than this, a page is faster to load again than to bring up to date.
MOST_BEHIND = 5000
MOST_REPLAYED = 2000

# A member stays present for a moment after the last socket went, because pages change.
LINGER = 20.0
PRESENCE_LEASE = timedelta(seconds=30)
VERIFY_EVERY = 300.0
RETURN_WITHIN = (0.5, 4.0)
GREETED_PER_SECOND = 200
RETURN_AFTER, SHORTEST_JITTER, LONGEST_JITTER = 0.25, 0.25, 5.0


def is_own_origin(origin: str, host: str, *, secure: bool) -> bool:
    """Tell whether an Origin header names the very host it was sent to; https when the site is served over it."""
    parts = urlsplit(origin)
    schemes = ("https",) if secure else ("http", "https")
    return bool(host) and parts.scheme in schemes and parts.netloc.lower() == host.lower()


def return_in(chance: float) -> float:
    """Return after how many seconds a client should come back, spread so that not all come at once."""
    first, last = RETURN_WITHIN
    return round(first + (last - first) * chance, 2)


def return_after_drain(sockets: int) -> tuple[float, float]:
    """Return after how many seconds clients come back, and over how many more, so that the next process can greet all."""
    spread = min(LONGEST_JITTER, max(SHORTEST_JITTER, sockets / GREETED_PER_SECOND))
    return RETURN_AFTER, round(spread, 2)
