"""Facts outlive the process that published them and the process that delivers them."""

import random
import time
from collections import Counter

import pytest

from guildry.platform.facts.actions import TOGETHER
from tests.processes.serving import Starter, until

pytestmark = pytest.mark.processes


def test_facts_of_a_killed_process_are_delivered_with_one_effect_each(start: Starter) -> None:
    """The publisher dies right after its commits, the deliverer again and again in the middle of its work."""
    bells, dice = 600, random.Random(7)
    start.workshop("ring", str(bells), "--die", code=-9)
    assert start.report()["effects"] == []

    for _ in range(4):
        guildry = start.serve()
        time.sleep(dice.uniform(0.05, 0.4))
        guildry.kill()
    guildry = start.serve()
    until(lambda: guildry.report()["waiting"] == 0, "everything is delivered", guildry)
    assert guildry.stop() == 0

    report = start.report()
    heard = Counter(start.lines("heard"))
    assert report["bells"] == bells
    assert report["seqs"] == list(range(1, len(report["seqs"]) + 1))
    assert sorted(report["effects"]) == sorted(f"bell {number}" for number in range(bells))
    assert set(heard) == {str(number) for number in range(bells)}
    # Only deliveries of a transaction that a kill interrupted may have been heard twice.
    assert sum(heard.values()) - bells <= 4 * TOGETHER
