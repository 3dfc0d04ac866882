"""Lists of posts."""

from typing import Any

from django.http import HttpRequest
from ninja import Status

from guildry.community.timeline import actions, queries
from guildry.community.timeline.api.routing import router
from guildry.community.timeline.api.schemas import PostPage, Tab, answer
from guildry.kernel import errors
from guildry.kernel.permissions import MemberRequest, public, viewer_of


@router.get("/posts", response=PostPage, auth=None, summary="Read the Timeline, page by page")
@public
def list_posts(request: HttpRequest, tab: Tab = "latest", cursor: str = "") -> Any:
    """Guests read the tab "latest"; the cursor of a tab is only good for that tab."""
    viewer = viewer_of(request)
    if tab == "latest":
        return answer(queries.latest(viewer, cursor=cursor))
    if viewer is None:
        raise errors.Unauthenticated
    return answer((queries.for_you if tab == "for-you" else queries.following)(viewer, cursor=cursor))


@router.get("/saved", response=PostPage, summary="Read what you keep for later")
def list_saved(request: MemberRequest, cursor: str = "") -> Any:
    return answer(queries.saved_posts(request.user, cursor=cursor))


@router.get("/hashtags/{name}/posts", response=PostPage, auth=None, summary="Read posts about a hashtag")
@public
def list_about(request: HttpRequest, name: str, cursor: str = "") -> Any:
    hashtag = queries.hashtag_named(name)
    return answer(queries.posts_about(viewer_of(request), hashtag=hashtag, cursor=cursor))


@router.put("/hashtags/{name}/follow", response={204: None}, summary="Follow a hashtag")
def follow_hashtag(request: MemberRequest, name: str) -> Any:
    actions.follow_hashtag(request.user, hashtag=queries.hashtag_named(name))
    return Status(204, None)


@router.delete("/hashtags/{name}/follow", response={204: None}, summary="Stop following a hashtag")
def unfollow_hashtag(request: MemberRequest, name: str) -> Any:
    actions.unfollow_hashtag(request.user, hashtag=queries.hashtag_named(name))
    return Status(204, None)
