"""A small community to call the API in, and ways to call it: as a guest, with a session, with a token."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory

from guildry.community.timeline import actions as timeline
from guildry.community.timeline.models import PollOption
from guildry.community.timeline.rules import Composition
from guildry.kernel import clock
from guildry.people.accounts.actions import issue_token
from guildry.people.accounts.models import Member
from guildry.people.notifications.models import Notification
from guildry.people.profiles.actions import add_experience
from tests.factories import timeline as posts
from tests.factories.organisations import join, make_organisation


@dataclass(frozen=True)
class World:
    """What the addresses of the API can point at; `parts` are path parameters that lead somewhere."""

    ada: Member
    ben: Member
    token: str
    browser: dict[str, str]
    parts: dict[str, Any]


@pytest.fixture
def world(ada: Member, ben: Member) -> World:
    """Ada owns an organisation, writes, drafts and uploads; Ben is her reader."""
    organisation = make_organisation(ada, "tide")
    join(organisation, ben)
    post = posts.publish(ada, "The #bridge is open")
    poll = posts.publish_poll(ben)
    comment = posts.comment(ada, post)
    posts.comment(ben, post)
    draft = timeline.save_draft(ada, composition=Composition("Not yet"))
    stored = posts.receive_upload(ada, use="timeline.image", file=posts.picture())
    entry = add_experience(ada, title="Engineer", started_on=clock.now().date())
    told = Notification.objects.create(
        recipient=ada, kind="timeline.comment", source="x", text="Ben wrote", url="/", created_at=clock.now()
    )
    parts = {
        "post_id": post.pk,
        "comment_id": comment.pk,
        "draft_id": draft.pk,
        "member_id": ben.pk,
        "handle": "ada",
        "name": "bridge",
        "key": stored.key,
        "section": "experience",
        "entry_id": entry.pk,
        "notification_id": told.pk,
        "organisation_handle": organisation.handle,
        "poll_post_id": poll.pk,
        "option_id": PollOption.objects.filter(poll__post=poll).values_list("pk", flat=True)[0],
    }
    token = issue_token(ada, name="contract", scopes=["read", "write"], days=7)
    return World(ada, ben, token.secret, browser_of(ada), parts)


def browser_of(member: Member) -> dict[str, str]:
    """Return the headers with which a member's browser calls: their session and the token of its pages."""
    client, page = Client(), RequestFactory().get("/")
    client.force_login(member)
    token, secret = get_token(page), page.META["CSRF_COOKIE"]
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={secret}"
    return {"Cookie": cookies, "X-CSRFToken": token}


class Caller:
    """A program that calls with one token."""

    def __init__(self, token: str = "") -> None:
        self.client = Client(raise_request_exception=False, enforce_csrf_checks=True)
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        options: dict[str, Any] = {"headers": self.headers | sent}
        if body is not None:
            options |= {"data": body, "content_type": "application/json"}
        return self.client.generic(method, f"/api/v1/{path}", **_encoded(options))


def _encoded(options: dict[str, Any]) -> dict[str, Any]:
    import json

    data = options.get("data")
    if data is not None and not isinstance(data, bytes):
        options["data"] = json.dumps(data).encode()
    return options


@pytest.fixture
def guest(db: None) -> Caller:
    return Caller()


@pytest.fixture
def program(world: World) -> Caller:
    """A program of Ada's that may do everything she may."""
    return Caller(world.token)
