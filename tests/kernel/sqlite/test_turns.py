"""Writers of one process take turns in the order of asking, and nobody keeps a turn that ended."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connections
from django.db.utils import ConnectionHandler

from guildry.kernel.sqlite.turns import Turns

PATIENCE = 10.0


def in_thread(work: Callable[[], Any]) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def waiting(turns: Turns, count: int) -> None:
    while len(turns._waiting) < count:
        threading.Event().wait(0.001)


def test_turns_come_in_the_order_of_asking() -> None:
    turns, served = Turns(), []
    assert turns.take(0)

    def take(number: int) -> None:
        assert turns.take(PATIENCE)
        served.append(number)
        turns.give()

    threads = []
    for number in range(5):
        threads.append(in_thread(lambda number=number: take(number)))
        waiting(turns, number + 1)
    turns.give()
    for thread in threads:
        thread.join()

    assert served == [0, 1, 2, 3, 4]
    assert turns.take(0)


def test_who_lost_patience_is_not_called() -> None:
    turns = Turns()
    assert turns.take(0)

    assert not turns.take(0.01)

    turns.give()
    assert turns.take(0)


@pytest.fixture
def handler(db: None, tmp_path: Path) -> ConnectionHandler:
    settings = {
        "ENGINE": "guildry.kernel.sqlite",
        "NAME": str(tmp_path / "turns.db"),
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 0.2},
    }
    handler = ConnectionHandler({"default": settings})
    with handler["default"].cursor() as cursor:
        cursor.execute("CREATE TABLE notes (text)")
    return handler


def write(handler: ConnectionHandler, *, fail: bool = False) -> None:
    own = handler["default"]
    try:
        own.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
        own.cursor().execute("INSERT INTO notes VALUES ('x')")
        if fail:
            own.rollback()
        else:
            own.commit()
        own.set_autocommit(True)
    finally:
        own.close()


@pytest.mark.parametrize("fail", [False, True])
def test_a_transaction_gives_its_turn_back_however_it_ends(handler: ConnectionHandler, fail: bool) -> None:
    write(handler, fail=fail)

    other = in_thread(lambda: write(handler))
    other.join()

    with handler["default"].cursor() as cursor:
        assert cursor.execute("SELECT count(*) FROM notes").fetchone() == (1 if fail else 2,)


def test_a_connection_that_goes_away_gives_its_turn_back(handler: ConnectionHandler) -> None:
    own = handler["default"]
    own.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)

    own.close()
    other = in_thread(lambda: write(handler))
    other.join()

    with handler["default"].cursor() as cursor:
        assert cursor.execute("SELECT count(*) FROM notes").fetchone() == (1,)


def test_a_turn_that_never_comes_is_refused_as_locked(handler: ConnectionHandler) -> None:
    own = handler["default"]
    own.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    refused: list[str] = []

    def try_to_write() -> None:
        try:
            write(handler)
        except OperationalError as error:
            refused.append(str(error))

    in_thread(try_to_write).join()
    own.rollback()
    own.set_autocommit(True)

    assert refused == ["database is locked"]
    in_thread(lambda: write(handler)).join()


def test_the_site_uses_it(db: None) -> None:
    engine = connections["default"].settings_dict["ENGINE"]

    assert engine in ("guildry.kernel.sqlite", "django.db.backends.mysql")
