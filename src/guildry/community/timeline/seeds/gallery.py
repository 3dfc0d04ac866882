"""Painting the pictures of the story beside its telling: most of that happens outside Python and needs no database."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from guildry.platform.files.actions import Inspected

Painting = Callable[[], Inspected]
AHEAD = 8


class Gallery:
    """Pictures by the number of their post; whoever takes one has the next few begun."""

    def __init__(self, paintings: dict[int, Painting]) -> None:
        self._paintings = dict(sorted(paintings.items()))
        self._begun: dict[int, Future[Inspected]] = {}
        self._painter = ThreadPoolExecutor(1, "painter")

    def take(self, number: int) -> Inspected:
        """Return the picture of a post, painted by now or waited for, and forget it."""
        for later in [known for known in self._paintings if known >= number][: AHEAD - len(self._begun)]:
            self._begun[later] = self._painter.submit(self._paintings.pop(later))
        return self._begun.pop(number).result()
