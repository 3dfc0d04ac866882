"""Hashtags: who follows them and which ones are in use."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from guildry.community.timeline.models import Hashtag, HashtagFollow, Post, PostHashtag
from guildry.community.timeline.queries.cards import id_of
from guildry.community.timeline.rules import Audience, fingerprint_of
from guildry.kernel import clock, errors
from guildry.kernel.permissions import Actor

# How many of the newest posts say what is talked about, so that the answer costs the same in any community.
RECENT = 1_000
MOST = 20
KEPT_FOR = timedelta(seconds=30)


class HashtagNotFound(errors.NotFound):
    detail = "Nobody has used this hashtag yet."


@dataclass(frozen=True)
class TalkedAbout:
    """A hashtag and how many recent posts carry it."""

    name: str
    post_count: int


def hashtag_named(name: str) -> Hashtag:
    """Return a hashtag however its name is written; raises HashtagNotFound."""
    for hashtag in Hashtag.objects.filter(fingerprint=fingerprint_of(name.casefold()))[:1]:
        return hashtag
    raise HashtagNotFound


def is_following(viewer: Actor | None, hashtag: Hashtag) -> bool:
    return HashtagFollow.objects.filter(member_id=id_of(viewer), hashtag=hashtag).exists()


def talked_about(*, most: int = 6) -> list[TalkedAbout]:
    """Return the hashtags of recent posts that everybody may read, the most used first, as of half a minute ago."""
    now = clock.now()
    if not _kept or not now - KEPT_FOR < _kept[0][0] <= now:
        _kept[:] = [(now, _counted())]
    return _kept[0][1][:most]


def forget_talked_about() -> None:
    """Count anew when next asked, however recently it was done."""
    _kept.clear()


_kept: list[tuple[datetime, list[TalkedAbout]]] = []


def _counted() -> list[TalkedAbout]:
    newest = Post.objects.order_by("-id").values_list("id", flat=True)[:1]
    carried = PostHashtag.objects.filter(
        post_id__gt=max(newest, default=0) - RECENT, post__audience=Audience.EVERYONE, post__deleted_at=None
    )
    counted = (
        carried.values_list("hashtag__name").annotate(posts=Count("id")).order_by("-posts", "hashtag__name")
    )
    return [TalkedAbout(*row) for row in counted[:MOST]]


def hashtags_like(text: str, *, most: int = 5) -> list[Hashtag]:
    """Return hashtags that begin with the text."""
    return list(Hashtag.objects.filter(name__startswith=text.lstrip("#").casefold()).order_by("name")[:most])
