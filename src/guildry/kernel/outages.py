"""Which database errors end by themselves, so that the same again may succeed in a moment."""

from collections.abc import Sequence
from typing import Any

from django.db import DatabaseError, InterfaceError

# MySQL and MariaDB: too many connections, lost or refused ones, refused accounts, lock waits, deadlocks, full or read-only disk.
_CODES = frozenset(
    {
        1020,
        1021,
        1023,
        1040,
        1045,
        1053,
        1114,
        1129,
        1158,
        1159,
        1160,
        1161,
        1180,
        1203,
        1205,
        1213,
        1290,
        1836,
        2002,
        2003,
        2006,
        2013,
        2014,
        2055,
        3024,
        4031,
        4151,
    }
)
_WORDS = ("locked", "busy", "readonly", "read-only", "disk is full", "disk i/o", "unable to open")


def is_passing(arguments: Sequence[Any]) -> bool:
    """Tell whether a database error, by its arguments, ends by itself: locks, lost servers, full disks."""
    if arguments and isinstance(arguments[0], int):
        return arguments[0] in _CODES
    text = str(arguments[0]).lower() if arguments else ""
    return any(word in text for word in _WORDS)


def is_outage(error: BaseException) -> bool:
    """Tell whether an error means that the database cannot be reached or written to right now."""
    if isinstance(error, InterfaceError):
        return True
    return isinstance(error, DatabaseError) and is_passing(error.args)
