"""Rules of the lint about functions and statements that somebody wrote by hand."""

import inspect
from collections.abc import Iterator
from typing import Any

from django.db import migrations

from guildry.kernel.stepwise import Backfill
from guildry.platform.upgrades import rules
from guildry.platform.upgrades.queries.linting.subjects import Subject
from guildry.platform.upgrades.rules import Kind


def code_beside_tables(subject: Subject) -> Iterator[str]:
    works = [move for move in subject.moves if move.kind in (Kind.DATA, Kind.BACKFILL)]
    touches = [move for move in subject.moves if move.kind == Kind.SCHEMA and not _is_about_rows(move)]
    if works and touches:
        yield "A function on rows and a change of tables are in one migration; make two of them."
    for move in works:
        if rules.changes_tables(_source(move.operation)):
            yield f"{move.label} changes tables from within a function, where no journal sees it."


def _is_about_rows(move: Any) -> bool:
    sql = getattr(move.operation, "sql", None)
    return isinstance(sql, str) and rules.is_about_rows(sql)


def cannot_be_undone(subject: Subject) -> Iterator[str]:
    for move in subject.moves:
        if not move.operation.reversible and not subject.said.irreversible:
            yield f"{move.label} cannot be undone; give it a reverse or noop, or say why in `irreversible`."


def one_dialect(subject: Subject) -> Iterator[str]:
    for move in subject.is_about(migrations.RunSQL):
        if move.operation.sql:
            yield "Raw SQL is for one engine; say it for both with EachEngine."


def unbounded(subject: Subject) -> Iterator[str]:
    for statement in subject.statements():
        if rules.is_unbounded(statement):
            yield f"A statement touches every row: {statement[:80]}"
    for move in subject.is_about(migrations.RunPython):
        if rules.touches_every_row(_source(move.operation)):
            yield f"{move.label} touches every row at once; use Backfill."


def _source(operation: Any) -> str:
    function = operation.work if isinstance(operation, Backfill) else getattr(operation, "code", None)
    try:
        return inspect.getsource(function) if function else ""
    except (OSError, TypeError):
        return ""
