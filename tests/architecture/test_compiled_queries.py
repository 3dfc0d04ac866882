"""Every compiled query answers like the queryset it was built from, whoever looks and whatever is asked for."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from guildry.community.timeline import actions as timeline
from guildry.community.timeline.models import Post, PostHashtag
from guildry.community.timeline.queries.cards import NEWEST, NOBODY
from guildry.community.timeline.rules import ReactionKind
from guildry.kernel import crypto
from guildry.kernel.compiled import REGISTERED
from guildry.kernel.permissions import SYSTEM
from guildry.people.accounts.actions import issue_token
from guildry.people.accounts.models import Member, Session
from guildry.platform.facts import actions as facts
from tests.factories import timeline as made
from tests.factories.people import make_member

Values = list[dict[str, Any]]
HOW_TO_ADD = """{name} is a compiled query without a case here. Add to CASES in this file
    "{name}": lambda here: [{{...}}, ...]
with the values it is asked with for each of here.viewers, so that at least one of them finds something."""


class Here:
    """A small community: posts for everyone and for connections, a poll, pictures, tags, a block and a mute."""

    def __init__(self, ada: Member, ben: Member) -> None:
        self.ada, self.ben = ada, ben
        self.cleo, self.dan = make_member("cleo"), make_member("dan")
        made.organisation("joiners", ada, ben)
        made.connect(ada, ben)
        made.follow(ada, ben)
        made.follow(self.cleo, ben)
        made.block(ben, self.dan)
        made.mute(self.cleo, ada)
        made.publish(ben, "For us alone", audience="connections")
        made.publish(ben, "Oak and #joinery, then #oil")
        made.publish_with_picture(ben)
        poll = made.publish_poll(ben)
        timeline.vote(ada, post_id=poll.pk, option_id=poll.poll.options.earliest("pk").pk)
        shared = made.publish(ada, "Chairs for #joinery")
        timeline.react(self.cleo, post_id=shared.pk, kind=ReactionKind.LIKE)
        timeline.dismiss_post(self.cleo, post_id=poll.pk)
        self.posts = list(Post.objects.order_by("pk").values_list("pk", flat=True))
        self.tags = list(PostHashtag.objects.values_list("hashtag_id", flat=True).distinct())
        facts.seal_facts(SYSTEM, limit=3)
        for member in (ada, self.dan):
            client = Client()
            client.force_login(member)
        self.key = client.cookies["guildry"].value
        self.token = issue_token(ada, name="Script", scopes=["read"], days=7)

    @property
    def viewers(self) -> dict[str, int]:
        """A guest, members near and far, and one whom the author of most posts has blocked."""
        near = {"near": self.ada.pk, "author": self.ben.pk, "follower": self.cleo.pk}
        return {"guest": NOBODY, **near, "blocked": self.dan.pk}

    def each(self, *more: dict[str, Any]) -> Values:
        """Return the given values for every viewer."""
        return [{"viewer": viewer, **values} for viewer in self.viewers.values() for values in more or ({},)]

    @property
    def befores(self) -> Values:
        return [{"before": NEWEST}, {"before": self.posts[2]}, {"before": 0}]


CASES: dict[str, Callable[[Here], Values]] = {
    "accounts.session": lambda here: [{"digest": crypto.digest(here.key)}, {"digest": "of nothing"}],
    "accounts.session_again": lambda here: [
        {"session_id": pk} for pk in (0, *Session.objects.values_list("pk", flat=True))
    ],
    "accounts.token": lambda here: [{"digest": crypto.digest(here.token.secret)}, {"digest": "of nothing"}],
    "accounts.token_again": lambda here: [{"token_id": here.token.token.pk}, {"token_id": 0}],
    "facts.following": lambda here: [{"after": 0}, {"after": 2}, {"after": 3}],
    "facts.head": lambda here: [{}],
    "facts.newest": lambda here: [{}],
    "facts.unsealed": lambda here: [{}],
    "network.following": lambda here: here.each({"before": NEWEST}, {"before": 1}),
    "timeline.admired": lambda here: [
        {"first": 0, "last": NEWEST, "members": [here.cleo.pk, here.ben.pk]},
        {"first": here.posts[-1] + 1, "last": NEWEST, "members": [here.cleo.pk]},
        {"first": 0, "last": NEWEST, "members": []},
    ],
    "timeline.by_few": lambda here: here.each(
        *({**before, "authors": authors} for before in here.befores for authors in ([here.ben.pk], []))
    ),
    "timeline.by_many": lambda here: here.each(*here.befores),
    "timeline.first_window": lambda here: here.each(),
    "timeline.images": lambda here: [{"posts": here.posts}, {"posts": here.posts[:1]}, {"posts": []}],
    "timeline.latest": lambda here: here.each(*here.befores),
    "timeline.older": lambda here: here.each(*here.befores),
    "timeline.options": lambda here: here.each({"posts": here.posts}, {"posts": []}),
    "timeline.readable": lambda here: here.each(*({"post": post} for post in (*here.posts, 0))),
    "timeline.same_window": lambda here: here.each(
        {"boundary": NEWEST, "floor": 0}, {"boundary": here.posts[3], "floor": here.posts[1]}
    ),
    "timeline.tagged": lambda here: [
        {"first": 0, "last": NEWEST, "hashtags": here.tags},
        {"first": here.posts[-1], "last": here.posts[-1], "hashtags": here.tags[:1]},
        {"first": 0, "last": NEWEST, "hashtags": []},
    ],
    "timeline.visible": lambda here: here.each({"posts": here.posts}, {"posts": here.posts[:1]}, {"posts": []}),
}  # fmt: skip


def own_queries() -> list[str]:
    """Return the names of the program's own queries; other tests may have registered some for themselves."""
    return sorted(name for name, query in REGISTERED.items() if query.build.__module__.startswith("guildry."))


@pytest.fixture
def here(ada: Member, ben: Member) -> Here:
    return Here(ada, ben)


def test_every_compiled_query_has_a_case() -> None:
    missing = [HOW_TO_ADD.format(name=name) for name in own_queries() if name not in CASES]

    assert missing == [], "\n\n".join(missing)
    assert sorted(CASES) == own_queries()


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_compiled_query_answers_like_its_queryset(name: str, here: Here) -> None:
    query = REGISTERED[name]

    answers = [(values, query(**values), list(query.queryset(**values))) for values in CASES[name](here)]

    assert [values for values, compiled, built in answers if compiled != built] == []
    assert any(compiled for _, compiled, _ in answers), "No case finds anything, so nothing is compared."


def test_what_is_for_connections_alone_is_compiled_that_way(here: Here) -> None:
    readable = REGISTERED["timeline.readable"]

    seen = {who: bool(readable(viewer=viewer, post=here.posts[0])) for who, viewer in here.viewers.items()}

    assert seen == {"guest": False, "near": True, "author": True, "follower": False, "blocked": False}


def test_a_blocked_member_is_answered_nothing_of_the_blocker(here: Here) -> None:
    latest = REGISTERED["timeline.latest"]

    found = {who: len(latest(viewer=viewer, before=NEWEST)) for who, viewer in here.viewers.items()}

    assert found == {"guest": 4, "near": 5, "author": 5, "follower": 3, "blocked": 1}
