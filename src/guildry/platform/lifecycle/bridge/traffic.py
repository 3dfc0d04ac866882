"""What is answered, counted as it leaves."""

from bisect import bisect_left
from collections.abc import Iterator

from guildry.kernel.observing import Reading

# Upper bounds of the time an answer takes, in seconds.
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Traffic:
    """Answers by what was asked for and by the class of the status; only the loop adds, so nothing is locked."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, int], list[int]] = {}
        self._seconds: dict[tuple[str, int], float] = {}

    def note(self, path: str, status: int, seconds: float) -> None:
        key = (_area_of(path), status // 100)
        counts = self._counts.get(key)
        if counts is None:
            counts = self._counts[key] = [0] * (len(BOUNDS) + 1)
        counts[bisect_left(BOUNDS, seconds)] += 1
        self._seconds[key] = self._seconds.get(key, 0.0) + seconds

    def readings(self) -> Iterator[Reading]:
        """Yield a histogram for each area and class of status."""
        for (area, hundreds), counts in sorted(self._counts.items()):
            total, buckets = 0, []
            for bound, count in zip((*BOUNDS, float("inf")), counts, strict=True):
                total += count
                buckets.append((bound, total))
            labels = (("area", area), ("status", f"{hundreds}xx"))
            yield Reading(self._seconds[area, hundreds], labels, tuple(buckets))


def _area_of(path: str) -> str:
    if path.startswith("/api/"):
        return "api"
    if path.startswith("/ops/"):
        return "ops"
    return "static" if path.startswith("/static/") else "page"


TRAFFIC = Traffic()
