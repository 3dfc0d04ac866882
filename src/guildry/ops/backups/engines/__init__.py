"""The databases a community may live in, each with its way to be copied, brought up again and compared."""

from guildry.ops.backups.engines.common import (
    Copy,
    Engine,
    EngineBusy,
    EngineFailed,
    Follower,
    Hold,
    Log,
    LogGap,
    Piece,
    Place,
    Reached,
)  # fmt: skip
from guildry.ops.backups.engines.mariadb import Mariadb
from guildry.ops.backups.engines.sqlite import Sqlite

__all__ = [
    "Copy",
    "Engine",
    "EngineBusy",
    "EngineFailed",
    "Follower",
    "Hold",
    "Log",
    "LogGap",
    "Mariadb",
    "Piece",
    "Place",
    "Reached",
    "Sqlite",
    "engine_called",
    "engine_of",
    "name_of",
]


def engine_of(vendor: str) -> Engine:
    """Return the engine of a database that Django calls by this name."""
    return Mariadb() if name_of(vendor) == "mariadb" else Sqlite()


def engine_called(name: str) -> Engine:
    """Return the engine that a manifest names, with its version behind it."""
    return engine_of(name.split(" ")[0])


def name_of(vendor: str) -> str:
    """Return how manifests call the database that Django calls by this name."""
    return "mariadb" if vendor == "mysql" else vendor
