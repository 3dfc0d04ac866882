"""Operators list jobs and revive those that were given up."""

import argparse
from datetime import timedelta

import pytest

from guildry.kernel import clock
from guildry.kernel.observing import Depth
from guildry.platform.jobs import commands, queries
from guildry.platform.jobs import tasks as upkeep
from guildry.platform.jobs.models import Job
from tests.platform.jobs import tasks

pytestmark = pytest.mark.django_db


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    commands.arguments(parser)
    return commands.jobs(parser.parse_args(words))


def test_jobs_are_listed_by_state_and_dead_ones_revived(capsys: pytest.CaptureFixture[str]) -> None:
    for reason in ("a", "b", "c"):
        tasks.fail.enqueue(reason)
    first, *others = Job.objects.order_by("id")
    Job.objects.update(state=Job.State.DEAD, attempts=3, error="builtins.ValueError: no ink\nTraceback …")

    codes = [
        run("list", "--limit", "1"),
        run("retry", str(first.pk)),
        run("retry"),
        run("list", "--state", "ready"),
    ]

    name, ready = "tests.platform.jobs.tasks.fail", []
    for job in (*reversed(others), first):
        ready.append(f"{job.pk}\t{name}\tready\t0 attempts\tbuiltins.ValueError: no ink")
    assert codes == [0, 0, 0, 0]
    assert capsys.readouterr().out.splitlines() == [
        f"{others[-1].pk}\t{name}\tdead\t3 attempts\tbuiltins.ValueError: no ink",
        "1 jobs will be tried again.",
        "2 jobs will be tried again.",
        *ready,
    ]


def test_a_job_without_an_error_is_listed_with_none(capsys: pytest.CaptureFixture[str]) -> None:
    tasks.note.enqueue(1)

    run("list", "--state", "ready")

    assert capsys.readouterr().out.endswith("ready\t0 attempts\t\n")
    assert [str(job) for job in queries.jobs_in_state("ready")] == ["tests.platform.jobs.tasks.note ready"]


def test_the_depth_counts_the_time_since_a_job_was_asked_for_also_while_the_past_is_told() -> None:
    now = clock.now()
    with clock.at(now), clock.telling(now - timedelta(days=60)):
        tasks.note.enqueue(1)

    with clock.at(now + timedelta(seconds=121)):
        depth = commands.depth()

    assert depth == Depth(waiting=1, oldest_seconds=121.0)


def test_the_scheduled_upkeep_runs() -> None:
    assert upkeep.forget_finished_jobs.call() == 0
