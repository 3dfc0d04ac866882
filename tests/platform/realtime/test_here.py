"""The green dot: members see who is here on profiles and in lists of people, guests never do."""

import pytest
from django.test import Client

from guildry.kernel.permissions import SYSTEM
from guildry.people.accounts.models import Member
from guildry.platform.realtime import actions
from tests.factories.network import connect
from tests.factories.profiles import make_profile

HERE, DOT = "Here now", "is-on"
pytestmark = pytest.mark.django_db


@pytest.fixture
def ben_is_here(ben: Member) -> Member:
    make_profile(ben)
    actions.keep_presence(SYSTEM, process="one", arrived={ben.pk}, departed=())
    return ben


@pytest.mark.parametrize("path", ["/people/", "/people/ben/", "/network/connections/"])
def test_members_see_who_is_here_and_who_is_not(
    path: str, ada: Member, ada_client: Client, ben_is_here: Member
) -> None:
    connect(ada, ben_is_here)
    here = ada_client.get(path).content.decode()
    actions.end_presence(SYSTEM, process="one")
    gone = ada_client.get(path).content.decode()

    assert HERE in here
    assert DOT in here
    assert HERE not in gone
    assert DOT not in gone


@pytest.mark.parametrize("path", ["/people/", "/people/ben/"])
def test_guests_see_of_nobody_whether_they_are_here(path: str, client: Client, ben_is_here: Member) -> None:
    page = client.get(path)

    assert page.status_code == 200
    assert HERE not in page.content.decode()
