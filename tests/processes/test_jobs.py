"""Jobs outlive whoever runs them."""

import random
import time
from collections import Counter

import pytest

from tests.processes.serving import Starter, until

pytestmark = pytest.mark.processes


def test_no_job_is_lost_when_workers_are_killed(start: Starter) -> None:
    jobs, dice = 800, random.Random(11)
    start.workshop("give", str(jobs), "--die", code=-9)

    for _ in range(4):
        guildry = start.serve()
        time.sleep(dice.uniform(0.05, 0.5))
        guildry.kill()
    guildry = start.serve()
    until(lambda: guildry.report()["jobs"] == {"done": jobs}, "every job is done", guildry)
    assert guildry.stop() == 0

    worked = Counter(int(number) for number in start.lines("worked"))
    marks = start.report()["marks"]
    assert set(worked) == set(range(jobs))
    # A line stays where a kill took back the row, so a job may have run once more than its rows say, never less.
    assert set(marks) == {f"job {number}" for number in range(jobs)}
    assert all(1 <= marks[f"job {number}"] <= worked[number] for number in range(jobs))


def test_a_hopeless_job_is_given_up_and_its_log_keeps_the_secret(start: Starter) -> None:
    start.workshop("spoil")
    guildry = start.serve()

    until(lambda: guildry.report()["dead"], "the job is given up", guildry)
    assert guildry.stop() == 0

    ((task, attempts, error),) = start.report()["dead"]
    assert (task.rsplit(".", 1)[-1], attempts) == ("spoil", 2)
    assert error.startswith("builtins.ValueError: spoiled, 25 letters")
    assert guildry.said.count('"event":"job failed"') == 2
    assert "job given up" in guildry.said
    assert "open sesame" not in guildry.said + error
    shown = start.run("jobs", "list")
    assert "spoil\tdead\t2 attempts" in shown
    assert "open sesame" not in shown
