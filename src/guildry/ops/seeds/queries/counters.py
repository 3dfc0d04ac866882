"""Whether the counters that rows carry are what counting says."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from guildry.community.timeline.models import (
    Comment,
    Poll,
    PollOption,
    PollVote,
    Post,
    PostImage,
    Reaction,
)
from guildry.people.organisations.models import Membership, Organisation

PORTION = 20_000


@dataclass(frozen=True)
class Miscount:
    """A counter that is wrong in `rows` rows; `example` is the id of one of them."""

    counter: str
    rows: int
    example: int


def miscounts() -> list[Miscount]:
    """Return every counter that differs from what it counts, counted by the database."""
    return [found for entry in counted() if (found := _miscount(*entry))]


def counted() -> tuple[tuple[QuerySet[Any], str, QuerySet[Any], str], ...]:
    """Return what is counted where: rows, their counter, the things it counts, and their key to the row."""
    shown = ~Q(deleted_at__isnull=False, reply_count=0)
    return (
        (Post.objects.all(), "reaction_count", Reaction.objects.all(), "post"),
        (Post.objects.all(), "comment_count", Comment.objects.filter(deleted_at=None), "post"),
        (Post.objects.all(), "repost_count", Post.objects.filter(deleted_at=None), "repost_of"),
        (Post.objects.all(), "image_count", PostImage.objects.all(), "post"),
        (Post.objects.all(), "has_poll", Poll.objects.all(), "post"),
        (Comment.objects.all(), "reply_count", Comment.objects.filter(shown), "parent"),
        (PollOption.objects.all(), "vote_count", PollVote.objects.all(), "option"),
        (
            Organisation.objects.all(),
            "people_count",
            Membership.objects.filter(is_current=True),
            "organisation",
        ),
    )


def _miscount(rows: QuerySet[Any], counter: str, things: QuerySet[Any], key: str) -> Miscount | None:
    wrong = [
        pk
        for first in range(1, (rows.aggregate(last=Max("pk"))["last"] or 0) + 1, PORTION)
        for pk in _wrong(rows, counter, things, key, (first, first + PORTION - 1))
    ]
    return Miscount(f"{rows.model.__name__}.{counter}", len(wrong), wrong[0]) if wrong else None


def _wrong(
    rows: QuerySet[Any], counter: str, things: QuerySet[Any], key: str, span: tuple[int, int]
) -> list[int]:
    """Return the ids in a span whose counter is wrong; spans need no plan that is good for all rows at once."""
    inside = things.filter(**{f"{key}__gte": span[0], f"{key}__lte": span[1]})
    counted = dict(inside.order_by().values_list(key).annotate(Count("pk")))
    carried = rows.filter(pk__range=span).order_by("pk").values_list("pk", counter)
    return [pk for pk, count in carried if count != counted.get(pk, 0)]
