"""How a large made-up community is distributed: few are read by many, and a few posts get most of the answers."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")

FLATTENING = 50
DAYS = 720
MOST_FOLLOWED, MOST_REACTIONS, MOST_COMMENTS = 300, 60, 40


@dataclass(frozen=True)
class Plan:
    """How large a community is to be; its members joined during the year before the first post."""

    members: int
    posts: int

    @property
    def organisations(self) -> int:
        return max(1, self.members // 120)

    def published_after(self, number: int) -> int:
        """Return the seconds from the first post to post `number`; the community writes more from month to month."""
        return int(DAYS * 86_400 * (number / (self.posts + 1)) ** 0.7)

    def joined_before(self, number: int) -> int:
        """Return the seconds by which member `number` joined before the first post."""
        return int(365 * 86_400 * (1 - number / (self.members + 1))) + 3_600


class Dice:
    """Deterministic draws; one is made for each kind of row, so that kinds do not disturb each other."""

    def __init__(self, purpose: str) -> None:
        self.source = random.Random(f"guildry:{purpose}")  # noqa: S311 - made-up rows, not secrets
        self.chance = self.source.random

    def below(self, count: int) -> int:
        return int(self.chance() * count)

    def one_of(self, choices: Sequence[T]) -> T:
        return choices[int(self.chance() * len(choices))]

    def popular(self, count: int) -> int:
        """Return a rank below `count` by Zipf and Mandelbrot: the first are drawn most, but nobody is everywhere."""
        rank = FLATTENING * (1 + count / FLATTENING) ** self.chance() - FLATTENING
        return min(int(rank), count - 1)

    def heavy(self, exponent: float, most: int) -> int:
        """Return how many of something one thing gets: mostly none or one, now and then very many."""
        return min(int((1 - self.chance()) ** (-1 / exponent)) - 1, most)
