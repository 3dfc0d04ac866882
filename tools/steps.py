"""Running commands one after the other, with a heading and a time for each."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
# What ran, whether it passed and how many seconds it took, in order.
TOOK: list[tuple[str, bool, float]] = []


class StepFailed(SystemExit):
    """A command ended with another exit code than 0; the whole run ends with it."""


def run(title: str, *command: str, environment: Mapping[str, str] | None = None) -> None:
    """Run a command of the environment from the root of the repository; raises StepFailed unless it exits with 0."""
    print(f"\n== {title}", flush=True)
    started = time.monotonic()
    executable = BIN / command[0]
    arguments = [str(executable) if executable.exists() else command[0], *command[1:]]
    done = subprocess.run(arguments, cwd=ROOT, env={**os.environ, **(environment or {})}, check=False)
    TOOK.append((title, done.returncode == 0, time.monotonic() - started))
    print(f"== {_outcome(*TOOK[-1])}", flush=True)
    if done.returncode:
        raise StepFailed(done.returncode)


def say_times() -> None:
    """Print what ran so far and how long each took, the longest last."""
    print("\n== times", flush=True)
    for taken in sorted(TOOK, key=lambda entry: entry[2]):
        print(f"   {_outcome(*taken)}")
    print(f"   everything: {sum(seconds for _, _, seconds in TOOK) / 60:.1f} min", flush=True)


def _outcome(title: str, is_ok: bool, seconds: float) -> str:
    return f"{title}: {'ok' if is_ok else 'FAILED'} in {seconds:.1f} s"


def main(function: object) -> None:
    """Run a tool's main function with its arguments and exit with what it returns."""
    assert callable(function)
    sys.exit(function(sys.argv[1:]))
