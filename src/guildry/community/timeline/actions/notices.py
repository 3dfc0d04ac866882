"""Telling members what concerns them: mentions, comments, reactions, reposts, and posts that could not go out."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.urls import reverse

from guildry.community.timeline import rules
from guildry.community.timeline.models import Comment, Draft, Post
from guildry.kernel.permissions import SYSTEM, Actor
from guildry.people.accounts.queries import members_by_id
from guildry.people.notifications.actions import notify


def tell_mentioned(
    actor: Actor, *, post_id: int, member_ids: Iterable[int], comment_id: int | None = None
) -> None:
    """Tell members that a post or comment mentions them, if they may read it."""
    post = _live(post_id)
    if post is None:
        return
    comment = _live_comment(comment_id) if comment_id else None
    author = comment.author if comment else post.author
    readers = [
        member_id
        for member_id in list(member_ids)[: rules.MENTIONS_TOLD]
        if member_id != author.pk and Post.objects.visible_to_member(member_id).filter(pk=post_id).exists()
    ]
    what = "a comment" if comment else "a post"
    source = f"comment:{comment_id}" if comment else f"post:{post_id}"
    text = (
        f"{author.name} mentioned you in {what}: “{rules.summary_of(comment.html if comment else post.html)}”"
    )
    _tell(author, readers, "timeline.mention", source, text, _address(post_id, comment_id))


def tell_about_post(actor: Actor, *, post_id: int) -> None:
    """Tell those whom a new post mentions."""
    for post in Post.objects.filter(pk=post_id):
        tell_mentioned(actor, post_id=post_id, member_ids=_mentioned(post, None))


def tell_about_comment(actor: Actor, *, comment_id: int, parent_id: int | None) -> None:
    """Tell those whom a comment mentions, the member it answers, and the author of the post, each once."""
    comment = _live_comment(comment_id)
    if comment is None:
        return
    mentioned = _mentioned(comment.post, comment_id)
    tell_mentioned(actor, post_id=comment.post_id, member_ids=mentioned, comment_id=comment_id)
    told = {comment.author_id, *mentioned}
    summary, address = rules.summary_of(comment.html), _address(comment.post_id, comment_id)
    answered = Comment.objects.filter(pk=parent_id or 0).exclude(author_id__in=told).first()
    if answered:
        text = f"{comment.author.name} answered your comment: “{summary}”"
        _tell(comment.author, [answered.author_id], "timeline.reply", f"comment:{comment_id}", text, address)
        told.add(answered.author_id)
    if comment.post.author_id not in told:
        text = f"{comment.author.name} commented on your post: “{summary}”"
        host = [comment.post.author_id]
        _tell(comment.author, host, "timeline.comment", f"comment:{comment_id}", text, address)


def tell_about_reaction(actor: Actor, *, post_id: int, member_id: int) -> None:
    """Tell the author of a post that somebody reacted to it."""
    post, member = _live(post_id), members_by_id([member_id]).get(member_id)
    if post and member and post.author_id != member_id:
        text = f"{member.name} reacted to your post: “{rules.summary_of(post.html)}”"
        source = f"reaction:{post_id}:{member_id}"
        _tell(member, [post.author_id], "timeline.reaction", source, text, _address(post_id))


def tell_about_repost(actor: Actor, *, post_id: int) -> None:
    """Tell the author of a post that somebody passed it on, and those whom the note mentions."""
    post = _live(post_id)
    if post is None:
        return
    mentioned = _mentioned(post, None)
    tell_mentioned(actor, post_id=post_id, member_ids=mentioned)
    original = post.repost_of
    if original and original.author_id not in {post.author_id, *mentioned}:
        text = f"{post.author.name} passed your post on: “{rules.summary_of(original.html)}”"
        _tell(
            post.author, [original.author_id], "timeline.repost", f"post:{post_id}", text, _address(post_id)
        )


def tell_about_refusal(actor: Actor, *, draft_id: int) -> None:
    """Tell the author of a scheduled draft why it was not published."""
    for draft in Draft.objects.filter(pk=draft_id).exclude(refusal=""):
        text = f"Your scheduled post was not published. {draft.refusal}"
        address = reverse("timeline:draft", kwargs={"draft_id": draft_id})
        source = f"draft:{draft_id}:{draft.version}"
        _tell(SYSTEM, [draft.author_id], "timeline.refused", source, text, address)


def _tell(actor: Any, recipients: list[int], kind: str, source: str, text: str, url: str) -> None:
    if recipients:
        notify(actor, recipients=recipients, kind=kind, source=source, text=text, url=url)


def _live(post_id: int) -> Post | None:
    return Post.objects.live().select_related("author", "repost_of").filter(pk=post_id).first()


def _live_comment(comment_id: int) -> Comment | None:
    found = Comment.objects.filter(pk=comment_id, deleted_at=None)
    return found.select_related("author", "post").first()


def _mentioned(post: Post, comment_id: int | None) -> list[int]:
    of_comment = Q(comment_id=comment_id) if comment_id else Q(comment=None)
    named = post.mentions.filter(of_comment).order_by("id")
    return list(named.values_list("member_id", flat=True))


def _address(post_id: int, comment_id: int | None = None) -> str:
    address = reverse("timeline:post", kwargs={"post_id": post_id})
    return f"{address}#comment-{comment_id}" if comment_id else address
