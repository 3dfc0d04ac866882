"""What happened to the configuration."""

from dataclasses import dataclass

from guildry.kernel.bus import Fact


@dataclass(frozen=True)
class ChangesProposed(Fact):
    """Somebody wants other values, which wait for somebody else or for their time."""

    change_set_id: int


@dataclass(frozen=True)
class ChangesApplied(Fact):
    """Other values came into force, under a version of their own."""

    change_set_id: int
    version: int


@dataclass(frozen=True)
class ChangesApproved(Fact):
    """Somebody else agreed, and the changes wait for their time."""

    change_set_id: int


@dataclass(frozen=True)
class ChangesDeclined(Fact):
    change_set_id: int


@dataclass(frozen=True)
class ChangesWithdrawn(Fact):
    change_set_id: int


@dataclass(frozen=True)
class ChangesFailed(Fact):
    """Changes that were due no longer fit."""

    change_set_id: int


@dataclass(frozen=True)
class OverrideSet(Fact):
    """A value was put above all others for a while."""

    override_id: int


@dataclass(frozen=True)
class OverrideEnded(Fact):
    override_id: int


@dataclass(frozen=True)
class SecretRotated(Fact):
    """A secret got a successor; `key` says which one, nothing says what it is."""

    key: str
    version: int
