"""Clients made from the documents: Python, TypeScript and Dart, each as the text of its files."""

from collections.abc import Mapping
from typing import Any

from guildry.ops.contracts.clients import dart, python, typescript
from guildry.ops.contracts.clients.checker import flaws_of_dart

__all__ = ["flaws_of_dart", "made"]


def made(documents: Mapping[str, Any]) -> dict[str, str]:
    """Return every generated file by its path below `clients/`."""
    return {**python.files(documents), **typescript.files(documents), **dart.files(documents)}
