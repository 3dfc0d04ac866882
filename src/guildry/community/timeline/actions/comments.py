"""Commenting, answering, and taking it back."""

from typing import Any

from django.db import transaction

from guildry.community.timeline import rules
from guildry.community.timeline.actions.posts import EditWindowClosed
from guildry.community.timeline.actions.writing import check, hold, keep_pace, lock, record_mentions
from guildry.community.timeline.events import CommentDeleted, CommentEdited, CommentPosted
from guildry.community.timeline.models import Comment, Mention, Post
from guildry.community.timeline.models.posts import counted
from guildry.community.timeline.queries import CommentNotFound, comment_for, require_visible
from guildry.community.timeline.queries.writing import Rendered, rendered
from guildry.kernel import bus, clock, errors, validation
from guildry.kernel.permissions import Actor


class NotYourComment(errors.Forbidden):
    problem = errors.problem("timeline-not-your-comment", 403, "This is somebody else's comment")
    detail = "Only the member who wrote this comment can do that."


def comment_on_post(actor: Any, *, post_id: int, body: str, parent_id: int | None = None) -> Comment:
    """Comment on a post, or answer the comment `parent_id` on it.

    Raises PostNotFound, CommentNotFound, Invalid and TooFast.
    """
    check(actor, problems=rules.problems_of_comment(body))
    require_visible(actor, post_id)
    parent = _parent(actor, post_id, parent_id)
    keep_pace(actor, doing="comment")
    text = rendered(body)
    with transaction.atomic():
        post = hold(actor, post_id=post_id)
        comment = _create(actor, post, parent, text)
        changes = {**counted("comment_count", 1), "comment_serial": post.comment_serial + 1}
        Post.objects.filter(pk=post_id).update(**changes)
        if comment.parent_id:
            Comment.objects.filter(pk=comment.parent_id).update(**counted("reply_count", 1))
        record_mentions(actor, post=post, comment=comment, rendered=text, is_new=True)
        bus.publish(CommentPosted(comment.pk, post_id, comment.author_id, parent_id), actor=actor)
    return comment


def edit_comment(actor: Actor, *, comment_id: int, body: str) -> Comment:
    """Change a comment within the edit window.

    Raises CommentNotFound, NotYourComment, EditWindowClosed and Invalid.
    """
    check(actor, problems=rules.problems_of_comment(body))
    found = comment_for(actor, comment_id)
    if found.author_id != actor.pk:
        raise NotYourComment
    if not rules.may_edit(is_author=True, published_at=found.created_at, now=clock.now()):
        raise EditWindowClosed
    text = rendered(body)
    with transaction.atomic():
        comment = Comment.objects.select_for_update().get(pk=comment_id)
        if text.body == comment.body:
            return comment
        comment.body, comment.html, comment.edited_at = text.body, text.html, clock.now()
        comment.version += 1
        comment.save(update_fields=["body", "html", "edited_at", "version"])
        fresh = record_mentions(actor, post=comment.post, comment=comment, rendered=text)
        bus.publish(CommentEdited(comment.pk, comment.post_id, comment.author_id, fresh), actor=actor)
    return comment


def delete_comment(actor: Actor, *, comment_id: int) -> Comment:
    """Delete a comment with its text; the gap stays while answers hang on it.

    Raises CommentNotFound and NotYourComment.
    """
    found = comment_for(actor, comment_id)
    if not rules.may_delete_comment(
        is_author=found.author_id == actor.pk, is_host=found.post.author_id == actor.pk
    ):
        raise NotYourComment
    with transaction.atomic():
        lock(actor, post_ids=[found.post_id])
        comment = Comment.objects.select_for_update().get(pk=comment_id)
        if comment.deleted_at:
            return comment
        comment.body, comment.html, comment.deleted_at = "", "", clock.now()
        comment.save(update_fields=["body", "html", "deleted_at"])
        Mention.objects.filter(comment=comment).delete()
        Post.objects.filter(pk=comment.post_id).update(**counted("comment_count", -1))
        _close_gaps(comment)
        bus.publish(CommentDeleted(comment.pk, comment.post_id, comment.author_id), actor=actor)
    return comment


def _parent(actor: Actor, post_id: int, parent_id: int | None) -> Comment | None:
    if parent_id is None:
        return None
    parent = comment_for(actor, parent_id)
    if parent.post_id != post_id:
        raise CommentNotFound
    return parent


def _create(actor: Any, post: Post, answered: Comment | None, text: Rendered) -> Comment:
    """Place a comment below what it answers, or beside it on the deepest level."""
    is_deepest = answered is not None and answered.depth == rules.MAX_DEPTH
    comment = Comment(
        post=post,
        author_id=actor.pk,
        parent_id=(answered.parent_id if is_deepest else answered.pk) if answered else None,
        path=rules.path_below(answered.path if answered else "", post.comment_serial + 1),
        body=text.body,
        html=text.html,
        created_at=clock.now(),
    )
    validation.check(comment, exclude={"author", "post", "parent"})
    comment.save()
    return comment


def _close_gaps(comment: Comment) -> None:
    """Count a vanished comment out of the one above it, which may vanish in turn."""
    while comment.reply_count == 0 and comment.deleted_at and comment.parent_id:
        Comment.objects.filter(pk=comment.parent_id or 0).update(**counted("reply_count", -1))
        comment = Comment.objects.get(pk=comment.parent_id)
