"""Lists of posts: the Timeline, what is saved, what is said about a hashtag."""

from functools import cache, lru_cache
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST
from markupsafe import escape

from guildry.community.timeline import actions, queries
from guildry.community.timeline.forms import KeepForm
from guildry.community.timeline.views.answers import back
from guildry.community.timeline.views.articles import article, articles
from guildry.kernel import errors, runtime
from guildry.kernel.paging import Page
from guildry.kernel.permissions import MemberRequest, public, viewer_of
from guildry.kernel.points import CARDS
from guildry.people.organisations.queries import organisation_by_handle
from guildry.ui import addresses, scene
from guildry.ui.behaviours import hx
from guildry.ui.pages import drawn, render, render_kept, secret_of


class SyndicationOff(errors.NotFound):
    problem = errors.problem("syndication-off", 404, "There is no RSS here")
    detail = "This community does not publish its hashtags as RSS."


TABS = {"for-you": "For you", "latest": "Latest", "following": "Following"}


@require_GET
@public
def home(request: HttpRequest) -> HttpResponse:
    """The Timeline; guests read what everybody may, newest first."""
    viewer = viewer_of(request)
    tab = chosen_tab(request, viewer)
    page = page_of(viewer, tab, request.GET.get("cursor", ""))
    newest = max((post.id for post in page.items), default=0)
    content = list_content(request, page) | {"news": f"{_news()}?tab={tab}&after={newest}"}
    if request.htmx:  # type: ignore[attr-defined]
        is_further = bool(request.GET.get("cursor"))
        template = "timeline/_posts.html" if is_further else "timeline/_timeline.html"
        return render(request, template, content | {"tab": tab})
    cards = [card.render(request) for card in CARDS if card.page == "timeline"]
    holes: dict[str, str] = {name: escape(text) for name, text in content.items()}
    holes["beside"] = "".join([_talk(tuple(queries.talked_about())), *cards])
    return render_kept(request, "timeline/home.html", shape={"tab": tab, "tabs": _tabs()}, holes=holes)


@lru_cache(maxsize=4)
def _talk(talked_about: tuple[queries.TalkedAbout, ...]) -> str:
    return drawn("timeline/_beside.html", talked_about=talked_about)


@require_GET
@login_required
def new(request: MemberRequest) -> HttpResponse:
    """How many posts came after the newest one on the page."""
    tab, after = request.GET.get("tab", ""), request.GET.get("after", "")
    count = queries.count_of_new(request.user, after=int(after) if after.isdecimal() else 0, tab=tab)
    return render(request, "timeline/_new.html", {"count": count, "tab": tab})


@require_GET
@login_required
def saved(request: MemberRequest) -> HttpResponse:
    page = queries.saved_posts(request.user, cursor=request.GET.get("cursor", ""))
    return list_page(request, "timeline/saved.html", page)


@require_GET
@public
def hashtag(request: HttpRequest, tag: str) -> HttpResponse:
    viewer, found = viewer_of(request), queries.hashtag_named(tag)
    page = queries.posts_about(viewer, hashtag=found, cursor=request.GET.get("cursor", ""))
    is_followed = viewer is not None and queries.is_following(viewer, found)
    has_rss = runtime.value("timeline.rss")
    content = {"hashtag": found, "is_followed": is_followed, "has_rss": has_rss}
    return list_page(request, "timeline/hashtag.html", page, **content)


@require_GET
@public
def hashtag_rss(request: HttpRequest, tag: str) -> HttpResponse:
    """The newest public posts about a hashtag as RSS 2.0."""
    if not runtime.value("timeline.rss"):
        raise SyndicationOff
    found = queries.hashtag_named(tag)
    page = queries.posts_about(None, hashtag=found)
    content = {"hashtag": found, "posts": page.items, "origin": request.build_absolute_uri("/").rstrip("/")}
    response = render(request, "timeline/hashtag.xml", content)
    response.headers["Content-Type"] = "application/rss+xml; charset=utf-8"
    return response


