"""What this site is made of."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import guildry.ui

BUILT_ON = (
    "argon2-cffi",
    "babel",
    "cryptography",
    "django",
    "django-allauth",
    "django-ninja",
    "django-tasks",
    "httpcore",
    "httptools",
    "httpx",
    "jinja2",
    "linkify-it-py",
    "markdown-it-py",
    "msgspec",
    "nh3",
    "pillow",
    "python-socketio",
    "qrcode",
    "rapidfuzz",
    "structlog",
    "uvicorn",
    "uvloop",
    "websockets",
    "whitenoise",
)


@dataclass(frozen=True)
class Part:
    """Something from another project, and the terms it comes under."""

    name: str
    version: str
    licence: str
    use: str = ""


@cache
def vendored_parts() -> tuple[Part, ...]:
    """Return what pages load from other projects, as pinned in vendor.toml."""
    path = Path(guildry.ui.__file__).parent / "vendor.toml"
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["part"]
    return tuple(Part(entry["name"], entry["version"], entry["licence"], entry["use"]) for entry in entries)


@cache
def installed_packages() -> tuple[Part, ...]:
    """Return the packages this program asks for, with the versions that are installed."""
    return tuple(_package(name) for name in BUILT_ON)


def _package(name: str) -> Part:
    found: Any = metadata.metadata(name)
    licence = (
        found.get("License-Expression")
        or found.get("License")
        or _classified(found.get_all("Classifier") or [])
    )
    return Part(name, found["Version"], licence.splitlines()[0][:60] if licence else "See its files")


def _classified(classifiers: list[str]) -> str:
    return next((line.rsplit(" :: ", 1)[-1] for line in classifiers if line.startswith("License ::")), "")
