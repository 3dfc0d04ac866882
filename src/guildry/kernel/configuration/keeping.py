"""Secrets the site makes for itself: one file each beside the data, and one for what it replaced."""

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True)
class Keeper:
    """The folder where secrets are kept, readable for its owner alone."""

    folder: Path

    def newest_first(self, key: str) -> tuple[str, ...]:
        """Return what is accepted for a key: the secret in use, then the one it replaced; nothing before the first."""
        return tuple(path.read_text().strip() for path in self._paths(key) if path.exists())

    def made_at(self, key: str) -> datetime | None:
        """Return when the secret in use was made."""
        path = self._paths(key)[0]
        return datetime.fromtimestamp(path.stat().st_mtime, UTC) if path.exists() else None

    def make(self, key: str) -> str:
        """Return the secret in use, made at the first call; processes that start together agree on one."""
        path = self._paths(key)[0]
        if not path.exists():
            own = self._written(path, secrets.token_urlsafe(48))
            with suppress(FileExistsError):
                os.link(own, path)
            own.unlink()
        return path.read_text().strip()

    def rotate(self, key: str) -> None:
        """Put a new secret in the place of the one in use, which stays accepted until the next time."""
        path, old = self._paths(key)
        if path.exists():
            self._written(old, path.read_text().strip()).replace(old)
        self._written(path, secrets.token_urlsafe(48)).replace(path)

    def _paths(self, key: str) -> tuple[Path, Path]:
        name = key.replace(".", "_")
        return self.folder / name, self.folder / f"{name}.old"

    def _written(self, path: Path, text: str) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        own = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        return own
