"""Fixtures of the Timeline: a third member, a member of long standing, and the facts that were published."""

from datetime import timedelta

import pytest

from guildry.kernel import bus, clock
from guildry.kernel.bus import Fact
from guildry.kernel.permissions import Actor
from guildry.people.accounts.models import Member
from tests.factories.people import make_member


@pytest.fixture
def cleo(db: None) -> Member:
    return make_member("cleo", "Cleo Marsh")


@pytest.fixture
def dan(db: None) -> Member:
    """A settled member, whose allowance is larger."""
    return make_member("dan", "Dan Osei", created_at=clock.now() - timedelta(days=30))


@pytest.fixture
def facts(monkeypatch: pytest.MonkeyPatch) -> list[Fact]:
    """Collect what is published, besides storing it."""
    found: list[Fact] = []
    store = bus._outbox

    def collect(fact: Fact, actor: Actor, act: bus.Act | None) -> None:
        found.append(fact)
        if store:
            store(fact, actor, act)

    monkeypatch.setattr(bus, "_outbox", collect)
    return found