@require_GET
@public
def by_member(request: HttpRequest, handle: str) -> HttpResponse:
    """Posts of one member; on their profile only the newest few."""
    viewer = viewer_of(request)
    author = queries.author_named(viewer, handle)
    page = queries.posts_by(viewer, author_id=author.pk, cursor=request.GET.get("cursor", ""))
    home = reverse("profiles:profile", kwargs={"handle": author.handle})
    content = {"who": author, "name": author.name, "home": home, "title": f"Posts by {author.name}"}
    return list_page(request, "timeline/by.html", page, block="recent", is_organisation=False, **content)


@require_GET
@login_required
def in_organisation(request: HttpRequest, handle: str) -> HttpResponse:
    """Posts written for one organisation, for those who belong to it; on its page only the newest few."""
    viewer = viewer_of(request)
    found = organisation_by_handle(viewer, handle)
    page = queries.posts_for_organisation(
        viewer, organisation_id=found.pk, cursor=request.GET.get("cursor", "")
    )
    home = reverse("organisations:organisation", kwargs={"handle": found.handle})
    content = {"who": found, "name": found.name, "home": home, "title": f"Posts for {found.name}"}
    return list_page(request, "timeline/by.html", page, block="recent", is_organisation=True, **content)


@require_POST
@login_required
def hashtag_follow(request: MemberRequest, tag: str) -> HttpResponse:
    found, form = queries.hashtag_named(tag), KeepForm(request.POST)
    follows = form.is_valid() and form.cleaned_data["keep"]
    (actions.follow_hashtag if follows else actions.unfollow_hashtag)(request.user, hashtag=found)
    if request.htmx:  # type: ignore[attr-defined]
        content = {"hashtag": found, "is_followed": follows}
        return render(request, "timeline/hashtag.html", content, block="follow")
    return back(request, reverse("timeline:hashtag", kwargs={"tag": tag}))


def chosen_tab(request: HttpRequest, viewer: Any) -> str:
    tab = request.GET.get("tab", "")
    return tab if viewer and tab in TABS else ("for-you" if viewer else "latest")


def page_of(viewer: Any, tab: str, cursor: str) -> Page[Any]:
    if tab == "for-you":
        return queries.for_you(viewer, cursor=cursor)
    return (queries.following if tab == "following" else queries.latest)(viewer, cursor=cursor)


def list_page(
    request: HttpRequest, template: str, page: Page[Any], block: str | None = None, **content: Any
) -> HttpResponse:
    """Render a whole page; to htmx only the posts that follow, or the block that shows the list anew."""
    content |= list_content(request, page) | {"page": page, "article": article}
    if not request.htmx:  # type: ignore[attr-defined]
        return render(request, template, content)
    if request.GET.get("cursor"):
        return render(request, "timeline/_posts.html", content)
    return render(request, template, content, block=block)


def list_content(request: HttpRequest, page: Page[Any]) -> dict[str, Any]:
    """Return what a list of posts is drawn with."""
    viewer = viewer_of(request)
    scene.set_for(request, viewer)
    posts = articles(page.items, viewer, secret_of(request), hx(), _first(request))
    return {"posts": posts, "more": more(request, page)}


def more(request: HttpRequest, page: Page[Any]) -> str:
    """Return the address of the page after this one, which says how many posts were before it; empty on the last."""
    if not page.next_cursor:
        return ""
    query = {**request.GET.dict(), "cursor": page.next_cursor, "from": _first(request) + len(page.items)}
    return f"{request.path}?{addresses.query_of(query)}"


def _first(request: HttpRequest) -> int:
    """Return the place of the page's first post among all that were loaded."""
    first = request.GET.get("from", "")
    return int(first) if first.isdecimal() and len(first) < 9 else 1


@cache
def _news() -> str:
    return addresses.url("timeline:new")


@cache
def _tabs() -> tuple[tuple[str, str, str, int], ...]:
    home = addresses.url("timeline:home")
    return tuple((key, label, f"{home}?tab={key}", 0) for key, label in TABS.items())
