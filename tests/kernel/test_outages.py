"""What ends by itself is told from what somebody has to mend."""

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError

from guildry.kernel import outages


@pytest.mark.parametrize(
    ("arguments", "passes"),
    [
        (("database is locked",), True),
        (("attempt to write a readonly database",), True),
        (("database or disk is full",), True),
        (("unable to open database file",), True),
        ((2013, "Lost connection to server during query"), True),
        ((1205, "Lock wait timeout exceeded"), True),
        ((1146, "Table 'x' doesn't exist"), False),
        (("no such table: x",), False),
        ((), False),
    ],
)
def test_outages_are_told_from_faults(arguments: tuple[object, ...], passes: bool) -> None:
    assert outages.is_passing(arguments) is passes
    assert outages.is_outage(OperationalError(*arguments)) is passes


def test_a_connection_that_is_gone_is_an_outage_and_an_error_of_ours_is_none() -> None:
    assert outages.is_outage(InterfaceError("connection already closed"))
    assert not outages.is_outage(DatabaseError("no such column"))
    assert not outages.is_outage(ValueError("locked"))
