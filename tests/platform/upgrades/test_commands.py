"""The verb `guildry migrate`."""

import argparse
import json

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from guildry.kernel import clock
from guildry.kernel.permissions import SYSTEM
from guildry.platform.upgrades import actions, commands
from guildry.platform.upgrades.models import Change, Step
from guildry.platform.upgrades.rules import Exit, Kind, Status

pytestmark = pytest.mark.django_db


def chosen(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    commands.arguments(parser)
    return parser.parse_args(words)


def a_backfill(*, status: Status = Status.STARTED, is_paused: bool = False) -> Step:
    change = Change.objects.create(
        app="trial",
        name="0002_fill",
        direction="forward",
        phase="migrate",
        status=status,
        opened_at=clock.now(),
    )
    return Step.objects.create(
        change_id=change.pk, position=0, statement=0, kind=Kind.BACKFILL, label="Backfill Book", sql="", digest="",
        status=status, is_paused=is_paused,
    )  # fmt: skip


def test_a_database_of_this_release_has_nothing_to_wait_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.migrate(chosen("status")) == Exit.CLEAN

    assert capsys.readouterr().out == "Nothing waits: the tables are those of this release.\n"


def test_what_is_due_is_named_and_has_an_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    MigrationRecorder(connection).record_unapplied("seeds", "0001_initial")

    assert commands.migrate(chosen("status", "--json")) == Exit.FOUND

    assert json.loads(capsys.readouterr().out) == {
        "due": ["seeds.0001_initial"],
        "waiting": [],
        "changes": [],
    }


def test_the_journal_is_shown_with_how_far_each_change_is(capsys: pytest.CaptureFixture[str]) -> None:
    a_backfill(status=Status.FAILED)
    Change.objects.update(error="OperationalError: the disk is full")

    assert commands.migrate(chosen("status")) == Exit.FOUND

    first, second, *_ = capsys.readouterr().out.splitlines()
    assert first.startswith("failed   trial.0002_fill forward, 0 of 1 steps, ")
    assert second.strip() == "OperationalError: the disk is full"


def test_backfills_rest_and_go_on(capsys: pytest.CaptureFixture[str]) -> None:
    step = a_backfill()

    assert commands.migrate(chosen("pause")) == Exit.CLEAN
    step.refresh_from_db()
    assert step.is_paused is True
    assert actions.resume_backfills(SYSTEM, reason="A test") == 1
    step.refresh_from_db()
    assert step.is_paused is False
    assert capsys.readouterr().out == "1 backfills rest after the chunk they are at.\n"


def test_a_backfill_that_is_done_is_not_asked_to_rest(capsys: pytest.CaptureFixture[str]) -> None:
    a_backfill(status=Status.DONE)

    commands.migrate(chosen("pause"))

    assert capsys.readouterr().out == "No backfill is under way.\n"


@pytest.mark.django_db(transaction=True)
def test_running_when_nothing_is_due_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.migrate(chosen("run")) == Exit.CLEAN

    assert capsys.readouterr().out == "Nothing was due.\n"


@pytest.mark.django_db(transaction=True)
def test_going_back_to_a_migration_that_nobody_knows_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.migrate(chosen("rollback", "timeline", "0999_later")) == Exit.USAGE

    assert "This release has no migration timeline.0999_later." in capsys.readouterr().err


@pytest.mark.django_db(transaction=True)
def test_an_app_goes_back_to_nothing_and_comes_again(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.migrate(chosen("rollback", "seeds", "zero")) == Exit.CLEAN
    tables = connection.introspection.table_names()
    assert commands.migrate(chosen("resume", "--without-backup")) == Exit.CLEAN

    assert "seeds_loadedpack" not in tables
    assert set(connection.introspection.table_names()) - set(tables)
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "undone   seeds.0001_initial"
    assert said[-1] == "done     seeds.0001_initial"


@pytest.mark.django_db(transaction=True)
def test_nothing_is_carried_out_without_a_copy_of_the_data_unless_that_is_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    commands.migrate(chosen("rollback", "seeds", "zero"))

    assert commands.migrate(chosen("run")) == Exit.DEPENDENCY
    assert "say --without-backup to do without one" in capsys.readouterr().err
    assert commands.migrate(chosen("run", "--without-backup")) == Exit.CLEAN
