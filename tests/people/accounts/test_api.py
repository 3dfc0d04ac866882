"""The JSON API of accounts: who I am, my devices, my tokens."""

from typing import Any

import pytest
from django.test import Client

from guildry.kernel.permissions import StaffRole
from guildry.people.accounts import actions
from guildry.people.accounts.models import AccessToken, Member, Session
from tests.factories.people import grant


def test_members_read_who_they_are(ada: Member, ben: Member) -> None:
    client = Client()
    client.force_login(grant(ada, StaffRole.AUDITOR, by=ben))

    assert client.get("/api/v1/me").json() == {
        "id": ada.pk, "handle": "ada", "name": "Ada Nwosu", "email": "ada@example.org", "headline": "",
        "hats": [], "active_hat": "", "staff_roles": ["auditor"], "time_zone": "UTC", "locale": "en-gb",
        "portrait": "", "theme": "",
    }  # fmt: skip


def test_members_switch_their_hat(ada_client: Client, ada: Member) -> None:
    actions.choose_hats(ada, hats=["mentor", "client"])

    switched = ada_client.put("/api/v1/me/hat", {"hat": "client"}, content_type="application/json")
    refused = ada_client.put("/api/v1/me/hat", {"hat": "organiser"}, content_type="application/json")

    assert (switched.status_code, switched.json()["active_hat"]) == (200, "client")
    assert (refused.status_code, refused.json()["code"]) == (422, "hat_not_worn")
    assert refused.json()["errors"][0]["field"] == "hat"


def test_a_page_of_another_site_cannot_write_with_my_session(ada: Member) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)

    refused = client.put("/api/v1/me/hat", {"hat": ""}, content_type="application/json")

    assert (refused.status_code, refused.json()["code"]) == (403, "csrf")


def test_members_list_their_devices_and_sign_one_out(ada_client: Client, ada: Member) -> None:
    other = Client(headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/150.0"})
    other.post("/sign-in/", {"login": ada.email, "password": "correct horse battery staple"})
    listed = ada_client.get("/api/v1/me/sessions").json()

    ended = ada_client.delete(f"/api/v1/me/sessions/{listed[0]['id']}")

    assert [entry["device"] for entry in listed] == ["Firefox on Windows", ""]
    assert set(listed[0]) == {"id", "device", "address", "created_at", "last_seen_at"}
    assert (ended.status_code, ended.content) == (204, b"")
    assert Session.objects.count() == 1
    assert other.get("/api/v1/me").status_code == 401


def test_members_list_and_revoke_their_tokens(ada_client: Client, ada: Member) -> None:
    issued = actions.issue_token(ada, name="Script", scopes=["read"], days=30)
    listed = ada_client.get("/api/v1/me/tokens").json()

    revoked = ada_client.delete(f"/api/v1/me/tokens/{issued.token.pk}")
    again = ada_client.delete(f"/api/v1/me/tokens/{issued.token.pk}")

    assert [(entry["name"], entry["scopes"]) for entry in listed] == [("Script", ["read"])]
    assert issued.secret not in str(listed)
    assert (revoked.status_code, again.status_code) == (204, 404)
    assert AccessToken.objects.get().revoked_at is not None


@pytest.mark.parametrize("kind", ["sessions", "tokens"])
def test_nobody_touches_what_is_another_members(kind: str, ada_client: Client, ben: Member) -> None:
    Client().force_login(ben)
    theirs: dict[str, Any] = {
        "sessions": Session.objects.get(member=ben).pk,
        "tokens": actions.issue_token(ben, name="His", scopes=["read"], days=30).token.pk,
    }

    assert ada_client.delete(f"/api/v1/me/{kind}/{theirs[kind]}").status_code == 404
    assert Session.objects.filter(member=ben).count() == 1
    assert AccessToken.objects.filter(revoked_at=None).count() == 1


@pytest.mark.parametrize("kind", ["sessions", "tokens"])
def test_lists_cost_the_same_however_long(
    kind: str, ada_client: Client, ada: Member, django_assert_num_queries: Any
) -> None:
    for _ in range(3):
        Client().force_login(ada)
        actions.issue_token(ada, name="Script", scopes=["read"], days=30)

    with django_assert_num_queries(2):
        assert len(ada_client.get(f"/api/v1/me/{kind}").json()) >= 3
