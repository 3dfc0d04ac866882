"""The JSON API of notifications does what the pages do."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from guildry.kernel import clock
from guildry.people.accounts.models import Member
from guildry.people.notifications import queries
from guildry.people.notifications.models import Tray
from guildry.people.notifications.rules import Channels, Mail
from tests.factories.notifications import tell

ROOT = "/api/v1/notifications"


def send(client: Client, method: str, path: str, body: Any) -> Any:
    return getattr(client, method)(f"{ROOT}{path}", json.dumps(body), content_type="application/json")


def test_news_are_listed_filtered_and_read(ada: Member, ben: Member, ada_client: Client) -> None:
    first = tell(ada, "Ben follows you", actor=ben, url="/people/ben/")
    tell(ada, "Joined", kind="organisations.joined")

    listed = ada_client.get(ROOT, {"group": "Network"}).json()
    left = send(ada_client, "post", "/read", {"ids": [first.pk]}).json()
    unread = ada_client.get(ROOT, {"unread": True}).json()

    assert [(i["text"], i["url"], i["actor"]["handle"]) for i in listed["items"]] == [
        ("Ben follows you", "/people/ben/", "ben")
    ]
    assert left == ada_client.get(f"{ROOT}/counters").json() == {"unread": 1}
    assert [item["text"] for item in unread["items"]] == ["Joined"]


def test_everything_up_to_one_is_read(ada: Member, ada_client: Client) -> None:
    first = tell(ada)
    tell(ada)

    assert send(ada_client, "post", "/read", {"up_to": first.pk}).json() == {"unread": 1}


def test_choices_are_read_and_put(ada: Member, ada_client: Client) -> None:
    before = ada_client.get(f"{ROOT}/preferences").json()
    body = {
        "channels": {"network.follow": {"app": False, "mail": "instant"}},
        "digest": "weekly",
        "quiet_from": "22:00",
        "quiet_until": "07:00",
    }

    after = send(ada_client, "put", "/preferences", body).json()

    assert before["channels"]["network.follow"] == {"app": True, "mail": "off"}
    assert after["channels"]["network.follow"] == {"app": False, "mail": "instant"}
    assert (after["digest"], after["quiet_from"]) == ("weekly", "22:00:00")
    assert queries.wishes_of(ada).channels["network.follow"] == Channels(False, Mail.INSTANT)


def test_mail_is_paused_and_goes_on(ada: Member, ada_client: Client) -> None:
    until = clock.now() + timedelta(days=1)

    paused = send(ada_client, "put", "/pause", {"until": until.isoformat()})
    ended = send(ada_client, "put", "/pause", {"until": None})

    assert paused.json()["paused_until"] is not None
    assert ended.json()["paused_until"] is None


@pytest.mark.parametrize(
    ("method", "path", "body", "code"),
    [
        ("put", "/pause", {"until": "2030-01-01T00:00:00"}, "invalid"),
        ("put", "/pause", {"until": "2020-01-01T00:00:00Z"}, "pause_refused"),
        ("put", "/preferences", {"channels": {"x": {"app": True, "mail": "off"}}, "digest": "off"}, None),
        ("put", "/preferences", {"channels": {}, "digest": "off", "quiet_from": "22:00"}, None),
        ("put", "/preferences", {"channels": {}, "digest": "hourly"}, None),
        ("post", "/read", {"ids": [0]}, None),
        ("post", "/read", {"ids": [2**63]}, None),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(
    ada: Member, ada_client: Client, method: str, path: str, body: Any, code: str | None
) -> None:
    response = send(ada_client, method, path, body)

    assert response.status_code == 422
    assert code is None or response.json()["code"] == code
    assert Tray.objects.count() == 0


@pytest.mark.parametrize("path", ["", "/counters", "/preferences"])
def test_guests_are_refused(client: Client, db: None, path: str) -> None:
    assert client.get(f"{ROOT}{path}").status_code == 401
