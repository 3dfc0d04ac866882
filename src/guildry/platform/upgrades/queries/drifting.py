"""Where the tables are made otherwise than this release wants them, and the statements that mend it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.migrations.executor import MigrationExecutor

from guildry.platform.upgrades.executor import shapes
from guildry.platform.upgrades.executor.shapes import Shape
from guildry.platform.upgrades.queries import snapshots
from guildry.platform.upgrades.queries.plans import state_now

PARTS = {"columns": "column", "references": "reference", "indexes": "index", "checks": "check"}


@dataclass(frozen=True)
class Difference:
    """One thing of a table: as it should be and as it is, empty where it should not be or is not."""

    table: str
    part: str
    name: str
    expected: str
    found: str

    @property
    def is_harmful(self) -> bool:
        """Tell whether this release lacks something; what is there besides is in nobody's way."""
        return bool(self.expected)

    def __str__(self) -> str:
        what = f"{self.part} {self.table}.{self.name}" if self.name else f"table {self.table}"
        if not self.found:
            return f"{what} is missing"
        if not self.expected:
            return f"{what} should not be there"
        return f"{what} is {self.found} and should be {self.expected}"


@dataclass(frozen=True)
class Drift:
    """Every difference, and the statements that end them; a line that begins with two hyphens is for people to decide."""

    differences: list[Difference]
    statements: list[str]


def differences(expected: Shape, found: Shape) -> list[Difference]:
    """Compare two accounts of a schema, table by table."""
    return [each for table in sorted(expected.keys() | found.keys()) for each in _of(table, expected, found)]


def _of(table: str, expected: Shape, found: Shape) -> Iterator[Difference]:
    if table not in found or table not in expected:
        is_wanted = table in expected
        yield Difference(table, "table", "", "a table" if is_wanted else "", "" if is_wanted else "a table")
        return
    for part, word in PARTS.items():
        wanted, here = _named(expected[table][part]), _named(found[table][part])
        for name in sorted(wanted.keys() | here.keys()):
            if wanted.get(name) != here.get(name):
                yield Difference(table, word, name, wanted.get(name, ""), here.get(name, ""))


def _named(part: Any) -> dict[str, str]:
    return part if isinstance(part, dict) else {name: name for name in part}


def drift_of_code() -> list[Difference]:
    """Compare the tables with the models of this release, for when nothing waits; reads the catalogue only."""
    return differences(_of_code(), shapes.of_database(connection))


def mended() -> Drift:
    """Return the drift with the statements that end it."""
    registry = _registry()
    wanted = _of_code() if registry is apps else snapshots.of_models(registry)
    found = differences(wanted, shapes.of_database(connection))
    by_table = {model._meta.db_table: model for model in registry.get_models(include_auto_created=True)}
    statements = [
        sql for table in dict.fromkeys(each.table for each in found) for sql in _mend(table, found, by_table)
    ]
    return Drift(found, statements)


def _registry() -> Any:
    """Return the models as the migrations that were carried out left them: those of the code unless some wait."""
    executor = MigrationExecutor(connection)
    waits = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return state_now(executor).apps if waits else apps


@cache
def _of_code() -> Shape:
    return snapshots.of_models()


def _mend(table: str, found: list[Difference], by_table: dict[str, Any]) -> Iterator[str]:
    own = [each for each in found if each.table == table]
    model = by_table.get(table)
    if model is None:
        yield f"-- nobody in this release uses it: DROP TABLE {connection.ops.quote_name(table)}"
        return
    if any(each.part == "table" for each in own):
        yield from _collected(lambda editor: editor.create_model(model))
        return
    surplus = [each for each in own if each.part == "column" and not each.expected]
    quote = connection.ops.quote_name
    for each in surplus:
        yield f"-- nobody in this release uses it: ALTER TABLE {quote(table)} DROP COLUMN {quote(each.name)}"
    rest = [each for each in own if each not in surplus]
    if rest and connection.vendor == "sqlite":
        yield from ["-- what follows drops it with its data"] if surplus else []
        yield from _rebuilt(model, rest)
        return
    for each in rest:
        yield from _mend_on_server(model, each)


def _rebuilt(model: Any, own: list[Difference]) -> Iterator[str]:
    """Let SQLite make the table anew, which is how it changes anything; missing columns come first, with their defaults."""
    lacking = {each.name for each in own if each.part == "column" and not each.found}
    quote = connection.ops.quote_name
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        for field in model._meta.local_concrete_fields:
            if field.column in lacking and not field.generated:
                value = editor.quote_value(_filling(editor, field))
                kind = field.db_type(connection)
                yield f"ALTER TABLE {quote(model._meta.db_table)} ADD COLUMN {quote(field.column)} {kind} DEFAULT {value};"
    yield from _collected(lambda editor: editor._remake_table(model))


def _filling(editor: Any, field: Any) -> Any:
    value = field.db_default if field.has_db_default() else editor.effective_default(field)
    return value.value if isinstance(value, models.Value) else value


def _mend_on_server(model: Any, each: Difference) -> list[str]:
    quote = connection.ops.quote_name
    fields = {field.column: field for field in model._meta.local_concrete_fields}
    if each.part == "column":
        field = fields[each.name]
        if not each.found:
            return _collected(lambda editor: editor.add_field(model, field))
        with connection.schema_editor(collect_sql=True, atomic=False) as editor:
            words, values = editor.column_sql(model, field)
            definition = str(words) % tuple(editor.quote_value(value) for value in values or ())
        definition = definition.replace(" PRIMARY KEY", "").replace(" UNIQUE", "")
        return [f"ALTER TABLE {quote(each.table)} MODIFY {quote(each.name)} {definition}"]
    if each.expected:
        return _made(model, each, fields)
    return [f"-- nobody in this release wants this {each.part} of {each.table}: {each.name}"]


def _made(model: Any, each: Difference, fields: dict[str, Any]) -> list[str]:
    if each.part == "reference":
        field = fields[each.name]
        suffix = "_fk_%(to_table)s_%(to_column)s"
        return _collected(lambda editor: editor.execute(editor._create_fk_sql(model, field, suffix)))
    if each.part == "check":
        wanted = next(one for one in model._meta.constraints if one.name == each.name)
        return _collected(lambda editor: editor.add_constraint(model, wanted))
    wanted = [fields[name] for name in each.name.removesuffix(" unique").split(", ")]
    if each.name.endswith(" unique"):
        return _collected(lambda editor: editor.execute(editor._create_unique_sql(model, wanted)))
    return _collected(
        lambda editor: editor.execute(editor._create_index_sql(model, fields=wanted, suffix="_idx"))
    )


def _collected(change: Any) -> list[str]:
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        change(editor)
    return [sql for sql in editor.collected_sql if not sql.startswith("--")]
