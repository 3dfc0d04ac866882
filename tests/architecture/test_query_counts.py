"""How many queries each page costs: a fixed number, however many things it shows."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from guildry.community.timeline import actions as timeline
from guildry.community.timeline import queries
from guildry.community.timeline.models import Hashtag
from guildry.community.timeline.rules import Composition, ReactionKind
from guildry.kernel import clock, limits
from guildry.people.accounts.models import Member
from guildry.people.notifications import actions as notifications
from tests.factories.network import block, connect, follow, mute
from tests.factories.organisations import join, make_organisation
from tests.factories.people import make_member
from tests.factories.profiles import make_profile
from tests.factories.timeline import comment, publish, publish_poll, publish_with_picture

PAGE, PUBLIC_PAGE = 15, 8
# Parts that browsers fetch beside a page, and the API: they have budgets of their own.
ASIDE = (
    "api-1:",
    "ui:portrait",
    "ui:mark",
    "ui:cover",
    "ui:stylesheet",
    "ui:frame_stylesheet",
    "ui:script",
    "ui:island",
    "files:",
)

pytestmark = pytest.mark.django_db


@dataclass
class Community:
    """One of everything a page can show; `more` adds another one of each."""

    viewer: Member
    values: dict[str, Any] = field(default_factory=dict)
    count: int = 0

    def more(self) -> None:
        self.count += 1
        n, viewer = self.count, self.viewer
        other, third = make_member(f"other{n}"), make_member(f"third{n}")
        for member in (other, third):
            make_profile(member)
        connect(viewer, other)
        connect(third, viewer, state="requested")
        follow(other, viewer)
        follow(viewer, other)
        block(viewer, make_member(f"blocked{n}"))
        mute(viewer, make_member(f"muted{n}"))
        join(self.values["organisation"], other)
        make_organisation(viewer, f"guild{n}")
        self._posts(n, other)
        notifications.notify(
            other, recipients=[viewer.pk], kind="network.follow", source=f"n{n}", text="Hello", url="/"
        )

    def _posts(self, n: int, other: Member) -> None:
        viewer = self.viewer
        with clock.at(clock.now() + timedelta(days=n)):
            for author in (viewer, other):
                post = publish(author, f"Working on #tools with @{viewer.handle}, number {n}")
                answered = comment(other, post, f"Well done {n}")
                comment(viewer, post, "Thanks", answered)
                timeline.react(other, post_id=post.pk, kind=ReactionKind.LIKE)
                timeline.save_post(viewer, post_id=post.pk)
            publish_poll(other)
            publish_with_picture(other)
            timeline.repost(viewer, post_id=post.pk, note=f"See number {n}")
            timeline.repost(other, post_id=post.pk, note="")
            draft = timeline.save_draft(viewer, composition=Composition(f"Draft {n}"))
            mine = comment(viewer, self.values["post"], f"More {n}")
            comment(other, self.values["post"], f"Answer {n}", mine)
            timeline.react(other, post_id=self.values["post"].pk, kind=ReactionKind.LIKE)
        self.values |= {"draft_id": draft.pk, "comment_id": mine.pk}


@pytest.fixture
def community(db: None) -> Community:
    ada = make_member("ada", "Ada Nwosu", created_at=clock.now() - timedelta(days=30))
    make_profile(ada)
    made = Community(ada)
    post = publish(ada, "The workshop is open #tools")
    made.values = {
        "handle": "ada",
        "organisation": make_organisation(ada, "northwind"),
        "post": post,
        "post_id": post.pk,
        "tag": Hashtag.objects.get().name,
    }
    made.more()
    return made


def _patterns(patterns: Any, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _patterns(pattern.url_patterns, inner)
        elif pattern.name:
            yield f"{space}{pattern.name}", pattern


def _addresses(values: dict[str, Any]) -> dict[str, str]:
    """Return every page that can be asked for with what the community has."""
    found = {}
    for name, pattern in _patterns(get_resolver().url_patterns):
        wanted = pattern.pattern.regex.groupindex
        parts = {key: values[key] for key in wanted if key in values}
        if name.startswith(ASIDE) or len(parts) < len(wanted):
            continue
        if name.startswith("organisations:"):
            parts = {key: "northwind" if key == "handle" else value for key, value in parts.items()}
        # The addresses of sign-in services stand below parts that nobody has switched on here.
        with suppress(NoReverseMatch):
            found[name] = reverse(name, kwargs=parts)
    return found


def _counted(client: Client, addresses: dict[str, str]) -> dict[str, int]:
    """Return how many queries each page costs once everything that is kept has been made."""
    counts = {}
    for name, address in addresses.items():
        limits.forget_all()
        if (first := client.get(address)).status_code != 200 or "html" not in first.headers["Content-Type"]:
            continue
        with CaptureQueriesContext(connection) as sent:
            assert client.get(address).status_code == 200, name
        counts[name] = len(sent)
    return counts


def test_the_pages_of_a_member_cost_the_same_with_one_thing_and_with_three(community: Community) -> None:
    client = Client()
    client.force_login(community.viewer)
    addresses = _addresses(community.values)

    with_one = _counted(client, addresses)
    community.more()
    community.more()
    queries.forget_talked_about()
    with_three = _counted(client, addresses)

    assert len(with_one) > 40
    assert {
        name: (with_one[name], count) for name, count in with_three.items() if with_one[name] != count
    } == {}
    assert {name: count for name, count in with_three.items() if count > PAGE} == {}


def test_the_pages_of_a_guest_cost_at_most_eight(community: Community) -> None:
    addresses = _addresses(community.values)

    with_one = _counted(Client(), addresses)
    community.more()
    community.more()
    with_three = _counted(Client(), addresses)

    assert "timeline:home" in with_three
    assert {
        name: (with_one[name], count) for name, count in with_three.items() if with_one[name] != count
    } == {}
    assert {name: count for name, count in with_three.items() if count > PUBLIC_PAGE} == {}


@pytest.mark.parametrize("tab", ["for-you", "latest", "following"])
def test_each_tab_of_the_timeline_costs_the_same_with_one_thing_and_with_three(
    community: Community, tab: str
) -> None:
    client = Client()
    client.force_login(community.viewer)
    addresses = {tab: f"{reverse('timeline:home')}?tab={tab}"}

    with_one = _counted(client, addresses)
    community.more()
    community.more()

    assert _counted(client, addresses) == with_one
    assert with_one[tab] <= PAGE
