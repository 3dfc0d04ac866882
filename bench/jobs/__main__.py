"""`./dev bench jobs`: enqueue and work off no-op jobs, beside a bare driver loop with the same statements."""

import argparse
import os
import sys
import tempfile
from contextlib import ExitStack

from tools import services

TARGETS = {"sqlite": 5_000, "mariadb": 3_000}


def main() -> int:
    """Measure every database asked for; returns 1 when a target is missed or a job is lost."""
    parser = argparse.ArgumentParser(prog="./dev bench jobs", description=__doc__)
    parser.add_argument("--database", choices=[*TARGETS, "both"], default="both")
    parser.add_argument("--jobs", type=int, default=10_000, help="jobs in a round (default 10000)")
    parser.add_argument(
        "--rounds", type=int, default=3, help="interleaved rounds, of which the median counts"
    )
    parser.add_argument("--kills", type=int, default=0, metavar="N", help="instead, kill the worker N times")
    chosen = parser.parse_args()
    names = list(TARGETS) if chosen.database == "both" else [chosen.database]
    missed = [name for name in names if not in_a_process_of_its_own(name, chosen)]
    return 1 if missed else 0


def in_a_process_of_its_own(name: str, chosen: argparse.Namespace) -> bool:
    """Measure one database in a child, because a process has only one set of settings; tells whether it held."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="guildry-bench-"))
        address = "sqlite" if name == "sqlite" else stack.enter_context(services.mariadb(durable=True))
        if child := os.fork():
            return os.waitpid(child, 0)[1] == 0
        os.environ |= {
            "GUILDRY_DATA_DIR": folder,
            "GUILDRY_DATABASE": address,
            "DJANGO_SETTINGS_MODULE": "guildry.config.settings",
        }
        os._exit(0 if measure(name, chosen) else 1)


def measure(name: str, chosen: argparse.Namespace) -> bool:
    import django

    django.setup()
    from bench.jobs import killing, working

    held = (
        killing.none_is_lost(chosen.jobs, chosen.kills)
        if chosen.kills
        else working.rates(name, chosen.jobs, chosen.rounds, TARGETS[name])
    )
    sys.stdout.flush()
    return held


if __name__ == "__main__":
    sys.exit(main())
