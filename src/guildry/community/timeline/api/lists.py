"""Lists of posts."""

from typing import Any

from django.http import HttpRequest, QueryDict
from ninja import Status

from guildry.community.timeline import actions, queries
from guildry.community.timeline.api.routing import router
from guildry.community.timeline.api.schemas import (
    TABS,
    HashtagName,
    HashtagOut,
    NewOut,
    NewPosts,
    PostPage,
    RenderedOut,
    RenderedText,
    ShownIn,
    Tab,
    Talk,
    TalkOut,
    answer,
)
from guildry.kernel import errors
from guildry.kernel.errors import refuses
from guildry.kernel.permissions import MemberRequest, public, viewer_of
from guildry.kernel.shapes import Id, in_short
from guildry.people.accounts.queries import member_by_handle
from guildry.people.organisations.queries import OrganisationNotFound, organisation_by_handle


def _read_plainly(query: QueryDict) -> dict[str, Any] | None:
    tab = query.get("tab", "latest")
    return {"tab": tab, "cursor": query.get("cursor", "")} if tab in TABS else None


@router.get("/posts", response=PostPage, auth=None, summary="List the posts of a tab, page by page")
@in_short(_read_plainly)
@public
def list_posts(request: HttpRequest, tab: Tab = "latest", cursor: str = "") -> Any:
    """Guests read the tab "latest"; the cursor of a tab is only good for that tab."""
    viewer = viewer_of(request)
    if tab == "latest":
        return answer(queries.latest(viewer, cursor=cursor))
    if viewer is None:
        raise errors.Unauthenticated
    return answer((queries.for_you if tab == "for-you" else queries.following)(viewer, cursor=cursor))


@router.get("/new", response=NewOut, summary="Count the posts that came after one")
def count_new_posts(request: MemberRequest, after: Id, tab: Tab = "latest") -> Any:
    return answer(NewPosts(queries.count_of_new(request.user, after=after, tab=tab)))


@router.get("/authors/{handle}/posts", response=PostPage, auth=None, summary="List the posts of a member")
@public
def list_posts_by(request: HttpRequest, handle: str, cursor: str = "") -> Any:
    author = member_by_handle(handle.lower())
    if author is None:
        raise errors.NotFound
    return answer(queries.posts_by(viewer_of(request), author_id=author.pk, cursor=cursor))


@router.get("/organisations/{handle}/posts", response=PostPage, summary="List the posts for an organisation")
@refuses(OrganisationNotFound)
def list_posts_for(request: MemberRequest, handle: str, cursor: str = "") -> Any:
    """Those who belong there read them."""
    found = organisation_by_handle(request.user, handle)
    return answer(queries.posts_for_organisation(request.user, organisation_id=found.pk, cursor=cursor))


@router.post("/rendering", response=RenderedOut, summary="Show what a text becomes")
def render_text(request: MemberRequest, text: ShownIn) -> Any:
    """Nothing is stored."""
    made = queries.rendered(text.body)
    return answer(RenderedText(made.html, made.mentioned_ids, made.hashtags))


@router.get("/saved", response=PostPage, summary="List what you keep for later")
def list_saved(request: MemberRequest, cursor: str = "") -> Any:
    return answer(queries.saved_posts(request.user, cursor=cursor))


@router.get("/hashtags", response=list[TalkOut], auth=None, summary="List what is talked about")  # type: ignore[valid-type]
@public
def list_hashtags(request: HttpRequest) -> Any:
    """The hashtags of recent posts, the most used first."""
    return answer([Talk(found.name, found.post_count) for found in queries.talked_about(most=20)])


@router.get("/hashtags/{name}", response=HashtagOut, auth=None, summary="Read a hashtag")
@public
def read_hashtag(request: HttpRequest, name: str) -> Any:
    hashtag = queries.hashtag_named(name)
    return answer(HashtagName(hashtag.name, queries.is_following(viewer_of(request), hashtag)))


@router.get("/hashtags/{name}/posts", response=PostPage, auth=None, summary="List posts about a hashtag")
@public
def list_posts_about(request: HttpRequest, name: str, cursor: str = "") -> Any:
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
