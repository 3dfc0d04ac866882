"""A data folder prepared once, and a starter on a copy of it for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes.serving import Starter, starter


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with schema and static files, as the first start leaves it."""
    starting = Starter(tmp_path_factory.mktemp("prepared") / "data")
    try:
        assert starting.serve().stop() == 0
    finally:
        starting.end_all()
    (starting.data / "guildry.pid").unlink()
    return starting.data


@pytest.fixture
def start(prepared: Path, tmp_path: Path) -> Iterator[Starter]:
    with starter(prepared, tmp_path) as starting:
        yield starting
