"""Empty databases with the tables of the real one, on which a change is tried before it is made."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.utils import load_backend

from guildry.platform.upgrades.executor import fingerprints

SQLITE: dict[str, Any] = {
    "ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:", "OPTIONS": {}, "TIME_ZONE": None,
    "ATOMIC_REQUESTS": False, "AUTOCOMMIT": True, "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False,
    "USER": "", "PASSWORD": "", "HOST": "", "PORT": "", "TEST": {},
}  # fmt: skip
_DATABASE = re.compile(r"[^\w]")


def words_of_sqlite() -> Any:
    """Return a connection that is never opened, for the words SQLite has for types."""
    return load_backend(SQLITE["ENGINE"]).DatabaseWrapper(dict(SQLITE), "words")


@contextmanager
def shadow_of(connection: Any) -> Iterator[Any]:
    """Give a connection to an empty copy of the tables, gone afterwards; raises what the server says where it may not be made."""
    make = _in_memory if connection.vendor == "sqlite" else _on_server
    with make(connection) as shadow:
        yield shadow


@contextmanager
def _in_memory(connection: Any) -> Iterator[Any]:
    shadow = load_backend(SQLITE["ENGINE"]).DatabaseWrapper(dict(SQLITE), connection.alias)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%%' ORDER BY type = 'table' DESC",
            [],
        )
        statements = [sql for (sql,) in cursor.fetchall()]
    try:
        with shadow.cursor() as cursor:
            for sql in statements:
                cursor.execute(sql)
        yield shadow
    finally:
        shadow.close()


@contextmanager
def _on_server(connection: Any) -> Iterator[Any]:
    name = f"{_DATABASE.sub('_', str(connection.settings_dict['NAME']))[:50]}_shadow"
    quoted = connection.ops.quote_name(name)
    definitions = [
        fingerprints.definition_of(connection, table) for table in fingerprints.tables_of(connection)
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {quoted}")
        cursor.execute(f"CREATE DATABASE {quoted}")
    settings = {**connection.settings_dict, "NAME": name}
    shadow = load_backend(settings["ENGINE"]).DatabaseWrapper(settings, connection.alias)
    try:
        with shadow.cursor() as cursor:
            cursor.execute("SET SESSION foreign_key_checks = 0")
            for sql in definitions:
                cursor.execute(sql)
            cursor.execute("SET SESSION foreign_key_checks = 1")
        yield shadow
    finally:
        shadow.close()
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {quoted}")
