"""Facts about the audit trail itself."""

from dataclasses import dataclass

from guildry.kernel.bus import Fact


@dataclass(frozen=True)
class TrailExported(Fact):
    """Somebody took a copy of entries, the newest of which was `last_seq`."""

    last_seq: int
    entry_count: int
