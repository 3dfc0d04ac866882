"""The examples of proxies work, and no visitor behind one notices a new generation."""

import asyncio
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import aiohttp
import pytest

from tests.processes.serving import Guildry, Starter, until
from tests.processes.test_generations import Crowd
from tools import services, steps

pytestmark = pytest.mark.processes
CADDY = Path(sys.executable).with_name("caddy")


def caddy(folder: Path, site: str, port: int) -> list[str]:
    """Write the example for plain HTTP on a port of our own; returns the command."""
    text = (steps.ROOT / "deploy" / "Caddyfile").read_text()
    text = text.replace("guild.example {", f"http://localhost:{port} {{").replace("127.0.0.1:8000", site)
    (folder / "Caddyfile").write_text("{\n\tadmin off\n\tpersist_config off\n}\n" + text)
    return [str(CADDY), "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]


def nginx(folder: Path, site: str, port: int) -> list[str]:
    text = (steps.ROOT / "deploy" / "nginx.conf").read_text()
    text = re.sub(r"server \{\s+listen 80;.*?\n\}\n", "", text, flags=re.DOTALL)
    text = re.sub(r" +(ssl_\w+|listen +\[::\]).*\n", "", text)
    text = text.replace("listen 443 ssl http2", f"listen {port}").replace("127.0.0.1:8000", site)
    inner = text.replace("guild.example", "localhost")
    paths = "".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ access_log off; {paths}\n{inner}}}\n"
    )
    return ["nginx", "-e", f"{folder}/error.log", "-p", str(folder), "-c", str(folder / "nginx.conf")]


# Caddy comes with the tests; nginx is asked where the machine has it.
PROXIES: dict[str, Callable[[Path, str, int], list[str]]] = {"caddy": caddy}
if shutil.which("nginx"):
    PROXIES["nginx"] = nginx


@pytest.mark.parametrize("name", PROXIES)
def test_visitors_behind_a_proxy_do_not_notice_a_new_generation(
    name: str, start: Starter, tmp_path: Path
) -> None:
    guildry, port = start.serve(supervised=True), services.free_port()
    command = PROXIES[name](tmp_path, guildry.origin.removeprefix("http://"), port)
    with (tmp_path / "proxy.log").open("wb") as log:
        proxy = subprocess.Popen(command, stdout=log, stderr=log)
    front = Guildry(proxy, tmp_path / "proxy.log", f"http://localhost:{port}")
    try:
        until(lambda: front.get("/healthz").status == 200, "the proxy passes on", front)
        with Crowd(front, 6) as crowd:
            start.run("restart")
        hidden, page = front.get("/ops/metrics"), front.get("/sign-in/")
        greeting = asyncio.run(greeting_of(front))
    finally:
        proxy.terminate()
        proxy.wait(30)

    assert crowd.failures == []
    assert crowd.answers > 50
    assert (hidden.status, page.status) == (404, 200)
    assert greeting.startswith('0{"sid":')
    assert guildry.stop() == 0


async def greeting_of(front: Guildry) -> str:
    """Open a websocket and return the first thing it says."""
    address = f"{front.origin}/socket.io/?EIO=4&transport=websocket"
    async with aiohttp.ClientSession() as session, session.ws_connect(address) as line:
        return await line.receive_str()
