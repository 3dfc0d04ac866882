"""Subscribers of one test only."""

from collections.abc import Callable, Iterator

import pytest

from guildry.kernel import bus
from guildry.kernel.bus import Delivery, Fact

Subscribe = Callable[..., None]


@pytest.fixture
def subscribe() -> Iterator[Subscribe]:
    """Subscribe for the length of the test."""
    added: list[tuple[str, str]] = []

    def add(fact_type: type[Fact], handle: Callable[[Delivery], None], name: str) -> None:
        bus.subscribe(fact_type, handle, name=name)
        added.append((fact_type.name, name))

    yield add
    for fact_name, name in added:
        bus._subscribers[fact_name].pop(name, None)
