"""Fixtures of the whole suite: people to act as, and a browserless client for each."""

import pytest
from django.test import Client

from guildry.kernel import limits
from guildry.people.accounts.models import Member
from tests.factories.people import make_member


@pytest.fixture(autouse=True)
def full_allowances() -> None:
    """Let no test spend what another one needs."""
    limits.forget_all()


@pytest.fixture
def ada(db: None) -> Member:
    return make_member("ada", "Ada Nwosu")


@pytest.fixture
def ben(db: None) -> Member:
    return make_member("ben", "Ben Okri")


@pytest.fixture
def ada_client(ada: Member) -> Client:
    client = Client()
    client.force_login(ada)
    return client
