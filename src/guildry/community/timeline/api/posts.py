"""One post: publishing, changing and deleting it, and what members do with it."""

from typing import Any

from django.http import HttpRequest
from ninja import Status

from guildry.community.timeline import actions, queries
from guildry.community.timeline.api.routing import router
from guildry.community.timeline.api.schemas import (
    CompositionIn,
    DraftOut,
    NoteIn,
    PostOut,
    ReactionIn,
    Text,
    TextIn,
    TextOut,
    VersionOut,
    VoteIn,
    answer,
    draft_card,
)
from guildry.kernel import conditional
from guildry.kernel.errors import refuses
from guildry.kernel.permissions import MemberRequest, public, viewer_of
from guildry.kernel.shapes import Id


@router.post("/posts", response={201: PostOut}, summary="Publish a post")
@refuses(actions.NotInOrganisation, actions.PictureMissing)
def publish_post(request: MemberRequest, composed: CompositionIn) -> Any:
    post = actions.publish_post(request.user, composition=composed.composition)
    return answer(queries.post_card(request.user, post.pk), 201)


@router.get("/posts/{post_id}", response=PostOut, auth=None, summary="Read a post")
@public
@refuses(queries.PostNotFound)
def read_post(request: HttpRequest, post_id: Id) -> Any:
    return answer(queries.post_card(viewer_of(request), post_id))


@router.delete("/posts/{post_id}", response={204: None}, summary="Delete a post of yours")
@refuses(queries.PostNotFound, actions.NotYourPost)
def delete_post(request: MemberRequest, post_id: Id) -> Any:
    """It can be restored for 60 seconds."""
    actions.delete_post(request.user, post_id=post_id)
    return Status(204, None)


@router.post("/posts/{post_id}/restoration", response=PostOut, summary="Restore a post just deleted")
@refuses(queries.PostNotFound, actions.NotYourPost, actions.UndoWindowClosed, actions.AlreadyReposted)
def restore_post(request: MemberRequest, post_id: Id) -> Any:
    actions.restore_post(request.user, post_id=post_id)
    return answer(queries.post_card(request.user, post_id))


@router.post(
    "/posts/{post_id}/withdrawal", response=DraftOut, summary="Make a post just published a draft again"
)
@refuses(queries.PostNotFound, actions.NotYourPost, actions.UndoWindowClosed)
def withdraw_post(request: MemberRequest, post_id: Id) -> Any:
    """Possible for 60 seconds after it was published."""
    return answer(draft_card(actions.withdraw_post(request.user, post_id=post_id)))


@router.get("/posts/{post_id}/text", response=TextOut, auth=None, summary="Read the Markdown of a post")
@public
@refuses(queries.PostNotFound)
def read_post_text(request: HttpRequest, post_id: Id) -> Any:
    post = queries.post_for(viewer_of(request), post_id)
    return _text(post)


@router.put("/posts/{post_id}/text", response=TextOut, summary="Edit a post of yours")
@refuses(
    queries.PostNotFound, actions.NotYourPost, actions.EditWindowClosed, actions.ChangedMeanwhile,
    conditional.VersionMissing, conditional.VersionChanged,
)  # fmt: skip
def edit_post(request: MemberRequest, post_id: Id, text: TextIn) -> Any:
    """If-Match names the version you read. Posts can be edited for 60 minutes."""
    version = queries.post_for(request.user, post_id).version
    conditional.require_match(request, version)
    post = actions.edit_post(request.user, post_id=post_id, body=text.body, expected_version=version)
    return _text(post)


@router.get("/posts/{post_id}/versions", response=list[VersionOut], auth=None, summary="List all versions")  # type: ignore[valid-type]
@public
@refuses(queries.PostNotFound)
def list_post_versions(request: HttpRequest, post_id: Id) -> Any:
    return answer(queries.versions_of(viewer_of(request), post_id=post_id))


@router.put("/posts/{post_id}/reaction", response=PostOut, summary="React, or react differently")
@refuses(queries.PostNotFound)
def react_to_post(request: MemberRequest, post_id: Id, chosen: ReactionIn) -> Any:
    actions.react(request.user, post_id=post_id, kind=chosen.kind)
    return answer(queries.post_card(request.user, post_id))


@router.delete("/posts/{post_id}/reaction", response=PostOut, summary="Take your reaction back")
@refuses(queries.PostNotFound)
def withdraw_reaction(request: MemberRequest, post_id: Id) -> Any:
    actions.withdraw_reaction(request.user, post_id=post_id)
    return answer(queries.post_card(request.user, post_id))


@router.post("/posts/{post_id}/reposts", response={201: PostOut}, summary="Pass a post on")
@refuses(queries.PostNotFound, actions.NotForEverybody, actions.AlreadyReposted)
def repost_post(request: MemberRequest, post_id: Id, note: NoteIn) -> Any:
    made = actions.repost(request.user, post_id=post_id, note=note.note)
    return answer(queries.post_card(request.user, made.pk), 201)


@router.delete(
    "/posts/{post_id}/repost", response={204: None}, summary="Take back your repost without a note"
)
@refuses(queries.PostNotFound)
def withdraw_repost(request: MemberRequest, post_id: Id) -> Any:
    actions.withdraw_repost(request.user, post_id=post_id)
    return Status(204, None)


@router.put("/posts/{post_id}/save", response={204: None}, summary="Keep a post for later")
@refuses(queries.PostNotFound)
def save_post(request: MemberRequest, post_id: Id) -> Any:
    actions.save_post(request.user, post_id=post_id)
    return Status(204, None)


@router.delete("/posts/{post_id}/save", response={204: None}, summary="Keep a post no longer")
def unsave_post(request: MemberRequest, post_id: Id) -> Any:
    actions.unsave_post(request.user, post_id=post_id)
    return Status(204, None)


@router.put("/posts/{post_id}/dismissal", response={204: None}, summary="Have a post no longer shown for you")
@refuses(queries.PostNotFound)
def dismiss_post(request: MemberRequest, post_id: Id) -> Any:
    actions.dismiss_post(request.user, post_id=post_id)
    return Status(204, None)


@router.delete(
    "/posts/{post_id}/dismissal", response={204: None}, summary="Let a post be shown for you again"
)
def undismiss_post(request: MemberRequest, post_id: Id) -> Any:
    actions.undismiss_post(request.user, post_id=post_id)
    return Status(204, None)


@router.put("/posts/{post_id}/vote", response=PostOut, summary="Vote in a poll, or vote differently")
@refuses(queries.PostNotFound, actions.PollClosed, actions.NoSuchOption)
def vote_in_poll(request: MemberRequest, post_id: Id, chosen: VoteIn) -> Any:
    actions.vote(request.user, post_id=post_id, option_id=chosen.option_id)
    return answer(queries.post_card(request.user, post_id))


def _text(post: Any) -> Any:
    response = answer(Text(post.body, post.version))
    response.headers["ETag"] = conditional.tag_of(post.version)
    return response
