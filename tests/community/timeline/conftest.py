"""Fixtures of the Timeline: a third member, a settled one, fresh allowances, and the facts that were published."""

from collections.abc import Iterator

import pytest

from guildry.kernel import bus, limits
from guildry.kernel.bus import Fact
from guildry.people.accounts.models import Member
from tests.factories.people import make_member


@pytest.fixture(autouse=True)
def _fresh_allowances() -> None:
    limits.use_store(limits.LocalStore())


@pytest.fixture
def cleo(db: None) -> Member:
    return make_member("cleo", "Cleo Marsh")


@pytest.fixture
def facts(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Fact]]:
    """Collect what is published, besides storing it."""
    found: list[Fact] = []
    store = bus._outbox

    def collect(fact: Fact, actor: object) -> None:
        found.append(fact)
        if store:
            store(fact, actor)

    monkeypatch.setattr(bus, "_outbox", collect)
    yield found


@pytest.fixture(autouse=True)
def _scaffold(monkeypatch):
    if bus._outbox is None:
        monkeypatch.setattr(bus, "_outbox", lambda fact, actor: None)
