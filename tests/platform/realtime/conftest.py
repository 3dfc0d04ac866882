"""A town that all socket tests share, and one of their own for those that end it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.platform.realtime.town import Town, founded


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep those who share the town together when tests run side by side, so that it is founded once."""
    for item in items:
        if "settled" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("town"))


@pytest.fixture(scope="session")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return founded(tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="session")
def town(settled: Town, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    running = settled.copied(tmp_path_factory.mktemp("running"))
    running.start()
    yield running
    running.end()


@pytest.fixture
def own_town(settled: Town, tmp_path: Path) -> Iterator[Town]:
    running = settled.copied(tmp_path)
    running.start()
    yield running
    if running.process and running.process.poll() is None:
        running.end()
