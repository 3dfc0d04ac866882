"""One process changes the schema at a time; the lock dies with whoever holds it."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

LONG = 3600


class Busy(Exception):
    """Somebody else is changing the schema; the message says who."""


@contextmanager
def alone(connection: Any, *, wait: float, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold the lock on the schema of a database; raises Busy when it does not come free in time."""
    hold = _alone_on_file if connection.vendor == "sqlite" else _alone_on_server
    with hold(connection, time.monotonic() + wait, waiting):
        yield


def at_work(connection: Any) -> str:
    """Return who changes the schema at this moment, empty where nobody does; nothing waits for it."""
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT IS_USED_LOCK(%s)", [lock_name(connection)])
            return _holder(cursor, lock_name(connection)) if cursor.fetchone()[0] else ""
    path = Path(f"{connection.settings_dict['NAME']}.migrating")
    if connection.is_in_memory_db() or not path.exists():
        return ""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        is_free = _has_locked(descriptor, fcntl.LOCK_SH)
        return "" if is_free else f"process {os.pread(descriptor, 20, 0).decode() or 'unknown'}"
    finally:
        os.close(descriptor)


def lock_name(connection: Any) -> str:
    """Return what the lock is called on a server that has many databases."""
    return f"guildry:migrate:{connection.settings_dict['NAME']}"[:64]


@contextmanager
def _alone_on_file(connection: Any, deadline: float, waiting: Callable[[], None]) -> Iterator[None]:
    name = str(connection.settings_dict["NAME"])
    if connection.is_in_memory_db():
        yield
        return
    path = Path(f"{name}.migrating")
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while not _has_locked(descriptor):
            if time.monotonic() >= deadline:
                raise Busy(f"process {os.pread(descriptor, 20, 0).decode() or 'unknown'}")
            waiting()
            time.sleep(0.1)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _has_locked(descriptor: int, kind: int = fcntl.LOCK_EX) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _alone_on_server(connection: Any, deadline: float, waiting: Callable[[], None]) -> Iterator[None]:
    """Take the lock on the very connection that changes the schema, so that an orphan's statement is waited for."""
    options = connection.settings_dict["OPTIONS"]
    usual = {name: options[name] for name in ("read_timeout", "write_timeout") if name in options}
    options.update(read_timeout=LONG, write_timeout=LONG)
    connection.close()
    try:
        with connection.cursor() as cursor:
            while not _has_named_lock(cursor, lock_name(connection), min(5.0, deadline - time.monotonic())):
                if time.monotonic() >= deadline:
                    raise Busy(_holder(cursor, lock_name(connection)))
                waiting()
            cursor.execute("SET SESSION lock_wait_timeout = 5")
        yield
    finally:
        options.update(usual)
        connection.close()


def _has_named_lock(cursor: Any, name: str, seconds: float) -> bool:
    cursor.execute("SELECT GET_LOCK(%s, %s)", [name, max(0.0, seconds)])
    return bool(cursor.fetchone()[0])


def _holder(cursor: Any, name: str) -> str:
    cursor.execute(
        "SELECT id, user, host, info FROM information_schema.processlist WHERE id = IS_USED_LOCK(%s)", [name]
    )
    found = cursor.fetchone()
    if not found:
        return "a connection that has just ended"
    doing = f", running: {found[3][:100]}" if found[3] else ""
    return f"connection {found[0]} of {found[1]} from {found[2]}{doing}"
