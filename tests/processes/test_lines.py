"""The lines to what the site needs go bad in every way: it says so fast, refuses what it cannot do, and recovers by itself."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from tools.faultproxy import Remote

from tests.processes.serving import Guildry, Starter, until
from tools import faultproxy

pytestmark = [pytest.mark.processes, pytest.mark.mariadb]
BAD_LINES = {
    "refused": {"refuse": True},
    "reset": {"reset": True},
    "held": {"hold": True},
    "five seconds late": {"latency": 5.0},
    "cut off": {"limit": 0},
}
PASS, WARN = {"status": "pass"}, {"status": "warn"}


@contextmanager
def through_proxy(start: Starter, name: str) -> Iterator[Remote]:
    """Let the site reach one of its servers through a proxy only."""
    address = urlsplit(start.environment[name])
    with faultproxy.between(str(address.hostname), int(address.port or 0)) as line:
        user = f"{address.username}@" if address.username else ""
        start.environment[name] = address._replace(netloc=f"{user}127.0.0.1:{line.port}").geturl()
        yield line


def stands(guildry: Guildry, verdict: object) -> bool:
    answer = guildry.get("/readyz")
    return answer.status != 0 and answer.json() == verdict


def test_a_bad_line_to_the_database_takes_the_site_out_of_traffic_until_it_is_good(
    start_on_servers: Starter,
) -> None:
    with through_proxy(start_on_servers, "GUILDRY_DATABASE") as line:
        guildry = start_on_servers.serve("--role", "web,realtime,worker")
        until(lambda: stands(guildry, PASS), "all is well", guildry)

        for name, fault in BAD_LINES.items():
            with line.failing(**fault):
                until(
                    lambda: guildry.get("/readyz").status == 503,
                    f"readiness falls: {name}",
                    guildry,
                    within=10,
                )
                began = time.monotonic()
                refused = guildry.get("/workshop/writing/", Accept="application/json")
                took = time.monotonic() - began
                alive = guildry.get("/healthz").status
            until(lambda: stands(guildry, PASS), f"it recovered: {name}", guildry, within=30)
            assert (refused.status, alive) == (503, 200), name
            assert refused.headers["content-type"].startswith("application/problem+json"), name
            assert "retry-after" in refused.headers, name
            assert took < 5, f"{name}: {took:.1f} s"
            assert guildry.get("/workshop/writing/").status == 200, name

        assert guildry.stop() == 0


def test_a_bad_line_to_redis_leaves_the_site_open_and_is_said(start_on_servers: Starter) -> None:
    with through_proxy(start_on_servers, "GUILDRY_REDIS") as line:
        guildry = start_on_servers.serve("--role", "web,realtime,worker")
        until(lambda: stands(guildry, PASS), "all is well", guildry)

        for name, fault in BAD_LINES.items():
            with line.failing(**fault):
                until(lambda: stands(guildry, WARN), f"the probe warns: {name}", guildry, within=30)
                began = time.monotonic()
                page = guildry.get("/workshop/writing/")
                took = time.monotonic() - began
            until(lambda: stands(guildry, PASS), f"it recovered: {name}", guildry, within=30)
            assert page.status == 200, name
            assert took < 5, f"{name}: {took:.1f} s"

        assert guildry.stop() == 0
