"""The gate: the checks, and the fast tests on both kinds of databases and on the newest Python here."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from tools import check, steps, test


def ci(arguments: list[str]) -> int:
    """Run them, what fails soonest first; the last lines say how long each step took."""
    try:
        check.check([])
        test.embedded()
        test.on_servers()
        newer_python()
    finally:
        steps.say_times()
    return 0


def newer_python() -> None:
    """Run the fast tests on the newest other Python that is installed."""
    python = next(filter(runs, ("python3.14", "python3.13", "python3.12")), None)
    if not python:
        print("\n== newer Python: none is installed here, so only the floor version ran", flush=True)
        return
    with tempfile.TemporaryDirectory(prefix="guildry-python-") as folder:
        steps.run("newer Python: environment", python, "-m", "venv", folder)
        pip = str(Path(folder, "bin", "python"))
        steps.run(
            "newer Python: packages",
            pip,
            "-m",
            "pip",
            "install",
            "-q",
            "--no-deps",
            "--require-hashes",
            "-r",
            "requirements/test.lock",
        )
        steps.run(
            "newer Python: tests",
            pip,
            "-m",
            "pytest",
            "-q",
            "-n",
            "2",
            "-m",
            test.EMBEDDED,
        )


def runs(python: str) -> bool:
    """Tell whether an interpreter is really there; a version manager's shim may stand in for a missing one."""
    found = shutil.which(python)
    return (
        bool(found) and subprocess.run([found, "--version"], capture_output=True, check=False).returncode == 0
    )


if __name__ == "__main__":
    steps.main(ci)
