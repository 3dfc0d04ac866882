"""Operators see whether the record is whole, and what was given up."""

import argparse
from datetime import timedelta

import pytest

from guildry.kernel import bus, clock
from guildry.kernel.bus import Delivery
from guildry.kernel.permissions import SYSTEM
from guildry.platform.facts import actions, commands, queries, rules, tasks
from guildry.platform.facts.models import Receipt
from tests.platform.facts.conftest import Subscribe
from tests.platform.facts.events import BellRang

pytestmark = pytest.mark.django_db


def parsed(add: object, *words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add(parser)  # type: ignore[operator]
    return parser.parse_args(words)


def refuse(delivery: Delivery) -> None:
    raise ValueError("no ink")


def test_given_up_deliveries_are_listed_and_revived(
    subscribe: Subscribe, capsys: pytest.CaptureFixture[str]
) -> None:
    subscribe(BellRang, refuse, "test.a")
    bus.publish(BellRang(1), actor=SYSTEM)
    actions.seal_facts(SYSTEM)
    Receipt.objects.update(attempts=rules.MOST_ATTEMPTS - 1)
    actions.deliver_due(SYSTEM)
    capsys.readouterr()

    commands.facts(parsed(commands.facts_arguments, "dead"))
    commands.facts(parsed(commands.facts_arguments, "retry"))

    assert capsys.readouterr().out.splitlines() == [
        "1\tfacts.BellRang\ttest.a\t10 attempts\tValueError('no ink')",
        "1 deliveries will be tried again.",
    ]
    assert queries.backlog().waiting == 1


def test_the_depth_says_how_far_delivery_is_behind() -> None:
    now = clock.now()
    with clock.telling(now - timedelta(days=60)):
        bus.publish(BellRang(1), actor=SYSTEM)

    with clock.at(now + timedelta(seconds=61)):
        depth = commands.depth()

    assert (depth.waiting, depth.retrying, depth.dead, round(depth.oldest_seconds)) == (1, 0, 0, 61)


def test_the_scheduled_upkeep_runs() -> None:
    assert tasks.forget_old_receipts.call() == 0
