"""A data folder prepared once, and a starter on a copy of it for each test."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

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
def database() -> Iterator[str]:
    """An empty database of its own on the MariaDB server that the suite was given."""
    given = urlsplit(os.environ["GUILDRY_TEST_DATABASE"])
    with _connected(given) as cursor:
        cursor.execute("CREATE OR REPLACE DATABASE guildry_processes")
    yield given._replace(path="/guildry_processes").geturl()
    with _connected(given) as cursor:
        cursor.execute("DROP DATABASE guildry_processes")


@contextmanager
def _connected(server: SplitResult) -> Iterator[Any]:
    import MySQLdb

    with closing(MySQLdb.connect(host=server.hostname, port=server.port, user=server.username)) as connection:
        yield connection.cursor()


@pytest.fixture
def start_on_servers(prepared: Path, tmp_path: Path, database: str) -> Iterator[Starter]:
    """A starter of processes that share a database on MariaDB and a Redis."""
    services = {"GUILDRY_DATABASE": database, "GUILDRY_REDIS": os.environ["GUILDRY_TEST_REDIS"]}
    with starter(prepared, tmp_path, **services) as starting:
        (starting.data / "guildry.db").unlink()
        yield starting


@pytest.fixture
def start(prepared: Path, tmp_path: Path) -> Iterator[Starter]:
    with starter(prepared, tmp_path) as starting:
        yield starting
