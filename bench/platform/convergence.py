"""Goal 4: a change of configuration is in force everywhere within a second, all of it or nothing, and can be undone."""

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from tests.processes.serving import Starter, until

from bench.platform.figures import Figure, quantile, told
from tools import services

WITHIN = 1.0
ROLES = ("web,realtime", "web,realtime", "web,realtime", "worker")
KEY, OTHER, SMALLEST, LARGEST = "alerts.queue_dead", "alerts.facts_dead", 0, 10_000


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench.platform.convergence", description=__doc__)
    parser.add_argument("--changes", type=int, default=200)
    chosen = parser.parse_args(arguments)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="guildry-bench-")))
        shared = {
            "GUILDRY_DATABASE": stack.enter_context(services.mariadb()),
            "GUILDRY_REDIS": stack.enter_context(services.redis()),
        }
        starting = Starter(folder / "data", shared)
        stack.callback(starting.end_all)
        port = str(services.free_port())
        for role in ROLES:
            starting.serve("--role", role, *(() if role == "worker" else ("--port", port)))
        os.environ |= {**starting._environment()}
        import django

        django.setup()
        return told(_figures(chosen.changes))


def _figures(count: int) -> Iterator[Figure]:
    from guildry.platform.runtime import queries

    until(lambda: queries.convergence().running == len(ROLES), "every process says what it has")
    before, version = _in_force(), queries.current_version()
    took = [_seconds_until_everywhere(number) for number in range(1, count + 1)]
    slow = quantile(took, 0.99)
    yield Figure(
        f"{count} changes by command were in force in {len(ROLES)} processes within {slow:.2f} s, 99 of 100 of them",
        f"at most {WITHIN:g} s",
        slow <= WITHIN,
    )
    yield _refused()
    after = _undone(version)
    differing = sum(a != b for a, b in zip(before, after, strict=False)) + abs(len(before) - len(after))
    seen = f"{differing} of {len(before)} bytes in force differ after going back"
    yield Figure(seen, "exactly 0", before == after)


def _seconds_until_everywhere(number: int) -> float:
    from guildry.kernel.permissions import SYSTEM
    from guildry.platform.runtime import actions, queries

    # At any moment between two looks.
    time.sleep(random.uniform(0, 0.5))
    actions.propose_changes(SYSTEM, changes={KEY: str(number)}, reason="Measured", channel="command")
    began, deadline = time.monotonic(), time.monotonic() + 30
    while time.monotonic() < deadline:
        found = queries.convergence()
        if found.current == found.running == len(ROLES):
            return time.monotonic() - began
        time.sleep(0.005)
    raise TimeoutError(f"{queries.convergence()} after 30 s.")


def _refused() -> Figure:
    """Propose sets of one good and one wrong value and see whether anything of them comes to be."""
    from guildry.kernel import errors
    from guildry.kernel.permissions import SYSTEM
    from guildry.platform.runtime import actions, queries

    version, before, refusals, wrong = (
        queries.current_version(),
        _in_force(),
        0,
        ("-1", "10001", "many", "1.5"),
    )
    for text in wrong:
        try:
            actions.propose_changes(
                SYSTEM, changes={KEY: "7", OTHER: text}, reason="Measured", channel="command"
            )
        except errors.DomainError:
            refusals += 1
    time.sleep(1)
    is_untouched = (queries.current_version(), _in_force()) == (version, before)
    is_everywhere = queries.convergence().current == len(ROLES)
    return Figure(
        f"{refusals} sets with a wrong value were refused and touched nobody", f"exactly {len(wrong)}",
        refusals == len(wrong) and is_untouched and is_everywhere,
    )  # fmt: skip


def _undone(version: int) -> bytes:
    from guildry.kernel.permissions import SYSTEM
    from guildry.platform.runtime import actions

    actions.roll_back(SYSTEM, version=version, reason="Measured", channel="command")
    return _in_force()


def _in_force() -> bytes:
    """Return every key and its value as text."""
    from guildry.platform.runtime import queries

    values = queries.effective(queries.snapshot()).values
    return "\n".join(f"{key}={values[key]!r}" for key in sorted(values)).encode()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
