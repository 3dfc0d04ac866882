"""Whatever has an id is asked for by somebody it does not belong to: a stranger gets nothing of it."""

import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from guildry.community.timeline.actions import comment_on_post, publish_post, save_draft
from guildry.community.timeline.models import PollOption
from guildry.community.timeline.rules import Composition, PollPlan
from guildry.kernel import clock, limits
from guildry.people.accounts.actions import issue_token
from guildry.people.accounts.models import Member, Session
from guildry.people.network.models import Connection
from guildry.people.organisations.actions import invite, request_to_join
from guildry.people.profiles.actions import (
    add_experience,
    add_language,
    add_link,
    add_portfolio_item,
    add_qualification,
)
from guildry.platform.files.actions import receive_upload
from tests.architecture import audiences
from tests.architecture.audiences import MEMBER, PUBLIC, SAFE, Entry
from tests.factories.notifications import tell
from tests.factories.organisations import make_organisation
from tests.factories.people import make_member
from tests.factories.timeline import picture

REFUSED = (403, 404, 405)
PLACEHOLDER = re.compile(r"[<{](?:\w+:)?(\w+)[>}]")
OWNED = frozenset(
    ("draft_id", "post_id", "comment_id", "session_id", "token_id", "notification_id", "invitation_id",
     "request_id", "entry_id", "key")
)  # fmt: skip
# What belongs to an organisation but is shown to everybody, how somebody new asks to come in or stands to it, and
# lists that are empty for those they are not for.
OPEN = re.compile(
    r"/organisations/[<{](?:str:)?handle[>}](/|/people/?|/requests/?|/standing|/posts)?$|^GET .*/invitations$"
)
# Files are handed out to whoever holds a signed address, and what the design system draws belongs to nobody.
SIGNED = re.compile(r"^/(files|ui)/")
# These need more than to be theirs: a deletion to undo, or readers who may pass a post on.
LATER = re.compile(r"/restoration/?$|/reposts/?$")
# Taking one's own mark back says nothing about what it was on, and is right even when there was none.
TAKEN_BACK = re.compile(r"DELETE .*/posts/\{post_id\}/(repost|save|dismissal)$|/reposts/withdrawal/$")


@pytest.fixture
def household(ada: Member, ben: Member) -> dict[str, Member]:
    """Ada and her connection Ben, whom she invites, and Cleo, who asks to be let in."""
    Connection.objects.create(requester=ada, addressee=ben, state="accepted")
    return {"ada": ada, "ben": ben, "cleo": make_member("cleo")}


@pytest.fixture
def belongings(household: dict[str, Member]) -> dict[str, str]:
    """What they own, each by the name that addresses give it; the post is for Ada's connections alone."""
    ada = household["ada"]
    guild = make_organisation(ada)
    for member in household.values():
        Client().force_login(member)
    poll = PollPlan("When?", ("Now", "Later"), 3)
    post = publish_post(ada, composition=Composition("For us", audience="connections", poll=poll))
    return {
        "draft_id": str(save_draft(ada, composition=Composition("Not ready yet")).pk),
        "post_id": str(post.pk),
        "option": str(PollOption.objects.filter(poll__post=post).earliest("pk").pk),
        "comment_id": str(comment_on_post(ada, post_id=post.pk, body="A note to it").pk),
        "session_id": str(Session.objects.get(member=ada).pk),
        "token_id": str(issue_token(ada, name="Hers", scopes=["read"], days=7).token.pk),
        "notification_id": str(tell(ada).pk),
        "invitation_id": str(invite(ada, organisation_id=guild.pk, to="@ben").pk),
        "request_id": str(request_to_join(household["cleo"], organisation_id=guild.pk).pk),
        "experience": str(add_experience(ada, title="Joiner", started_on=date(2020, 1, 1)).pk),
        "qualifications": str(add_qualification(ada, title="Joinery").pk),
        "portfolio": str(add_portfolio_item(ada, title="A boat").pk),
        "languages": str(add_language(ada, code="de", level="fluent").pk),
        "links": str(add_link(ada, label="Home", url="https://ada.example").pk),
        "key": receive_upload(ada, use="timeline.image", file=picture()).key,
        "handle": guild.handle,
        "member_id": str(ada.pk),
        "section": "experience",
        "name": "picture.png",
    }


