"""What is answered without a page."""

from typing import Any

import pytest

from guildry.config import asgi
from guildry.platform.lifecycle.bridge import Pool
from guildry.platform.perimeter import rules as perimeter


async def answered(path: str, roles: frozenset[str]) -> tuple[int, dict[str, str]]:
    got: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        got.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "headers": []}
    await asgi.build(Pool(1), roles)(scope, None, send)  # type: ignore[arg-type]  # nothing is received
    return got[0]["status"], {name.decode(): value.decode() for name, value in got[0]["headers"]}


@pytest.mark.parametrize("path", ["/healthz", "/startupz", "/readyz"])
async def test_a_probe_says_what_every_page_says_and_more_strictly(settings: Any, path: str) -> None:
    settings.IS_SECURE, settings.ORIGIN = True, "https://guild.example"

    _, headers = await answered(path, frozenset({"worker"}))

    assert headers["strict-transport-security"] == perimeter.STRICT_TRANSPORT
    assert headers["content-security-policy"] == asgi.NOTHING
    assert headers["cache-control"] == "no-store"
    assert {
        name.lower(): value for name, value in perimeter.STANDING_HEADERS.items()
    }.items() <= headers.items()


async def test_a_site_without_https_keeps_nobody_on_it(settings: Any) -> None:
    settings.IS_SECURE = False

    _, headers = await answered("/healthz", frozenset({"worker"}))

    assert "strict-transport-security" not in headers


async def test_the_figures_of_a_process_without_pages_say_it_too() -> None:
    status, headers = await answered("/ops/metrics", frozenset({"worker"}))

    assert (status, headers["content-security-policy"]) == (401, asgi.NOTHING)
