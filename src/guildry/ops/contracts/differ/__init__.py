"""Compares two sets of contracts, and says of each change what it does to clients that are out there.

A set is plain data: `openapi`, `asyncapi` and `offline`, as `guildry contracts emit` writes them.
"""

from collections.abc import Mapping
from typing import Any

from guildry.ops.contracts.differ import boxes, rest, sockets
from guildry.ops.contracts.differ.catalogue import FAMILIES, RULES, Finding, Level, Rule
from guildry.ops.contracts.differ.reports import (
    ORDER,
    as_markdown,
    as_sarif,
    as_text,
    counted,
    ordered,
)

__all__ = [
    "FAMILIES",
    "ORDER",
    "RULES",
    "Finding",
    "Level",
    "Rule",
    "as_markdown",
    "as_sarif",
    "as_text",
    "compare",
    "counted",
    "ordered",
]


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Finding]:
    """Return every change from one set to another, each once, the worst first."""
    return ordered(
        [
            *rest.differences(old["openapi"], new["openapi"]),
            *sockets.differences(old["asyncapi"], new["asyncapi"]),
            *boxes.differences(old["offline"], new["offline"]),
        ]
    )
