"""Comments, and who reacted."""

from typing import Any

from django.http import HttpRequest
from ninja import Status

from guildry.community.timeline import actions, queries
from guildry.community.timeline.api.routing import router
from guildry.community.timeline.api.schemas import (
    CommentIn,
    CommentOut,
    CommentPage,
    ReactionPage,
    TextIn,
    answer,
)
from guildry.kernel.errors import refuses
from guildry.kernel.permissions import MemberRequest, public, viewer_of
from guildry.kernel.shapes import Id


@router.get(
    "/posts/{post_id}/comments", response=CommentPage, auth=None, summary="List the comments on a post"
)
@public
@refuses(queries.PostNotFound)
def list_comments(request: HttpRequest, post_id: Id, cursor: str = "") -> Any:
    """They come in reading order: each answer below what it answers."""
    viewer = viewer_of(request)
    queries.post_for(viewer, post_id)
    return answer(queries.comments_on(viewer, post_id=post_id, cursor=cursor))


@router.post("/posts/{post_id}/comments", response={201: CommentOut}, summary="Comment, or answer a comment")
@refuses(queries.PostNotFound, queries.CommentNotFound)
def comment_on_post(request: MemberRequest, post_id: Id, written: CommentIn) -> Any:
    comment = actions.comment_on_post(
        request.user, post_id=post_id, body=written.body, parent_id=written.parent_id
    )
    return answer(queries.comment_card(request.user, comment), 201)


@router.get("/comments/{comment_id}", response=CommentOut, auth=None, summary="Read a comment")
@public
@refuses(queries.CommentNotFound)
def read_comment(request: HttpRequest, comment_id: Id) -> Any:
    viewer = viewer_of(request)
    return answer(queries.comment_card(viewer, queries.comment_for(viewer, comment_id)))


@router.put("/comments/{comment_id}", response=CommentOut, summary="Edit a comment of yours")
@refuses(queries.CommentNotFound, actions.NotYourComment, actions.EditWindowClosed)
def edit_comment(request: MemberRequest, comment_id: Id, text: TextIn) -> Any:
    """Comments can be edited for 60 minutes."""
    comment = actions.edit_comment(request.user, comment_id=comment_id, body=text.body)
    return answer(queries.comment_card(request.user, comment))


@router.delete("/comments/{comment_id}", response={204: None}, summary="Delete a comment")
@refuses(queries.CommentNotFound, actions.NotYourComment)
def delete_comment(request: MemberRequest, comment_id: Id) -> Any:
    """Yours, or one on a post of yours."""
    actions.delete_comment(request.user, comment_id=comment_id)
    return Status(204, None)


@router.get(
    "/posts/{post_id}/reactions", response=ReactionPage, auth=None, summary="List who reacted, and how"
)
@public
@refuses(queries.PostNotFound)
def list_reactions(request: HttpRequest, post_id: Id, cursor: str = "") -> Any:
    return answer(queries.reactions_to(viewer_of(request), post_id=post_id, cursor=cursor))
