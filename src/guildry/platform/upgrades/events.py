"""Facts about changes of the schema that somebody asked for."""

from dataclasses import dataclass

from guildry.kernel.bus import Fact


@dataclass(frozen=True)
class BackfillsPaused(Fact):
    """Backfills were asked to rest after the chunk they were at."""

    step_count: int


@dataclass(frozen=True)
class BackfillsResumed(Fact):
    """Backfills that rested may go on when the schema is changed the next time."""

    step_count: int


@dataclass(frozen=True)
class RollbackOrdered(Fact):
    """The migrations of an app after the one named were about to be undone."""

    app: str
    migration: str
