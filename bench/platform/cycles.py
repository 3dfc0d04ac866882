"""Goal 9: two hundred starts and stops in one process leave nothing behind, and a start is quick."""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.processes.serving import Starter

from bench.platform.figures import Figure, told

CYCLES = 200
MOST_SECONDS = 3.0
STARTS = 5


def main(arguments: list[str]) -> int:
    """Measure; returns 1 when something stayed or a start was slow."""
    parser = argparse.ArgumentParser(prog="bench.platform.cycles", description=__doc__)
    parser.add_argument("--cycles", type=int, default=CYCLES)
    chosen = parser.parse_args(arguments)
    # What was compiled once is not compiled again, as on a machine that is started a second time.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory(prefix="guildry-bench-") as folder:
        return told(_figures(Path(folder), chosen.cycles))


def _figures(folder: Path, cycles: int) -> Iterator[Figure]:
    starts = [_seconds_to_ready(folder / f"data{number}") for number in range(STARTS)]
    yield Figure(
        f"an empty community is ready after {median(starts):.2f} s, {max(starts):.2f} s at worst of {STARTS}",
        f"at most {MOST_SECONDS:g} s",
        median(starts) <= MOST_SECONDS,
    )
    own = folder / "tmp"
    own.mkdir()
    starting = Starter(folder / "data0", {"TMPDIR": str(own)})
    began = time.monotonic()
    found = json.loads(starting.workshop("cycles", str(cycles)).splitlines()[-1])
    took = (time.monotonic() - began) / cycles
    yield Figure(
        f"{cycles} starts and stops of {took:.2f} s, exit codes {found['codes']}",
        f"at least {CYCLES}",
        cycles >= CYCLES and found["codes"] == [0],
    )
    for name, before in found["before"].items():
        after = found["after"][name]
        yield Figure(f"{name} after them: {after}", f"exactly {before}", after == before)


def _seconds_to_ready(data: Path) -> float:
    starting = Starter(data)
    try:
        began = time.monotonic()
        guildry = starting.serve(supervised=True)
        took = time.monotonic() - began
        guildry.stop()
    finally:
        starting.end_all()
    return took


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
