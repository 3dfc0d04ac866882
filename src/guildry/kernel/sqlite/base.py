"""The database backend: transactions of one process begin in the order in which their threads asked.

Times leave the driver as what they are, in UTC, so that reading many of them costs no second look.
"""

import sqlite3
from datetime import datetime
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base
from django.utils.dateparse import parse_datetime

from guildry.kernel.sqlite.turns import Turns

_turns: dict[str, Turns] = {}


def _moment(stored: bytes) -> datetime | None:
    """Return a stored time, which Django writes without its zone because that is always UTC."""
    try:
        return datetime.fromisoformat(f"{stored.decode()}+00:00")
    except ValueError:
        return parse_datetime(stored.decode())


sqlite3.register_converter("datetime", _moment)


class DatabaseWrapper(base.DatabaseWrapper):
    """Takes a turn with BEGIN and gives it back with the end of the transaction, whichever way it ends.

    Raises OperationalError when the turn does not come within the `timeout` of the connection, as SQLite does.
    """

    _has_turn = False

    def _start_transaction_under_autocommit(self) -> None:
        parameters = self.get_connection_params()
        turns = _turns.setdefault(str(parameters["database"]), Turns())
        if not turns.take(parameters.get("timeout", 5.0)):
            raise OperationalError("database is locked")
        self._has_turn = True
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._end_turn()
            raise

    def _commit(self) -> Any:
        outcome = super()._commit()  # type: ignore[misc]
        self._end_turn()
        return outcome

    def _rollback(self) -> Any:
        try:
            return super()._rollback()  # type: ignore[misc]
        finally:
            self._end_turn()

    def _close(self) -> Any:
        try:
            return super()._close()  # type: ignore[misc]
        finally:
            self._end_turn()

    def _end_turn(self) -> None:
        if self._has_turn:
            self._has_turn = False
            _turns[str(self.get_connection_params()["database"])].give()
