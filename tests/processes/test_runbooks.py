"""Every command in the runbooks runs as it stands there, on a throwaway installation."""

import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from guildry.ops.runbooks.queries import library
from guildry.ops.runbooks.rules import Block, Runbook
from tests.processes.serving import Guildry, Starter, until
from tools import services

pytestmark = pytest.mark.processes


SERVE = Block("commands", 'guildry serve --port "$PORT" --no-demo', "serving")


@dataclass
class Scene:
    """An installation, and somebody at a terminal of its machine who follows a runbook."""

    start: Starter
    folder: Path
    port: int = field(default_factory=services.free_port)
    site: Guildry | None = None

    def follow(self, runbook: Runbook, *, on_servers: bool) -> int:
        """Do what the commands say, in their order; returns how many blocks there were."""
        services.ensure("curl", "openssl", "ps", "sqlite3")
        blocks = [block for block in runbook.commands if on_servers or block.needs != "servers"]
        for block in blocks:
            if block.needs == "serving":
                self.serve(block)
            else:
                if "backup pitr" in block.content:
                    self.keep_a_log()
                self.type(block)
        return len(blocks)

    def keep_a_log(self) -> None:
        """Let the site run until something is written beside a backup, and stop it, as before a way back."""
        self.serve(SERVE)
        self.start.run("backup", "create", "--reason", "Before the way back")
        log = self.start.data / "backups" / "log"
        until(lambda: list(log.glob("*.gbl")), "what is written is kept", self.site)
        self.stop()

    def serve(self, block: Block) -> None:
        """Let a command stay in the foreground, and wait until what it starts is ready."""
        self.stop()
        log = self.folder / "serving.log"
        with log.open("wb") as file:
            command = ["bash", "-c", f"exec {block.content}"]
            process = subprocess.Popen(command, env=self.environment(), stdout=file, stderr=file)
        self.site = Guildry(process, log, self.origin)
        self.start.started.append(self.site)
        until(lambda: self.site and self.site.get("/readyz").status == 200, "the site is ready", self.site)

    def type(self, block: Block) -> None:
        if block.needs == "running" and self.site is None:
            self.serve(SERVE)
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", block.content],
            env=self.environment(),
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=180,
        )
        assert done.returncode == 0, (
            f"{block.content}\nended with {done.returncode}:\n{done.stdout}{done.stderr}"
        )
        if self.site and self.site.process.poll() is not None:
            assert self.site.process.returncode == 0
            self.site = None

    def stop(self) -> None:
        if self.site:
            assert self.site.stop() == 0
            self.site = None

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"

    def environment(self) -> dict[str, str]:
        given = self.start.environment
        usual = self.start._environment()
        parts = urlsplit(given.get("GUILDRY_DATABASE", ""))
        return {
            **usual,
            "PATH": f"{Path(sys.executable).parent}:{usual['PATH']}:/usr/sbin",
            "PORT": str(self.port),
            "GUILDRY_ORIGIN": self.origin,
            "BACKUP": str(self.folder / "copy"),
            "DB_HOST": parts.hostname or "",
            "DB_PORT": str(parts.port or ""),
            "DB_USER": parts.username or "",
            "DB_NAME": parts.path.lstrip("/"),
        }


@pytest.mark.parametrize("runbook", library(), ids=lambda runbook: runbook.slug)
def test_the_commands_of_a_runbook_do_what_it_says(runbook: Runbook, start: Starter, tmp_path: Path) -> None:
    scene = Scene(start, tmp_path)

    assert scene.follow(runbook, on_servers=False)

    scene.stop()


@pytest.mark.mariadb
def test_the_commands_for_servers_do_what_they_say(start_on_servers: Starter, tmp_path: Path) -> None:
    scene = Scene(start_on_servers, tmp_path)
    scene.start.serve("--role", "worker").stop()

    for runbook in library():
        for block in runbook.commands:
            if block.needs == "servers":
                scene.type(block)
