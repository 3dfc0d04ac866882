"""The unit that systemd gets starts a command that exists, and gives it the time it may take."""

import argparse
import configparser
import shlex

import pytest

from guildry.kernel.points import COMPONENTS
from guildry.platform.lifecycle import commands
from guildry.platform.lifecycle.rules import Exit
from guildry.platform.lifecycle.serving.orders import BEYOND_GRACE
from tools import steps


@pytest.fixture(scope="module")
def service() -> configparser.SectionProxy:
    unit = configparser.ConfigParser(interpolation=None, strict=True)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(steps.ROOT / "deploy" / "guildry.service")
    return unit["Service"]


def served(service: configparser.SectionProxy) -> argparse.Namespace:
    _, verb, *words = shlex.split(service["ExecStart"])
    parser = argparse.ArgumentParser()
    commands.serve_arguments(parser)
    assert verb == "serve"
    return parser.parse_args(words)


def test_the_command_is_understood_and_keeps_its_data_where_systemd_made_room(
    service: configparser.SectionProxy,
) -> None:
    arguments = served(service)

    assert (arguments.data, service["StateDirectory"]) == ("/var/lib/guildry", "guildry")
    assert (arguments.supervisor, arguments.lame_duck) == (True, 5)
    assert (service["Type"], service["NotifyAccess"]) == ("notify", "main")


def test_a_stop_has_all_the_time_it_may_take(service: configparser.SectionProxy) -> None:
    arguments = served(service)
    slowest = sorted(component.timeout.total_seconds() for component in COMPONENTS)[-1]

    assert int(service["TimeoutStopSec"]) >= arguments.lame_duck + arguments.grace + BEYOND_GRACE
    assert slowest < BEYOND_GRACE


def test_what_would_fail_again_is_not_started_again(service: configparser.SectionProxy) -> None:
    given_up = {int(code) for code in service["RestartPreventExitStatus"].split()}

    assert given_up == {Exit.USAGE, Exit.LOCKED, Exit.CONFIGURATION}
