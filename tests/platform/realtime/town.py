"""A community with a few members in a process of its own, for tests that need real sockets."""

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
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.processes.serving import NOT_HANDED_ON
from tools import services, steps

# The later ones are for tests that use somebody up.
NAMES = ("ada", "ben", "cleo", "eve", "finn", "gia", "hugo", "ida", "jon", "kim", "lea")
SETTLE = """
import json, os, sys
import django
django.setup()
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management import call_command
call_command("migrate", verbosity=0)
from guildry.kernel.permissions import SYSTEM
from guildry.people.accounts import actions
from guildry.people.accounts.sessions import SessionStore
people = {}
for handle in sys.argv[1:]:
    member = actions.join_member(
        SYSTEM, name=handle.capitalize(), handle=handle, email=f"{handle}@example.org", password="a long enough secret"
    )
    store = SessionStore()
    store.user_agent = "Mozilla/5.0"
    store[SESSION_KEY], store[HASH_SESSION_KEY] = str(member.pk), member.get_session_auth_hash()
    store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    store.save()
    issued = actions.issue_token(member, name="tests", scopes=["read", "write"], days=7)
    people[handle] = {"id": member.pk, "session": store.session_key, "token": issued.secret}
print(json.dumps(people))
"""


@dataclass(frozen=True)
class Person:
    """A member with a browser session and an access token."""

    id: int
    session: str
    token: str


@dataclass
class Town:
    """A data folder and the process that serves it, if one does."""

    data: Path
    people: dict[str, Person]
    process: subprocess.Popen[bytes] | None = None
    origin: str = ""
    port: int = field(default_factory=services.free_port)
    settings: str = "guildry.config.settings"
    environment: dict[str, str] = field(default_factory=dict)

    def start(self) -> None:
        command = [sys.executable, "-m", "guildry.config", "serve", "--no-supervisor", "--no-demo"]
        command += ["--port", str(self.port), "--data", str(self.data)]
        with (self.data.parent / "serve.log").open("ab") as log:
            environment = _environment() | {"DJANGO_SETTINGS_MODULE": self.settings} | self.environment
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=steps.ROOT)
        self.origin = f"http://localhost:{self.port}"
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.origin}/readyz", timeout=2):
                    return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"The town is not ready:\n{self.said()[-4000:]}")

    def said(self) -> str:
        return (self.data.parent / "serve.log").read_text()

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and return the exit code."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(40)

    def call(self, who: str, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Call the JSON API as a page of somebody's browser would and return the answer; raises HTTPError."""
        proof = "a" * 32
        return self._send(
            method,
            path,
            body,
            Cookie=f"guildry={self.people[who].session}; csrf={proof}",
            Origin=self.origin,
            **{"X-CSRFToken": proof},
            **headers,
        )

    def _send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        headers["Content-Type"] = "application/json"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.origin}{path}", data, headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def post(self, who: str, text: str) -> int:
        """Publish a post for everyone and return its id."""
        return int(self.call(who, "POST", "/api/v1/timeline/posts", {"body": text})["id"])

    def ticket(self, who: str) -> str:
        """Get a ticket as a program would, by access token."""
        token = {"Authorization": f"Bearer {self.people[who].token}"}
        return str(self._send("POST", "/api/v1/realtime/tickets", **token)["ticket"])

    def copied(self, folder: Path) -> "Town":
        """Return the same people in a folder of their own."""
        shutil.copytree(self.data, folder / "data", ignore=shutil.ignore_patterns("guildry.pid"))
        return Town(folder / "data", self.people)

    def run(self, script: str) -> str:
        """Run a script beside the process, on the same data, with Django set up."""
        return _python(self.data, f"import django\ndjango.setup()\n{script}")


def founded(folder: Path) -> Town:
    """Return a town whose people have joined; nothing serves it yet."""
    people = json.loads(_python(folder / "data", SETTLE, *NAMES).splitlines()[-1])
    return Town(folder / "data", {handle: Person(**person) for handle, person in people.items()})


def _python(data: Path, script: str, *arguments: str) -> str:
    environment = _environment() | {
        "GUILDRY_DATA_DIR": str(data),
        "DJANGO_SETTINGS_MODULE": "guildry.config.settings",
    }
    command = [sys.executable, "-c", script, *arguments]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not re.match(NOT_HANDED_ON, name)}
    return kept | {"PYTHONPATH": str(steps.ROOT / "src")}
