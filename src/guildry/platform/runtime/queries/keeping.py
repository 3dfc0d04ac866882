"""How old the secrets are that the site keeps, and never what they are."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from guildry.kernel import runtime
from guildry.kernel.configuration.keeping import Keeper
from guildry.kernel.points import RUNTIME_SETTINGS
from guildry.platform.runtime import rules


@dataclass(frozen=True)
class KeptSecret:
    """A secret by its fingerprints, the newest first: what it is stays where it is.

    `pinned_by` is where it comes from when it is given from outside; then nobody here knows how old it is.
    """

    key: str
    fingerprints: tuple[str, ...]
    made_at: datetime | None
    due_at: datetime | None
    pinned_by: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "fingerprints": list(self.fingerprints),
            "made_at": self.made_at.isoformat() if self.made_at else None,
            "due_at": self.due_at.isoformat() if self.due_at else None,
            "pinned_by": self.pinned_by,
        }

    def __str__(self) -> str:
        marks = ", before it ".join(self.fingerprints) or "not made yet"
        if self.pinned_by:
            return f"{self.key}  {marks}  given by {self.pinned_by}"
        made = f"made {self.made_at:%Y-%m-%d}" if self.made_at else ""
        due = f", next one due {self.due_at:%Y-%m-%d}" if self.due_at else ""
        return f"{self.key}  {marks}  {made}{due}"


def kept_secrets() -> list[KeptSecret]:
    """Return the secrets that are sealed with or asked for, without what they are."""
    keeper = Keeper(Path(settings.DATA_DIR))
    found = []
    for setting in RUNTIME_SETTINGS:
        if not setting.kept:
            continue
        given = runtime.outside().given.get(setting.key, {})
        pin = max(given.values(), key=lambda item: item.origin.layer.rank).origin.source if given else ""
        accepted = runtime.secrets_of(setting.key) if pin else keeper.newest_first(setting.key)
        made_at = None if pin else keeper.made_at(setting.key)
        marks = tuple(rules.fingerprint(secret) for secret in accepted)
        due_at = made_at + timedelta(days=setting.rotate_days) if made_at and setting.rotate_days else None
        found.append(KeptSecret(setting.key, marks, made_at, due_at, pin))
    return found
