"""Fixtures of the whole suite: people to act as, and a browserless client for each."""

import os
from collections.abc import Callable

import pytest
from django.test import Client
from hypothesis import settings

from guildry.community.timeline.queries import forget_talked_about
from guildry.kernel import limits
from guildry.kernel.permissions import SYSTEM
from guildry.people.accounts.models import Member
from guildry.platform.facts import actions as facts
from guildry.platform.jobs import actions as jobs
from tests.factories.people import make_member

# How long an example takes says more about the machine than about the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

THIS_MACHINE = ["127.0.0.1", "::1", "localhost"]
SPEAKING = {"browser", "loopback", "mariadb", "processes"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Open sockets to this machine for the tests that need them; no test reaches another one."""
    has_servers = "GUILDRY_TEST_DATABASE" in os.environ
    for item in items:
        if has_servers or SPEAKING & {mark.name for mark in item.iter_markers()}:
            item.add_marker(pytest.mark.allow_hosts(THIS_MACHINE))


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Let no test spend what another one needs, nor read what another one counted, wherever the suite runs."""
    limits.use_store(limits.LocalStore())
    limits.forget_all()
    forget_talked_about()


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


@pytest.fixture
def deliver(db: None) -> Callable[[], int]:
    """Deliver every fact published so far and return how many deliveries there were; a failing one fails the test."""

    def deliver_facts() -> int:
        outcome = facts.deliver_pending(SYSTEM)
        assert outcome.failed == []
        return outcome.delivered

    return deliver_facts


@pytest.fixture
def run_jobs(db: None) -> Callable[[], int]:
    """Run every job that is due and return how many there were; a failing one fails the test."""

    def run_due_jobs() -> int:
        ran = jobs.run_pending_jobs(SYSTEM)
        assert [run.error for run in ran if run.error] == []
        return len(ran)

    return run_due_jobs
