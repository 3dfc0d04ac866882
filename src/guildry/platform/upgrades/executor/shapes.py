"""How the tables are made, read from the catalogue of the engine in a few queries and put in words both engines share."""

import re
from typing import Any

Shape = dict[str, dict[str, Any]]
OF_MARIADB = (
    (re.compile(r"^tinyint\(1\)"), "bool"),
    (re.compile(r"^(big|small)int(?:\(\d+\))?"), r"\1int"),
    (re.compile(r"^int(?:\(\d+\))?"), "integer"),
    (re.compile(r"^(datetime|time)\(6\)"), r"\1"),
    (re.compile(r"^longtext|^json"), "text"),
    (re.compile(r"^uuid"), "char(32)"),
    (re.compile(r"^double"), "real"),
    (re.compile(r"^(?:decimal|numeric)\(.*\)"), "decimal"),
    (re.compile(r"^longblob"), "blob"),
)
_FRACTION = re.compile(r"\.0+'$")
_CHECK = re.compile(r'CONSTRAINT "(\w+)" CHECK')
BOOKKEEPING = frozenset({"django_migrations", "sqlite_sequence", "sqlite_stat1", "sqlite_stat4"})


def empty() -> dict[str, Any]:
    return {"columns": {}, "indexes": [], "references": {}, "checks": []}


def column(kind: str, *, is_null: bool, is_key: bool, default: str | None, is_generated: bool = False) -> str:
    """Return how a column is made in one line; a key of integers is called that, for engines size it differently."""
    kind = kind.casefold()
    if is_key:
        return "key" if kind == "integer" else f"{kind} key"
    if is_generated:
        return f"{kind} generated"
    words = [kind] + (["null"] if is_null else [])
    if default is not None and default != "NULL":
        words.append(f"default {_FRACTION.sub(chr(39), default.strip('()'))}")
    return " ".join(words)


def index(columns: list[str], *, is_unique: bool) -> str:
    return ", ".join(columns) + (" unique" if is_unique else "")


def of_database(connection: Any) -> Shape:
    """Return every table with its columns, indexes, references and named checks."""
    shape = _of_sqlite(connection) if connection.vendor == "sqlite" else _of_mariadb(connection)
    for table in shape.values():
        own = {name for name in table["indexes"] if name in table["references"]}
        table["indexes"] = sorted(set(table["indexes"]) - own)
        without_signs(table)
        table["checks"] = sorted(set(table["checks"]) - set(table["columns"]))
    return shape


def without_signs(table: dict[str, Any]) -> None:
    """Leave out of references that numbers have no sign: engines differ in whether a reference says what its target says."""
    for name in table["references"]:
        table["columns"][name] = table["columns"][name].replace(" unsigned", "")


def _rows(connection: Any, sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def _of_sqlite(connection: Any) -> Shape:
    tables = dict(_rows(connection, "SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
    shape = {name: empty() for name in tables if name not in BOOKKEEPING}
    each = "FROM sqlite_master m, pragma_{0} p WHERE m.type = 'table'"
    for table, name, kind, not_null, default, key, hidden in _rows(
        connection,
        'SELECT m.name, p.name, p.type, p."notnull", p.dflt_value, p.pk, p.hidden '
        + each.format("table_xinfo(m.name)"),
    ):
        if table in shape:
            made = column(
                kind, is_null=not not_null, is_key=bool(key), default=default, is_generated=hidden > 1
            )
            shape[table]["columns"][name] = made
    for table, columns, is_unique in _sqlite_indexes(connection):
        if table in shape:
            shape[table]["indexes"].append(index(columns, is_unique=is_unique))
    for table, source, target, target_column in _rows(
        connection, 'SELECT m.name, p."from", p."table", p."to" ' + each.format("foreign_key_list(m.name)")
    ):
        shape[table]["references"][source] = f"{target}.{target_column}"
    for name, table in shape.items():
        table["checks"] = _CHECK.findall(tables[name])
    return shape


def _sqlite_indexes(connection: Any) -> list[tuple[str, list[str], bool]]:
    rows = _rows(
        connection,
        'SELECT m.name, l.name, l."unique", i.name FROM sqlite_master m, pragma_index_list(m.name) l, '
        "pragma_index_info(l.name) i WHERE m.type = 'table' AND NOT l.partial AND l.origin <> 'pk' "
        "ORDER BY m.name, l.name, i.seqno",
    )
    return _gathered(rows)


def _gathered(rows: list[tuple[Any, ...]]) -> list[tuple[str, list[str], bool]]:
    """Put the columns of each index together; one on an expression has a column without a name and is left out."""
    found: dict[tuple[str, str, bool], list[Any]] = {}
    for table, name, is_unique, column_name in rows:
        found.setdefault((table, name, bool(is_unique)), []).append(column_name)
    return [
        (table, columns, is_unique)
        for (table, _, is_unique), columns in found.items()
        if all(name is not None for name in columns)
    ]


def _of_mariadb(connection: Any) -> Shape:
    names = _rows(
        connection,
        "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'",
    )
    shape = {name: empty() for (name,) in names if name not in BOOKKEEPING}
    for table, name, kind, nullable, default, key, extra in _rows(
        connection,
        "SELECT table_name, column_name, column_type, is_nullable, column_default, column_key, extra "
        "FROM information_schema.columns WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position",
    ):
        if table in shape:
            kind = _as_here(kind, counts="auto_increment" in extra)
            made = column(
                kind,
                is_null=nullable == "YES",
                is_key=key == "PRI",
                default=default,
                is_generated="GENERATED" in extra,
            )
            shape[table]["columns"][name] = made
    _add_rules_of_mariadb(connection, shape)
    return shape


def _add_rules_of_mariadb(connection: Any, shape: Shape) -> None:
    rows = _rows(
        connection,
        "SELECT table_name, index_name, NOT non_unique, column_name FROM information_schema.statistics "
        "WHERE table_schema = DATABASE() AND index_name <> 'PRIMARY' ORDER BY table_name, index_name, seq_in_index",
    )
    for table, columns, is_unique in _gathered(rows):
        if table in shape:
            shape[table]["indexes"].append(index(columns, is_unique=is_unique))
    for table, name, target, target_column in _rows(
        connection,
        "SELECT table_name, column_name, referenced_table_name, referenced_column_name "
        "FROM information_schema.key_column_usage "
        "WHERE table_schema = DATABASE() AND referenced_table_name IS NOT NULL",
    ):
        shape[table]["references"][name] = f"{target}.{target_column}"
    for table, name in _rows(
        connection,
        "SELECT table_name, constraint_name FROM information_schema.check_constraints "
        "WHERE constraint_schema = DATABASE()",
    ):
        if table in shape:
            shape[table]["checks"].append(name)


def _as_here(kind: str, *, counts: bool) -> str:
    for pattern, words in OF_MARIADB:
        kind = pattern.sub(words, kind)
    return "integer" if counts and kind == "bigint" else kind
