"""Reading what whoever asked for a websocket got instead."""

import json
from typing import Any

from websockets.http11 import Response

from guildry.config import asgi
from guildry.platform.perimeter import rules


def told(status: int, headers: dict[str, str], body: bytes) -> dict[str, Any]:
    """Return the problem, once it is sure that it is one and that browsers are told what they are told with pages."""
    given = {name.lower(): value for name, value in headers.items()}
    problem: dict[str, Any] = json.loads(body)
    assert given["content-type"] == "application/problem+json"
    assert (given["cache-control"], given["content-length"]) == ("no-store", str(len(body)))
    assert problem["status"] == status
    assert given["content-security-policy"] == asgi.NOTHING
    assert {name: given[name.lower()] for name in rules.STANDING_HEADERS} == rules.STANDING_HEADERS
    assert given["traceresponse"].startswith(f"00-{problem['trace_id']}-")
    assert given.get("retry-after", "0") == str(problem.get("retry_after", 0))
    assert "server" not in given
    return problem


def problem_in(response: Response) -> dict[str, Any]:
    return told(response.status_code, dict(response.headers.raw_items()), bytes(response.body or b""))