def _addresses() -> list[Entry]:
    """Return every way to something owned, or to the inside of an organisation."""
    found = []
    for entry in audiences.views() + audiences.operations():
        names = set(PLACEHOLDER.findall(entry.where))
        is_inside = "/organisations/" in entry.where and "handle" in names and not OPEN.search(entry.where)
        is_owned = bool(names & OWNED) and "uidb36" not in names and not SIGNED.match(entry.where)
        if entry.kind in (MEMBER, PUBLIC) and (is_owned or is_inside) and not TAKEN_BACK.search(entry.where):
            found.append(entry)
    return found


def _body(entry: Entry, belongings: dict[str, str]) -> dict[str, Any]:
    """Return what the address takes, so that nobody is refused for the form of it."""
    if not entry.where.partition(" ")[2]:
        return {"body": "Mine now", "keep": "on", "option": belongings["option"], "role": "member",
                "to": "someone@example.org"}  # fmt: skip
    bodies: dict[str, dict[str, Any]] = {
        "{entry_id}": {"title": "Mine now", "started_on": "2020-01-01"}
        if "experience" in entry.where
        else {"title": "Mine now"},
        "schedule": {"publish_at": (clock.now() + timedelta(days=1)).isoformat()},
        "reaction": {"kind": "like"},
        "vote": {"option_id": int(belongings["option"])},
        "invitations": {"to": "someone@example.org"},
        "{member_id}": {"role": "member"},
        "text": {"body": "Mine now"},
        "comments": {"body": "Mine now"},
        "{comment_id}": {"body": "Mine now"},
    }
    return bodies.get(entry.where.rsplit("/", 1)[1], {})


def _ask(member: Member, method: str, url: str, body: dict[str, Any]) -> int:
    """Call as a member and undo what it did; returns the status."""
    limits.forget_all()
    client = Client(raise_request_exception=False)
    client.force_login(member)
    with transaction.atomic():
        if method == "POST" and not url.startswith("/api/"):
            response: Any = client.post(url, body)
        elif url.endswith("/mark") and method == "POST":
            response = client.post(url, {"file": picture()})
        else:
            sent = {} if method in SAFE else {"data": json.dumps(body), "content_type": "application/json"}
            response = client.generic(method, url, **sent)  # type: ignore[arg-type]
        transaction.set_rollback(True)
    return int(response.status_code)


def _url(entry: Entry, belongings: dict[str, str]) -> str:
    address = entry.where.split(" ")[-1]
    section = next((part for part in address.split("/") if part in belongings), "experience")
    known = belongings | {"entry_id": belongings[section]}
    return PLACEHOLDER.sub(lambda match: known[match[1]], address)


def test_a_stranger_gets_nothing_that_is_somebody_elses(
    belongings: dict[str, str], household: dict[str, Member]
) -> None:
    stranger = make_member("stranger")

    reached = [
        f"{entry.where} {method}: {status}"
        for entry in _addresses()
        for method in entry.methods
        if (status := _ask(stranger, method, _url(entry, belongings), _body(entry, belongings)))
        not in REFUSED
    ]

    assert not reached, "\n" + "\n".join(reached)


def test_those_it_belongs_to_reach_all_of_it(
    belongings: dict[str, str], household: dict[str, Member]
) -> None:
    def is_reached(entry: Entry) -> bool:
        return any(
            _ask(member, method, _url(entry, belongings), _body(entry, belongings)) not in (*REFUSED, 500)
            for member in household.values()
            for method in entry.methods
        )

    now = [entry for entry in _addresses() if not LATER.search(entry.where)]
    unreachable = [entry.where for entry in now if not is_reached(entry)]

    assert not unreachable, "\n" + "\n".join(unreachable)
    assert len(now) > 50


def test_a_stranger_finds_no_invitation_and_no_file(
    belongings: dict[str, str], household: dict[str, Member]
) -> None:
    stranger = Client()
    stranger.force_login(make_member("stranger"))

    invitations = stranger.get(f"/api/v1/organisations/{belongings['handle']}/invitations")
    unsigned = stranger.get(f"/files/{belongings['key']}/picture.png")

    assert invitations.json() == []
    assert unsigned.status_code == 404
