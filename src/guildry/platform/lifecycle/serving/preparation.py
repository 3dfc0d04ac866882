"""What has to be true before the site may answer: schema, static files, a community."""

import argparse
import time
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.apps import apps
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from guildry.kernel.permissions import SYSTEM
from guildry.kernel.points import COMMANDS
from guildry.platform.lifecycle import actions, queries

log = structlog.get_logger("guildry.lifecycle")
DEMO_DECIDED = "demo decided"
DEMO_LOADED = "demo loaded"


def migrate() -> None:
    """Bring the schema up to date; of several processes that start together, one does it and the others wait."""
    with _alone_on_the_server():
        executor = MigrationExecutor(connection)
        if connection.features.can_rollback_ddl and not connection.introspection.table_names():
            _lay_out(executor)
        elif executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", interactive=False, verbosity=0)


def _lay_out(executor: MigrationExecutor) -> None:
    """Make the tables as they are today in an empty database, at once and all or none, instead of every step there."""
    with connection.schema_editor() as editor:
        executor.recorder.ensure_schema()
        for model in apps.get_models():
            if model._meta.can_migrate(connection):
                editor.create_model(model)
        for step in executor.loader.disk_migrations:
            executor.recorder.record_applied(*step)
    emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)


def settle_demo(*, wanted: bool) -> None:
    """Load the demo community if this first start wants it; the decision is made once in an installation's life."""
    if queries.has_happened(DEMO_DECIDED):
        return
    if wanted:
        _run_verb("seed", "open")
        actions.mark_occasion(SYSTEM, name=DEMO_LOADED)
    actions.mark_occasion(SYSTEM, name=DEMO_DECIDED)


def has_demo() -> bool:
    return queries.has_happened(DEMO_LOADED)


def _run_verb(name: str, *words: str) -> None:
    command = COMMANDS[name]
    parser = argparse.ArgumentParser(prog=f"guildry {name}")
    if command.arguments:
        command.arguments(parser)
    if code := command.run(parser.parse_args(words)):
        raise RuntimeError(f"guildry {name} ended with exit code {code}.")


@contextmanager
def _alone_on_the_server() -> Iterator[None]:
    if connection.vendor == "sqlite":
        yield
        return
    options = connection.settings_dict["OPTIONS"]
    usual = {name: options[name] for name in ("read_timeout", "write_timeout")}
    options.update(read_timeout=3600, write_timeout=3600)
    connection.close()
    try:
        _wait_for_lock()
        yield
    finally:
        options.update(usual)
        connection.close()


def _wait_for_lock() -> None:
    deadline = time.monotonic() + 600
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute("SELECT GET_LOCK('guildry.migrate', 5)")
            if cursor.fetchone()[0] == 1:
                return
        log.info("another process is changing the schema; waiting for it")
    raise TimeoutError("Another process has been changing the schema for ten minutes.")
