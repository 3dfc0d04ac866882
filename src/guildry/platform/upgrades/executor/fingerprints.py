"""What the tables look like now, as the database itself writes them down."""

from typing import Any

from guildry.platform.upgrades import rules


def tables_of(connection: Any) -> list[str]:
    with connection.cursor() as cursor:
        return sorted(
            info.name for info in connection.introspection.get_table_list(cursor) if info.type == "t"
        )


def definition_of(connection: Any, table: str) -> str:
    """Return the statements that would make a table and its indexes."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT sql FROM sqlite_master WHERE tbl_name = %s AND sql IS NOT NULL ORDER BY type, name",
                [table],
            )
            return ";".join(row[0] for row in cursor.fetchall())
        cursor.execute(f"SHOW CREATE TABLE {connection.ops.quote_name(table)}")
        return str(cursor.fetchone()[1])


def of_tables(connection: Any, sql: str) -> str:
    """Return the fingerprint of the tables that a statement names and that exist."""
    names = rules.names_in(sql, tables_of(connection))
    return rules.fingerprint(definition_of(connection, name) for name in names)


def of_everything(connection: Any) -> str:
    return rules.fingerprint(definition_of(connection, name) for name in tables_of(connection))
