"""A real community on a real port, and a real browser to walk through it."""

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tools import services, steps

BROWSER_OPTIONS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--force-color-profile=srgb", "--font-render-hinting=none",
]  # fmt: skip


@dataclass(frozen=True)
class Community:
    """A running demo community: where it answers and where it keeps its data."""

    origin: str
    data: Path


@pytest.fixture(scope="session")
def community(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Community]:
    data = tmp_path_factory.mktemp("community")
    port = services.free_port()
    environment = {
        name: value for name, value in os.environ.items() if not re.match("GUILDRY_|DJANGO_", name)
    }
    environment |= {"PYTHONPATH": str(steps.ROOT / "src")}
    command = [
        sys.executable,
        "-m",
        "guildry.config",
        "serve",
        "--port",
        str(port),
        "--data",
        str(data / "data"),
    ]
    with (data / "serve.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        wait_until_ready(f"http://localhost:{port}", process, data / "serve.log")
        yield Community(f"http://localhost:{port}", data)
    finally:
        process.terminate()
        process.wait(90)


def wait_until_ready(origin: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"The community ended while starting:\n{log.read_text()[-4000:]}")
        try:
            with urllib.request.urlopen(f"{origin}/readyz", timeout=1) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"The community was not ready in time:\n{log.read_text()[-4000:]}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=services.chromium(), args=BROWSER_OPTIONS)
        yield chromium
        chromium.close()
