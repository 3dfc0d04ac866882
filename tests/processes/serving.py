"""Starting `guildry` for a test, waiting until it is ready, and telling what it said when it is not."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from typing import Any, TypeVar

from tools import steps

PATIENCE = 120.0
# What is compiled is kept, or every start would compile everything again.
NOT_HANDED_ON = "GUILDRY_|DJANGO_|PYTHONDONTWRITEBYTECODE$"
LONGEST_RUN = 900.0
T = TypeVar("T")


@dataclass
class Answer:
    """What a page answered, refusals too; names of headers are in small letters."""

    status: int
    headers: dict[str, str]
    body: str

    def json(self) -> Any:
        return json.loads(self.body)


def family_of(pid: int) -> list[int]:
    """Return a process and its children, whichever thread began them: a supervisor has the site beside itself."""
    threads = Path(f"/proc/{pid}/task").glob("*/children")
    children = [child for thread in threads for child in thread.read_text().split()]
    return [pid, *(member for child in children for member in family_of(int(child)))]


@dataclass
class Guildry:
    """One running `guildry serve`; `said` is everything it wrote so far."""

    process: subprocess.Popen[bytes]
    log: Path
    origin: str = ""

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def get(self, path: str, **headers: str) -> Answer:
        return fetch(f"{self.origin}{path}", headers=headers)

    def report(self) -> Any:
        """Return what the workshop found, without starting a program that would compete with the one that is tested."""
        return self.get("/workshop/report/").json()

    def send(self, number: int) -> None:
        self.process.send_signal(number)

    def kill(self) -> None:
        """Kill it with all that came of it, so that nothing ends what it began."""
        for pid in family_of(self.pid):
            os.kill(pid, signal.SIGKILL)
        self.process.wait(30)

    def stop(self, number: int = signal.SIGTERM, within: float = 60) -> int:
        """Send a signal and return the exit code."""
        self.send(number)
        return self.process.wait(within)


@dataclass
class Starter:
    """Starts processes on one data folder and ends those that a test leaves behind."""

    data: Path
    environment: dict[str, str] = field(default_factory=dict)
    started: list[Guildry] = field(default_factory=list)

    def serve(self, *options: str, supervised: bool = False) -> Guildry:
        """Start `guildry serve` and return when it is ready; `--port` is a free one unless given."""
        guildry = self.begin(*options, supervised=supervised)
        ready = until(lambda: _ready_line(guildry), "the process is ready", guildry)
        if ready["origin"].startswith("http"):
            guildry.origin = ready["origin"]
            until(lambda: guildry.get("/readyz").status == 200, "the probe passes", guildry)
        return guildry

    def begin(self, *options: str, wrapper: Sequence[str] = (), supervised: bool = False) -> Guildry:
        """Start `guildry serve` without waiting for anything; `wrapper` is a command to start it with."""
        log = self.data.parent / f"serve-{len(self.started)}.log"
        port = () if "--port" in options or "worker" in options else ("--port", "0")
        alone = () if supervised else ("--no-supervisor",)
        words = ["serve", "--data", str(self.data), "--no-demo", *alone, *port, *options]
        with log.open("wb") as file:
            command = [*wrapper, *self.command(*words)]
            process = subprocess.Popen(command, env=self._environment(), stdout=file, stderr=file)
        self.started.append(Guildry(process, log))
        return self.started[-1]

    def run(self, *words: str, code: int = 0) -> str:
        """Run one verb to its end and return what it printed; fails on another exit code."""
        done = subprocess.run(
            self.command(words[0], "--data", str(self.data), *words[1:])
            if words[0] == "serve"
            else self.command(*words),
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=LONGEST_RUN,
            check=False,
        )
        assert done.returncode == code, f"{words} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        return done.stdout + (done.stderr if code else "")

    def workshop(self, *words: str, code: int = 0) -> str:
        return self.run("workshop", *words, code=code)

    def report(self) -> dict[str, Any]:
        return dict(json.loads(self.workshop("report").splitlines()[-1]))

    def lines(self, name: str) -> list[str]:
        """Return what the workshop noted in a file."""
        file = self.data / f"{name}.txt"
        return file.read_text().split() if file.exists() else []

    def end_all(self) -> None:
        for guildry in self.started:
            if guildry.process.poll() is None:
                guildry.kill()

    @staticmethod
    def command(*words: str) -> list[str]:
        return [sys.executable, "-m", "guildry.config", *words]

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not re.match(NOT_HANDED_ON, name)}
        return {
            **kept,
            "PYTHONPATH": f"{steps.ROOT / 'src'}{os.pathsep}{steps.ROOT}",
            "DJANGO_SETTINGS_MODULE": "tests.processes.workshop.settings",
            "GUILDRY_DATA_DIR": str(self.data),
            **self.environment,
        }


def until(happens: Callable[[], T], what: str, guildry: Guildry | None = None, within: float = PATIENCE) -> T:
    """Ask again and again until the answer is true and return it; fails with the end of the log."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if outcome := happens():
            return outcome
        if guildry and guildry.process.poll() is not None:
            raise AssertionError(
                f"It ended with {guildry.process.returncode} before {what}:\n{guildry.said[-4000:]}"
            )
        time.sleep(0.05)
    raise AssertionError(f"Not within {within:.0f} s: {what}.\n{guildry.said[-4000:] if guildry else ''}")


def fetch(url: str, *, data: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:
    """Ask once; status 0 means that nobody answered."""
    request = urllib.request.Request(url, data=data, headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return Answer(answer.status, _lowered(answer.headers), answer.read().decode(errors="replace"))
    except urllib.error.HTTPError as refusal:
        return Answer(refusal.code, _lowered(refusal.headers), refusal.read().decode(errors="replace"))
    except OSError as error:
        return Answer(0, {}, str(error))


@contextmanager
def starter(template: Path, folder: Path, **environment: str) -> Iterator[Starter]:
    """Give a starter on a copy of a prepared data folder."""
    shutil.copytree(template, folder / "data")
    starting = Starter(folder / "data", environment)
    try:
        yield starting
    finally:
        starting.end_all()


def _lowered(headers: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _ready_line(guildry: Guildry) -> dict[str, Any]:
    for line in guildry.said.splitlines():
        if line.startswith("{") and '"event":"ready"' in line:
            return dict(json.loads(line))
    return {}
