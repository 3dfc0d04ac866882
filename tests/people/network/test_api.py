"""The JSON API of the network does what the pages do."""

import pytest
from django.test import Client

from guildry.people.accounts.models import Member
from guildry.people.network import queries
from tests.factories.network import block, connect, follow
from tests.factories.organisations import join, make_organisation
from tests.factories.people import make_member
from tests.factories.profiles import make_profile

ROOT = "/api/v1/network"


def test_following_over_the_api(ada: Member, ben: Member, ada_client: Client) -> None:
    on = ada_client.put(f"{ROOT}/members/{ben.pk}/follow")
    listed = ada_client.get(f"{ROOT}/following").json()
    off = ada_client.delete(f"{ROOT}/members/{ben.pk}/follow")

    assert (on.status_code, on.json()["is_following"], off.json()["is_following"]) == (200, True, False)
    assert [entry["member"]["handle"] for entry in listed["items"]] == ["ben"]


def test_a_request_is_made_accepted_and_ended_over_the_api(
    ada: Member, ben: Member, ada_client: Client
) -> None:
    ben_client = Client()
    ben_client.force_login(ben)

    asked = ada_client.post(
        f"{ROOT}/members/{ben.pk}/connection", {"note": "Hello"}, content_type="application/json"
    )
    received = ben_client.get(f"{ROOT}/requests/received").json()
    accepted = ben_client.post(f"{ROOT}/members/{ada.pk}/connection/acceptance")
    connections = ada_client.get(f"{ROOT}/connections").json()
    ended = ada_client.delete(f"{ROOT}/members/{ben.pk}/connection")

    assert asked.json()["connection"] == "requested"
    assert [(entry["member"]["handle"], entry["note"]) for entry in received["items"]] == [("ada", "Hello")]
    assert accepted.json()["connection"] == "connected"
    assert [entry["member"]["handle"] for entry in connections["items"]] == ["ben"]
    assert ended.json()["connection"] == "none"


def test_a_declined_request_still_reads_as_requested(ada: Member, ben: Member, ada_client: Client) -> None:
    connect(ada, ben, state="requested")
    ben_client = Client()
    ben_client.force_login(ben)

    declined = ben_client.post(f"{ROOT}/members/{ada.pk}/connection/refusal")
    sent = ada_client.get(f"{ROOT}/requests/sent").json()
    relation = ada_client.get(f"{ROOT}/members/{ben.pk}").json()

    assert declined.json()["connection"] == "none"
    assert len(sent["items"]) == 1
    assert relation["connection"] == "requested"


@pytest.mark.parametrize(("what", "flag"), [("mute", "is_muted"), ("block", "is_blocked")])
def test_muting_and_blocking_over_the_api(
    ada: Member, ben: Member, ada_client: Client, what: str, flag: str
) -> None:
    on = ada_client.put(f"{ROOT}/members/{ben.pk}/{what}").json()
    listed = ada_client.get(f"{ROOT}/{flag.removeprefix('is_')}").json()
    off = ada_client.delete(f"{ROOT}/members/{ben.pk}/{what}").json()

    assert (on[flag], off[flag]) == (True, False)
    assert len(listed["items"]) == 1


def test_followers_and_suggestions_over_the_api(ada: Member, ben: Member, ada_client: Client) -> None:
    eve = make_member("eve")
    guild = make_organisation(ada, "guild")
    join(guild, eve)
    make_profile(eve)
    follow(ben, ada)

    followers = ada_client.get(f"{ROOT}/followers").json()
    suggested = ada_client.get(f"{ROOT}/suggestions").json()

    assert [entry["member"]["handle"] for entry in followers["items"]] == ["ben"]
    assert [(s["member"]["handle"], s["reason"]) for s in suggested] == [("eve", "You both belong to Guild")]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("post", "connection/acceptance", 404, "connection_request_not_found"),
        ("delete", "connection", 404, "not_connected"),
    ],
)
def test_a_refusal_is_a_problem_with_its_code(
    ben: Member, ada_client: Client, method: str, path: str, status: int, code: str
) -> None:
    response = getattr(ada_client, method)(f"{ROOT}/members/{ben.pk}/{path}")

    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("member_id", [0, 2**63])
def test_an_id_out_of_range_is_refused(ada_client: Client, member_id: int) -> None:
    assert ada_client.put(f"{ROOT}/members/{member_id}/follow").status_code == 422


def test_a_block_reads_like_nobody_over_the_api(ada: Member, ben: Member, ada_client: Client) -> None:
    block(ben, ada)

    hidden = ada_client.get(f"{ROOT}/members/{ben.pk}")
    nobody = ada_client.get(f"{ROOT}/members/{ben.pk + 99}")

    assert hidden.status_code == nobody.status_code == 404
    assert hidden.json()["code"] == nobody.json()["code"]


@pytest.mark.parametrize("path", ["connections", "suggestions", "members/1"])
def test_guests_are_refused(client: Client, db: None, path: str) -> None:
    assert client.get(f"{ROOT}/{path}").status_code == 401


def test_oneself_is_no_relation_to_follow(ada: Member, ada_client: Client) -> None:
    response = ada_client.put(f"{ROOT}/members/{ada.pk}/follow")

    assert (response.status_code, response.json()["code"]) == (422, "not_with_yourself")
    assert queries.following_ids(ada.pk) == []
