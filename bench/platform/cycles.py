"""Goal 9: two hundred starts and stops in one process leave nothing behind, and a start is quick."""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

from tests.processes.serving import Starter

CYCLES = 200
MOST_SECONDS = 3.0


def main(arguments: list[str]) -> int:
    """Print what there was before and after; returns 1 when something stayed or a start was slow."""
    cycles = int(arguments[0]) if arguments else CYCLES
    with tempfile.TemporaryDirectory(prefix="guildry-bench-") as folder:
        own = Path(folder) / "tmp"
        own.mkdir()
        starting = Starter(Path(folder) / "data", {"TMPDIR": str(own)})
        began = time.monotonic()
        guildry = starting.serve(supervised=True)
        ready = time.monotonic() - began
        guildry.stop()
        began = time.monotonic()
        found = json.loads(starting.workshop("cycles", str(cycles)).splitlines()[-1])
        took = (time.monotonic() - began) / cycles
    held = found["after"] == found["before"] and found["codes"] == [0] and ready <= MOST_SECONDS
    for name, count in found["before"].items():
        sys.stdout.write(f"{name:<12} before {count}, after {found['after'][name]}\n")
    sys.stdout.write(
        f"{cycles} cycles of {took:.2f} s; an empty community was ready after {ready:.1f} s "
        f"(at most {MOST_SECONDS:g} s, load {os.getloadavg()[0]:.1f}): {'held' if held else 'MISSED'}\n"
    )
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
