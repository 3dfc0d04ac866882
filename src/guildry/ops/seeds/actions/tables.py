"""Writing many rows at once, past the ORM."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import Model
from django.db.models.fields import NOT_PROVIDED, AutoField, BigAutoField

from guildry.kernel.permissions import Actor

BATCH = 10_000
LENGTH_OF_ZONE = len("+00:00")


class Table:
    """One table to fill: rows give the named columns, the defaults of the model give what is required besides.

    Making one raises LookupError when a required column is neither.
    """

    def __init__(self, model: type[Model], names: str) -> None:
        fields = {field.attname: field for field in model._meta.concrete_fields}
        wanted = names.split()
        constants = {
            name: field.get_db_prep_save(field.get_default(), connection)
            for name, field in fields.items()
            if name not in wanted and _needs_value(field)
        }
        self.constants = tuple(constants.values())
        quote = connection.ops.quote_name
        columns = ", ".join(quote(str(fields[name].column)) for name in (*wanted, *constants))
        places = ", ".join(["%s"] * (len(wanted) + len(constants)))
        self.insert = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608 - own names

    def fill(self, rows: Iterable[Sequence[Any]]) -> None:
        """Insert rows of values as the driver takes them; moments come from `moment`."""
        source = iter(rows)
        with connection.cursor() as cursor:
            while batch := [(*row, *self.constants) for row in islice(source, BATCH)]:
                cursor.executemany(self.insert, batch)

    @staticmethod
    def moment(value: datetime) -> str:
        """Return a moment in UTC as every driver takes it: they all send what Django would have made of it, a text."""
        return value.isoformat(" ")[:-LENGTH_OF_ZONE]


@contextmanager
def in_haste(actor: Actor) -> Iterator[None]:
    """Give the connection memory for large indexes and let it trust that every key leads somewhere."""
    mysql = connection.vendor == "mysql"
    with connection.cursor() as cursor:
        cursor.execute("SELECT @@unique_checks" if mysql else "PRAGMA cache_size")
        usual = cursor.fetchone()[0]
        cursor.execute("SET unique_checks = 0" if mysql else "PRAGMA cache_size = -262144")
        try:
            with connection.constraint_checks_disabled():
                yield
        finally:
            cursor.execute(f"SET unique_checks = {usual}" if mysql else f"PRAGMA cache_size = {usual}")


def measure_tables(actor: Actor) -> None:
    """Let the database look at what is there now, so that it plans its queries for it.

    On MariaDB that would commit a transaction, so inside one it is left to the server.
    """
    if connection.vendor == "mysql" and connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        tables = ", ".join(map(connection.ops.quote_name, connection.introspection.table_names(cursor)))
        cursor.execute(f"ANALYZE TABLE {tables}" if connection.vendor == "mysql" else "ANALYZE")


def _needs_value(field: Any) -> bool:
    if field.generated or field.null or isinstance(field, (AutoField, BigAutoField)):
        return False
    if field.db_default is not NOT_PROVIDED:
        return False
    if not field.has_default() and not field.empty_strings_allowed:
        raise LookupError(f"Rows of {field.model.__name__} must say their {field.attname}.")
    return True
