"""The JSON API of organisations calls the same actions and refuses in the same words."""

import json

import pytest
from django.test import Client

from guildry.people.accounts.models import Member
from guildry.people.organisations import actions, queries
from guildry.people.organisations.models import Organisation
from tests.factories.organisations import join, make_organisation

API = "/api/v1/organisations"


@pytest.fixture
def northwind(ada: Member) -> Organisation:
    return make_organisation(ada, name="Northwind Timber")


@pytest.fixture
def ben_client(ben: Member) -> Client:
    client = Client()
    client.force_login(ben)
    return client


def send(client: Client, method: str, path: str, **body: object) -> tuple[int, dict]:
    answer = client.generic(method, f"{API}{path}", data=json.dumps(body), content_type="application/json")
    return answer.status_code, answer.json() if answer.content else {}


def test_guests_list_and_read(northwind: Organisation, client: Client) -> None:
    status, listed = send(client, "GET", "?q=timber")
    _, read = send(client, "GET", "/northwind")

    assert status == 200
    assert [found["handle"] for found in listed["items"]] == ["northwind"]
    assert (read["name"], read["people_count"]) == ("Northwind Timber", 1)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", ""),
        ("GET", "/mine"),
        ("PATCH", "/northwind"),
        ("GET", "/northwind/people"),
        ("POST", "/northwind/requests"),
    ],
)
def test_guests_do_not_write(northwind: Organisation, client: Client, method: str, path: str) -> None:
    assert send(client, method, path)[0] == 401


def test_founding_and_editing(ada_client: Client, ada: Member) -> None:
    status, made = send(ada_client, "POST", "", handle="mill", name="Mill", kind="company")
    refused, problem = send(ada_client, "POST", "", handle="new", name="Mill", kind="company")
    _, edited = send(ada_client, "PATCH", "/mill", tagline="Oak", founded=None)

    assert (status, made["handle"]) == (201, "mill")
    assert (refused, problem["errors"][0]["field"]) == (422, "handle")
    assert edited["tagline"] == "Oak"
    _, mine = send(ada_client, "GET", "/mine")
    assert [(entry["organisation"]["handle"], entry["role"]) for entry in mine] == [("mill", "owner")]


def test_strangers_are_refused_with_a_problem(northwind: Organisation, ben_client: Client) -> None:
    status, problem = send(ben_client, "PATCH", "/northwind", name="Bens")

    assert (status, problem["code"]) == (403, "organisation_right_missing")
    assert send(ben_client, "PATCH", "/nothing", name="Bens")[0] == 404


def test_inviting_accepting_and_leaving(
    northwind: Organisation, ada_client: Client, ben_client: Client, ben: Member
) -> None:
    status, invitation = send(ada_client, "POST", "/northwind/invitations", to="@ben", role="admin")
    _, mine = send(ben_client, "GET", "/mine/invitations")
    _, membership = send(ben_client, "POST", f"/invitations/{invitation['id']}/acceptance")

    assert (status, len(mine)) == (201, 1)
    assert (membership["handle"], membership["role"]) == ("ben", "admin")
    _, people = send(ben_client, "GET", "/northwind/people")
    assert [entry["handle"] for entry in people["items"]] == ["ada", "ben"]
    assert send(ada_client, "PUT", f"/northwind/people/{ben.pk}", role="viewer")[1]["role"] == "viewer"
    assert send(ben_client, "DELETE", f"/northwind/people/{ben.pk}")[0] == 204
    assert not queries.is_member(northwind.pk, ben.pk)


def test_the_last_owner_is_kept(northwind: Organisation, ada: Member, ada_client: Client) -> None:
    status, problem = send(ada_client, "DELETE", f"/northwind/people/{ada.pk}")

    assert (status, problem["code"]) == (409, "last_owner")


def test_declining_and_withdrawing_invitations(
    northwind: Organisation, ada_client: Client, ben_client: Client
) -> None:
    _, first = send(ada_client, "POST", "/northwind/invitations", to="ben")
    assert send(ben_client, "POST", f"/invitations/{first['id']}/refusal")[1]["state"] == "declined"
    _, second = send(ada_client, "POST", "/northwind/invitations", to="ben")
    assert len(send(ada_client, "GET", "/northwind/invitations")[1]) == 1
    assert send(ben_client, "GET", "/northwind/invitations")[1] == []

    assert send(ada_client, "DELETE", f"/invitations/{second['id']}")[0] == 204
    assert send(ben_client, "POST", f"/invitations/{second['id']}/acceptance")[0] == 404


def test_requests_are_made_and_answered(
    northwind: Organisation, ada_client: Client, ben_client: Client
) -> None:
    status, asked = send(ben_client, "POST", "/northwind/requests", note="Saws")
    assert status == 201
    assert send(ben_client, "POST", "/northwind/requests")[1]["code"] == "already_requested"
    assert send(ada_client, "POST", f"/requests/{asked['id']}/refusal")[1]["state"] == "declined"
    _, again = send(ben_client, "POST", "/northwind/requests", note="")

    assert send(ada_client, "POST", f"/requests/{again['id']}/acceptance")[1]["handle"] == "ben"


def test_a_closed_organisation_answers_nobody_outside(
    northwind: Organisation, ada: Member, ben: Member, client: Client, ben_client: Client
) -> None:
    join(northwind, ben)
    actions.close_organisation(ada, organisation_id=northwind.pk)

    assert send(client, "GET", "/northwind")[0] == 404
    assert send(ben_client, "GET", "/northwind")[1]["state"] == "closed"
