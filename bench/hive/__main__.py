"""Read a large box against the clock, then fuzz the reader when atheris is installed.

`./dev bench hive --seconds 60`; `uv pip install atheris` first, or the fuzzing is said to be not evaluated.
"""

import argparse
import importlib.util
import subprocess
import sys
import time

from guildry.ops.schemas import hive
from guildry.ops.schemas.hive import Items, Pairs, Tag

ROWS = 2_000


def large_box() -> bytes:
    row = Pairs((("title", "Dovetail joints for beginners"), ("tags", Items(Tag.STRING_LIST, ("wood", "joints"))),
                 ("likes", 12), ("body", "x" * 200), ("when", hive.Instant(1.7e12))))  # fmt: skip
    return hive.new_box((f"post {number}", row) for number in range(ROWS))


def read_speed() -> None:
    data = large_box()
    times = []
    for _ in range(5):
        began = time.perf_counter()
        assert hive.read_box(data).damage is None
        times.append(time.perf_counter() - began)
    best = min(times)
    print(
        f"read {len(data):,} bytes, {ROWS:,} entries: {best * 1e3:.1f} ms, {len(data) / best / 1e6:.1f} MB/s"
    )


def fuzz(seconds: int) -> int:
    """Run the fuzzer in a process of its own and return its exit code."""
    if importlib.util.find_spec("atheris") is None:
        print("fuzzing: NOT EVALUATED, atheris is not installed")
        return 0
    command = [sys.executable, "-m", "bench.hive.fuzz", f"-max_total_time={seconds}", "-max_len=4096"]
    return subprocess.run(command, check=False).returncode


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=60)
    chosen = parser.parse_args()
    read_speed()
    return fuzz(chosen.seconds)


if __name__ == "__main__":
    sys.exit(main())
