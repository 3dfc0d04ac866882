"""The database as the first part of the process to start and the last to stop."""

from django.db import connection, connections

from guildry.kernel.sqlite.checkpoints import Checkpointer

_checkpointer = Checkpointer()


def begin() -> None:
    """Open a connection, so that a start without a database fails at once and says why."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    if connection.vendor == "sqlite":
        _checkpointer.start()


def end() -> None:
    """Close after everybody else; an embedded database puts what is still in its journal where it belongs."""
    if connection.vendor == "sqlite":
        _checkpointer.stop()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA optimize")
    connections.close_all()
