"""An empty database gets in one go exactly what all migrations together would have made of it."""

import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

LAY_OUT = "from guildry.platform.lifecycle.serving import preparation; preparation.migrate()"
MIGRATE = "from django.core.management import call_command; call_command('migrate', verbosity=0)"
SETUP = "import django; django.setup(); "
TABLE = re.compile(r"^CREATE TABLE \S+ \((.*)\)$", re.S)
ITEM = re.compile(r', (?=")|,? ?(?=CONSTRAINT)')


def made_by(code: str, folder: Path) -> sqlite3.Connection:
    folder.mkdir()
    environment = {
        **os.environ,
        "GUILDRY_DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "guildry.config.settings",
    }
    environment.pop("GUILDRY_DATABASE", None)
    subprocess.run([sys.executable, "-c", SETUP + code], env=environment, check=True)
    return sqlite3.connect(folder / "guildry.db")


def schema_of(database: sqlite3.Connection) -> dict[tuple[str, str], Any]:
    """Return every table as the set of its columns and constraints, whose order may differ, and every index."""
    found: dict[tuple[str, str], Any] = {}
    for kind, name, sql in database.execute("SELECT type, name, sql FROM sqlite_master"):
        table = TABLE.match(sql or "")
        found[kind, name] = sorted(part for part in ITEM.split(table[1]) if part) if table else sql
    return found


def rows_of(database: sqlite3.Connection) -> dict[str, list[tuple[Any, ...]]]:
    names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    contents = {name: database.execute(f"SELECT * FROM {name}").fetchall() for name in names}
    return {name: rows for name, rows in contents.items() if rows}


@pytest.mark.processes
def test_an_empty_database_is_laid_out_as_all_migrations_would(tmp_path: Path) -> None:
    at_once, step_by_step = made_by(LAY_OUT, tmp_path / "one"), made_by(MIGRATE, tmp_path / "two")

    assert schema_of(at_once) == schema_of(step_by_step)
    done = "SELECT app, name FROM django_migrations ORDER BY app, name"
    assert at_once.execute(done).fetchall() == step_by_step.execute(done).fetchall()
    first, second = rows_of(at_once), rows_of(step_by_step)
    known = "SELECT app_label, model FROM django_content_type ORDER BY app_label, model"
    assert at_once.execute(known).fetchall() == step_by_step.execute(known).fetchall()
    # Who lays out says so in the journal of changes, which Django's own verb knows nothing of.
    assert first.keys() - {"upgrades_change"} == second.keys()
    assert second.keys() <= {"django_migrations", "django_content_type", "auth_permission", "sqlite_sequence"}
