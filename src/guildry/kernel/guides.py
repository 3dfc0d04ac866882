"""Runbooks, as whatever they belong to finds and links them."""

from dataclasses import dataclass

from guildry.kernel.points import Point


@dataclass(frozen=True)
class Guide:
    """A runbook to link where it is needed: `checks` and `alerts` are the health checks and alerts it belongs to."""

    key: str
    title: str
    url: str
    checks: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()


GUIDES: Point[Guide] = Point("guides", Guide)
