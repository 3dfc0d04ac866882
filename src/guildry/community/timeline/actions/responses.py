"""Reacting to posts, passing them on, keeping them, putting them aside, and voting in their polls."""

from typing import Any

from django.db import transaction

from guildry.community.timeline import rules
from guildry.community.timeline.actions.posts import delete_post, refuse_second
from guildry.community.timeline.actions.writing import (
    check,
    hold,
    keep_pace,
    record_hashtags,
    record_mentions,
)
from guildry.community.timeline.events import PollVoted, PostReacted, PostReposted, ReactionWithdrawn
from guildry.community.timeline.models import (
    Dismissal,
    Hashtag,
    HashtagFollow,
    Poll,
    PollOption,
    PollVote,
    Post,
    Reaction,
    Save,
)
from guildry.community.timeline.models.posts import counted
from guildry.community.timeline.queries import post_for, require_visible
from guildry.community.timeline.queries.writing import rendered
from guildry.community.timeline.rules import Audience, ReactionKind
from guildry.kernel import bus, clock, errors, validation


class NotForEverybody(errors.Forbidden):
    problem = errors.problem("timeline-not-for-everybody", 403, "This post is not for everybody")
    detail = "Only posts that everybody may read can be passed on."


class PollClosed(errors.DomainError):
    problem = errors.problem("timeline-poll-closed", 409, "This poll is closed")
    detail = "This poll is closed. Its results stay here."


class NoSuchOption(errors.Invalid):
    problem = errors.problem("timeline-no-such-option", 422, "That is not an answer of this poll")
    detail = "Choose one of the answers."


def react(actor: Any, *, post_id: int, kind: ReactionKind) -> Reaction:
    """React to a post, or change how; raises PostNotFound and TooFast."""
    require_visible(actor, post_id)
    keep_pace(actor, doing="react")
    with transaction.atomic():
        hold(actor, post_id=post_id)
        reaction = Reaction.objects.filter(post_id=post_id, member_id=actor.pk).first()
        if reaction and reaction.kind == kind:
            return reaction
        is_new = reaction is None
        reaction = reaction or Reaction(post_id=post_id, member_id=actor.pk)
        reaction.kind, reaction.reacted_at = kind, clock.now()
        reaction.save()
        if is_new:
            Post.objects.filter(pk=post_id).update(**counted("reaction_count", 1))
        bus.publish(PostReacted(post_id, reaction.member_id, kind, is_new), actor=actor)
    return reaction


def withdraw_reaction(actor: Any, *, post_id: int) -> None:
    """Take a reaction back, if there is one; raises PostNotFound."""
    require_visible(actor, post_id)
    with transaction.atomic():
        hold(actor, post_id=post_id)
        if Reaction.objects.filter(post_id=post_id, member_id=actor.pk).delete()[0]:
            Post.objects.filter(pk=post_id).update(**counted("reaction_count", -1))
            bus.publish(ReactionWithdrawn(post_id, actor.pk), actor=actor)


def repost(actor: Any, *, post_id: int, note: str = "") -> Post:
    """Pass a post on to everybody, with or without a note; a bare repost passes on what it reposts.

    Raises PostNotFound, NotForEverybody, AlreadyReposted, Invalid and TooFast.
    """
    check(actor, problems=rules.problems_of_body(note, stands_alone=False, most=rules.NOTE_LENGTH))
    found = post_for(actor, post_id)
    original = post_for(actor, found.repost_of_id) if found.is_bare and found.repost_of_id else found
    if not rules.may_repost(original.audience):
        raise NotForEverybody
    keep_pace(actor, doing="post")
    text = rendered(note)
    with transaction.atomic():
        hold(actor, post_id=original.pk)
        if not text.body:
            refuse_second(actor, original_id=original.pk)
        post = Post(
            author_id=actor.pk,
            body=text.body,
            html=text.html,
            audience=Audience.EVERYONE,
            repost_of=original,
            is_repost=True,
            is_bare=None if text.body else True,
            published_at=clock.now(),
        )
        validation.check(post, exclude={"author", "repost_of"})
        post.save()
        Post.objects.filter(pk=original.pk).update(**counted("repost_count", 1))
        record_hashtags(actor, post=post, rendered=text, is_new=True)
        record_mentions(actor, post=post, rendered=text, is_new=True)
        bus.publish(PostReposted(post.pk, post.author_id, original.pk), actor=actor)
    return post


def withdraw_repost(actor: Any, *, post_id: int) -> None:
    """Take the bare repost of a post back, if there is one."""
    for bare in Post.objects.filter(author_id=actor.pk, repost_of_id=post_id, is_bare=True):
        delete_post(actor, post_id=bare.pk)


def save_post(actor: Any, *, post_id: int) -> None:
    """Keep a post for later; raises PostNotFound."""
    require_visible(actor, post_id)
    Save.objects.get_or_create(post_id=post_id, member_id=actor.pk, defaults={"saved_at": clock.now()})


def unsave_post(actor: Any, *, post_id: int) -> None:
    """Keep a post no longer."""
    Save.objects.filter(post_id=post_id, member_id=actor.pk).delete()


def dismiss_post(actor: Any, *, post_id: int) -> None:
    """Have a post no longer shown For you; raises PostNotFound."""
    require_visible(actor, post_id)
    Dismissal.objects.get_or_create(post_id=post_id, member_id=actor.pk)


def undismiss_post(actor: Any, *, post_id: int) -> None:
    """Let a post be shown For you again."""
    Dismissal.objects.filter(post_id=post_id, member_id=actor.pk).delete()


def follow_hashtag(actor: Any, *, hashtag: Hashtag) -> None:
    """Count a hashtag among the member's interests."""
    HashtagFollow.objects.get_or_create(member_id=actor.pk, hashtag=hashtag)


def unfollow_hashtag(actor: Any, *, hashtag: Hashtag) -> None:
    """Count a hashtag no longer among the member's interests."""
    HashtagFollow.objects.filter(member_id=actor.pk, hashtag=hashtag).delete()


def vote(actor: Any, *, post_id: int, option_id: int) -> PollVote:
    """Vote in the poll of a post, or change one's mind while it is open.

    Raises PostNotFound, NoSuchOption and PollClosed.
    """
    require_visible(actor, post_id)
    option = PollOption.objects.filter(pk=option_id, poll__post_id=post_id).first()
    if option is None:
        raise NoSuchOption(field="option")
    with transaction.atomic():
        poll = Poll.objects.select_for_update().get(pk=option.poll_id)
        if not rules.is_open_poll(poll.closes_at, clock.now()):
            raise PollClosed
        cast = PollVote.objects.filter(poll=poll, member_id=actor.pk).first()
        if cast and cast.option_id == option.pk:
            return cast
        if cast:
            PollOption.objects.filter(pk=cast.option_id).update(**counted("vote_count", -1))
        cast = cast or PollVote(poll=poll, member_id=actor.pk)
        cast.option, cast.voted_at = option, clock.now()
        cast.save()
        PollOption.objects.filter(pk=option.pk).update(**counted("vote_count", 1))
        bus.publish(PollVoted(post_id), actor=actor)
    return cast
