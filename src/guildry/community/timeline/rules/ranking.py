"""What comes first For you: a score anybody can follow, its reason in one line, and pages that never shift.

A page sequence looks at one window of posts, fixed when it begins. Its cursor says which of them were already shown,
so scores may move between two pages and still nothing is lost or repeated; below the window it goes on by time.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

CANDIDATES = 200
SPAN = 4_096
HALF_LIFE_HOURS = 18
AGAIN_BY_SAME_AUTHOR = 0.75


@dataclass(frozen=True)
class Candidate:
    """What is known about a post from the reader's side; names are those of members and hashtags to mention."""

    post_id: int
    author_id: int
    author: str
    published_at: datetime
    reactions: int = 0
    comments: int = 0
    is_own: bool = False
    is_followed: bool = False
    is_connected: bool = False
    organisation: str = ""
    hashtags: tuple[str, ...] = ()
    admirers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ranked:
    post_id: int
    author_id: int
    score: float
    why: str


@dataclass(frozen=True)
class Snapshot:
    """A page sequence: posts from `boundary` down to `floor`; bit n of `shown` is post `boundary - n`.

    With boundary 0 the window is used up and the sequence goes on with what is older than `floor`.
    """

    boundary: int
    floor: int
    shown: int = 0

    @property
    def is_used_up(self) -> bool:
        return self.boundary == 0

    @property
    def is_ours(self) -> bool:
        """Tell whether this can have come from `next_page`, not from somebody's fingers."""
        if self.is_used_up:
            return self.floor > 0 and self.shown == 0
        width = self.boundary - self.floor + 1
        return 0 < self.floor <= self.boundary and width <= SPAN and self.shown.bit_length() <= width

    def has_shown(self, post_id: int) -> bool:
        return bool(self.shown >> (self.boundary - post_id) & 1)

    def after(self, post_ids: Iterable[int]) -> "Snapshot":
        shown = self.shown
        for post_id in post_ids:
            shown |= 1 << (self.boundary - post_id)
        return Snapshot(self.boundary, self.floor, shown)


def next_page(
    candidates: Sequence[Candidate], snapshot: Snapshot, now: datetime, size: int
) -> tuple[list[Ranked], Snapshot]:
    """Return the best posts of the window not shown yet, and the snapshot for the page after them."""
    waiting = [candidate for candidate in candidates if not snapshot.has_shown(candidate.post_id)]
    page = ranked(waiting, now)[:size]
    if len(waiting) <= size:
        return page, Snapshot(0, snapshot.floor)
    return page, snapshot.after(item.post_id for item in page)


def ranked(candidates: Iterable[Candidate], now: datetime) -> list[Ranked]:
    """Order by score, the newer first when equal; further posts of one author count for less each time."""
    by_score = sorted((_judge(candidate, now) for candidate in candidates), key=_place)
    seen: Counter[int] = Counter()
    spread = []
    for item in by_score:
        score = item.score * AGAIN_BY_SAME_AUTHOR ** seen[item.author_id]
        spread.append(Ranked(item.post_id, item.author_id, score, item.why))
        seen[item.author_id] += 1
    return sorted(spread, key=_place)


def reasons_for(candidate: Candidate) -> list[tuple[float, str]]:
    """Return what speaks for showing the post, each with its weight; the heaviest one is told to the reader."""
    applause = candidate.reactions + 2 * candidate.comments
    found = [
        (0.5, "Your own post" if candidate.is_own else "New in the community"),
        (3.0 * candidate.is_connected, f"Because you are connected with {candidate.author}"),
        (2.5 * candidate.is_followed, f"Because you follow {candidate.author}"),
        (1.5 * bool(candidate.organisation), f"From {candidate.organisation}, where you belong"),
        (0.9 * min(len(candidate.hashtags), 3), f"About {_hashtags(candidate.hashtags)}"),
        (
            0.8 * min(len(candidate.admirers), 4),
            f"Popular with your connections: {_names(candidate.admirers)}",
        ),
        (0.4 * math.log2(1 + applause), f"Popular now: {_applause(candidate.reactions, candidate.comments)}"),
    ]
    return [(weight, reason) for weight, reason in found if weight]


def _judge(candidate: Candidate, now: datetime) -> Ranked:
    reasons = reasons_for(candidate)
    age = max((now - candidate.published_at).total_seconds() / 3600, 0)
    score = sum(weight for weight, _ in reasons) * 0.5 ** (age / HALF_LIFE_HOURS)
    return Ranked(
        candidate.post_id, candidate.author_id, score, max(reasons, key=lambda reason: reason[0])[1]
    )


def _place(item: Ranked) -> tuple[float, int]:
    return -item.score, -item.post_id


def _hashtags(hashtags: Sequence[str]) -> str:
    return " and ".join(f"#{hashtag}" for hashtag in hashtags[:2]) + ", which you follow or use"


def _names(names: Sequence[str]) -> str:
    if len(names) < 3:
        return " and ".join(names)
    return f"{names[0]} and {len(names) - 1} more"


def _applause(reactions: int, comments: int) -> str:
    counts = ((reactions, "reaction"), (comments, "comment"))
    return ", ".join(f"{count} {word}{'s' if count > 1 else ''}" for count, word in counts if count)
