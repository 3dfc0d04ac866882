"""Running commands one after the other, with a heading and a time for each."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"


class StepFailed(SystemExit):
    """A command ended with another exit code than 0; the whole run ends with it."""


def run(title: str, *command: str, environment: Mapping[str, str] | None = None) -> None:
    """Run a command of the environment from the root of the repository; raises StepFailed unless it exits with 0."""
    print(f"\n== {title}", flush=True)
    started = time.monotonic()
    executable = BIN / command[0]
    arguments = [str(executable) if executable.exists() else command[0], *command[1:]]
    done = subprocess.run(arguments, cwd=ROOT, env={**os.environ, **(environment or {})}, check=False)
    print(
        f"== {title}: {'ok' if done.returncode == 0 else 'FAILED'} in {time.monotonic() - started:.1f} s",
        flush=True,
    )
    if done.returncode:
        raise StepFailed(done.returncode)


def main(function: object) -> None:
    """Run a tool's main function with its arguments and exit with what it returns."""
    assert callable(function)
    sys.exit(function(sys.argv[1:]))
