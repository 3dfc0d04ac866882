"""What every component of one rendering needs to know: the nonce of its page and the zone of its reader."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import HttpRequest


@dataclass(frozen=True)
class Scene:
    nonce: str = ""
    zone: tzinfo = UTC


BARE = Scene()
_scene: ContextVar[Scene | None] = ContextVar("scene", default=None)


def current() -> Scene:
    return _scene.get() or BARE


def set_for(request: HttpRequest, viewer: Any) -> Scene:
    """Make the scene of this request the current one."""
    scene = Scene(getattr(request, "csp_nonce", ""), _zone(viewer.time_zone) if viewer else UTC)
    _scene.set(scene)
    return scene


@contextmanager
def with_nonce(nonce: str) -> Iterator[None]:
    """Let everything inside print another nonce."""
    token = _scene.set(replace(current(), nonce=nonce))
    try:
        yield
    finally:
        _scene.reset(token)


def zone_of_reader() -> tzinfo:
    return current().zone


@lru_cache(maxsize=600)
def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
