"""What every kind of writing shares: one row to lock, a pace to keep, names to record."""

from collections.abc import Sequence
from typing import Any

from guildry.community.timeline import rules
from guildry.community.timeline.models import Comment, Hashtag, Mention, Post, PostHashtag
from guildry.community.timeline.queries.writing import Rendered
from guildry.kernel import clock, errors, limits, runtime
from guildry.kernel.errors import FieldError
from guildry.kernel.permissions import Actor


class TooFast(errors.TooMany):
    problem = errors.problem("timeline-too-fast", 429, "That is a lot in a short time", retryable=True)
    detail = "That is a lot in a short time, so this was not sent. Wait a little and try again."


class ChangedMeanwhile(errors.Conflict):
    problem = errors.problem("timeline-changed-meanwhile", 409, "This changed since you opened it")


def check(actor: Actor, *, problems: Sequence[FieldError]) -> None:
    """Raise Invalid with every problem found."""
    if problems:
        raise errors.Invalid(errors=tuple(problems))


def keep_pace(actor: Any, *, doing: str) -> None:
    """Take one post, comment or reaction from the member's allowance; raises TooFast with the time to wait."""
    age = clock.now() - actor.created_at
    allowance = rules.allowance_for(doing, age, settled_hourly=runtime.value(f"timeline.{doing}_hourly"))
    try:
        limits.spend(f"timeline.{doing}:{actor.pk}", burst=allowance.burst, per_second=allowance.per_second)
    except errors.TooMany as refusal:
        raise TooFast(retry_after=refusal.retry_after) from refusal


def lock(actor: Actor, *, post_ids: Sequence[int]) -> dict[int, Post]:
    """Hold the rows of posts for this transaction, in key order, so that no two actions wait for each other."""
    held = Post.objects.select_for_update().filter(pk__in=post_ids).order_by("pk")
    return {post.pk: post for post in held}


def hold(actor: Actor, *, post_id: int) -> Post:
    """Hold the row of one post for this transaction; only its `comment_serial` is read."""
    held: Post = Post.objects.select_for_update().only("comment_serial").get(pk=post_id)
    return held


def record_hashtags(actor: Actor, *, post: Post, rendered: Rendered, is_new: bool = False) -> None:
    """Make the hashtags of a post, which has none yet when it `is_new`, exactly those of its text."""
    if is_new and not rendered.hashtags:
        return
    fingerprints = {rules.fingerprint_of(name): name for name in rendered.hashtags}
    now = clock.now()
    Hashtag.objects.bulk_create(
        [Hashtag(name=name, fingerprint=key, created_at=now) for key, name in fingerprints.items()],
        ignore_conflicts=True,
    )
    hashtags = Hashtag.objects.filter(fingerprint__in=fingerprints)
    if not is_new:
        PostHashtag.objects.filter(post=post).exclude(hashtag__in=hashtags).delete()
    PostHashtag.objects.bulk_create(
        [PostHashtag(post=post, hashtag=hashtag) for hashtag in hashtags], ignore_conflicts=True
    )


def record_mentions(
    actor: Actor, *, post: Post, rendered: Rendered, comment: Comment | None = None, is_new: bool = False
) -> tuple[int, ...]:
    """Make the mentions of a post or comment exactly those of its text; return who was not mentioned before."""
    if is_new:
        return _mention(post, comment, rendered.mentioned_ids)
    mentions = Mention.objects.filter(post=post, comment=comment)
    mentions.exclude(member_id__in=rendered.mentioned_ids).delete()
    known = set(mentions.values_list("member_id", flat=True))
    fresh = tuple(member for member in rendered.mentioned_ids if member not in known)
    return _mention(post, comment, fresh)


def _mention(post: Post, comment: Comment | None, member_ids: tuple[int, ...]) -> tuple[int, ...]:
    Mention.objects.bulk_create(
        [Mention(post=post, comment=comment, member_id=member) for member in member_ids]
    )
    return member_ids
