"""Operators see the end of the trail, prove that it is whole, and take copies for a reason."""

import argparse
import csv
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from guildry.kernel import bus, clock
from guildry.kernel.bus import Act
from guildry.kernel.permissions import SYSTEM
from guildry.people.accounts.models import Member
from guildry.platform.audit import commands, rules
from guildry.platform.audit.models import Entry
from guildry.platform.facts.models import StoredFact
from tests.platform.facts.events import BellRang

pytestmark = pytest.mark.django_db
MOMENT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    commands.arguments(parser)
    return commands.audit(parser.parse_args(words))


@pytest.fixture(autouse=True)
def two_acts(ada: Member, deliver: Callable[[], int]) -> None:
    with clock.at(MOMENT):
        bus.publish(BellRang(1), actor=ada, act=Act("=1+1 is too loud"))
        bus.publish(BellRang(2), actor=SYSTEM, act=Act("Out of tune"))
    deliver()


def test_the_end_of_the_trail_is_shown_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("tail") == 0
    both = capsys.readouterr().out.splitlines()
    run("tail", "--count", "1")

    assert [line.split("\t") for line in both] == [
        ["1", "2026-03-01T12:00:00+00:00", "ada", "Bell rang", "bell:1", "=1+1 is too loud", ""],
        ["2", "2026-03-01T12:00:00+00:00", "system", "Bell rang", "bell:2", "Out of tune", ""],
    ]
    assert capsys.readouterr().out.splitlines() == both[1:]


def test_the_chain_passes_or_the_damage_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    bus.publish(BellRang(3), actor=SYSTEM)

    passed = run("verify")
    StoredFact.objects.filter(seq=2).update(payload="{}")
    failed = run("verify")

    told = capsys.readouterr().out.splitlines()
    assert (passed, failed) == (0, 73)
    assert told[0].startswith("All 2 sealed facts are as they were sealed. 1 wait for their seal. Read ")
    assert told[1] == "Damage found: fact 2: edited. The 1 facts before it are as they were sealed."


def test_a_copy_holds_every_entry_runs_in_no_spreadsheet_and_is_an_act_itself(
    deliver: Callable[[], int], tmp_path: Path
) -> None:
    target = tmp_path / "trail.csv"

    assert run("export", "--to", str(target), "--reason", "Yearly audit") == 0
    deliver()

    rows = list(csv.DictReader(target.read_text("utf-8").splitlines()))
    assert [(row["seq"], row["who"], row["reason"]) for row in rows] == [
        ("2", "system", "Out of tune"),
        ("1", "ada", "'=1+1 is too loud"),
    ]
    assert rows[0]["digest"] == StoredFact.objects.get(seq=2).digest
    exported = Entry.objects.get(seq=3)
    assert (exported.name, exported.subject, exported.reason) == (
        "audit.TrailExported", "audit", "Yearly audit"
    )  # fmt: skip


def test_a_copy_in_json_goes_to_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("export", "--format", "json", "--reason", "Yearly audit") == 0

    assert [tuple(row) for row in json.loads(capsys.readouterr().out)] == [rules.COLUMNS] * 2


def test_no_copy_without_a_reason(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("export") == 64
    assert "Use --reason" in capsys.readouterr().err
    assert StoredFact.objects.count() == 2
